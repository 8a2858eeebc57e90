"""Print HTML as PDF. `docs/decisions/0015` compares the libraries that do so.

    renderer = PdfRenderer()
    pdf = await renderer.render(html)

Services use `printing.renderer`, `printing.errors`, `printing.limits` and `printing.fonts`.
"""
