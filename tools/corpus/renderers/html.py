"""Render pages as HTML, for Chromium and WeasyPrint."""

from html import escape
from typing import Final

from tools.corpus.blocks import Blocks, Bullets, Heading, Page, Rows, Text

_FONTS: Final = {
    "chromium": "'Liberation Sans', 'Noto Sans CJK JP', sans-serif",
    "weasyprint": "'DejaVu Serif', 'Noto Serif CJK JP', serif",
}
_CSS: Final = """
@page { size: A4; margin: 15mm %(footer)s }
* { box-sizing: border-box }
body { margin: 0; font: %(size)spt/1.35 %(font)s }
p { margin: 0 0 2px } .name { font-size: 20pt; font-weight: bold }
.entry { font-weight: bold; margin-top: 5px }
.meta { font-style: italic } .row { display: flex } .right { display: flex; justify-content: space-between }
h2 { font-size: 12pt; margin: 9px 0 3px; border-bottom: .5pt solid #888 }
.upper { text-transform: uppercase } .spaced { letter-spacing: .25em; text-transform: uppercase }
.small-caps { font-variant: small-caps }
ul { margin: 1px 0; padding-left: 15px } li { margin: 0 0 1px }
ul.typed { list-style: none; padding-left: 0 } .cell { padding: 0 6px }
table { border-collapse: collapse; width: 100%%; margin: 4px 0 }
td { border: .5pt solid #333; padding: 3px 5px; vertical-align: top }
.dark { background: #2b3a4a; color: #fff; padding: 10px } .dark h2 { border-color: #fff }
"""


def to_html(page: Page, engine: str) -> str:
    """Return the HTML document of a page."""
    footer = page.footer and f'; @bottom-center {{ content: "{page.footer} - " counter(page) }}'
    css = _CSS % {"font": _FONTS[engine], "size": 12.5 if page.large else 9.5, "footer": footer}
    band = f'<div class="dark">{_blocks(page.band)}</div>' if page.band else ""
    title = escape(page.persona.name)
    return (
        f'<!doctype html><html lang="{page.persona.language}"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{css}</style><body>{band}{_blocks(page.blocks)}</body></html>"
    )


def _blocks(blocks: Blocks) -> str:
    return "".join(_block(block) for block in blocks)


def _block(block: object) -> str:
    match block:
        case Text(role, text, ""):
            return f'<p class="{role}">{escape(text)}</p>'
        case Text(role, text, right):
            return f'<p class="{role} right"><span>{escape(text)}</span><span>{escape(right)}</span></p>'
        case Heading(text, "typed"):
            return f"<h2>{escape(' '.join(text.upper()))}</h2>"
        case Heading(text, style):
            return f'<h2 class="{style}">{escape(text)}</h2>'
        case Bullets(items, "•"):
            return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"
        case Bullets(items, sign):
            return f'<ul class="typed">{"".join(f"<li>{sign} {escape(item)}</li>" for item in items)}</ul>'
        case Rows():
            return _rows(block)
    raise TypeError(block)


def _rows(rows: Rows) -> str:
    lines = []
    for row in rows.rows:
        cells = "".join(
            f'<{"td" if rows.ruled else "div"} class="{"dark" if rows.dark == number else "cell"}"'
            f' style="width:{width}%">{_blocks(cell)}</{"td" if rows.ruled else "div"}>'
            for number, (width, cell) in enumerate(zip(rows.widths, row, strict=True))
        )
        lines.append(f"<tr>{cells}</tr>" if rows.ruled else f'<div class="row">{cells}</div>')
    return f"<table>{''.join(lines)}</table>" if rows.ruled else "".join(lines)
