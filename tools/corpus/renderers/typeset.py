"""Render pages as the source of Typst and of LaTeX."""

import re
from typing import Final

from tools.corpus.blocks import Blocks, Bullets, Heading, Page, Rows, Text

_TYPST: Final = """
#set page(paper: "a4", margin: 15mm%(footer)s)
#set text(font: ("Libertinus Serif", "Noto Serif CJK JP"), size: %(size)spt, lang: "%(language)s")
#set par(leading: 0.5em, spacing: 0.55em, justify: %(justify)s)
#set list(spacing: 0.5em)
"""


def to_typst(page: Page) -> str:
    """Return the Typst source of a page."""
    footer = (
        page.footer and f", footer: align(center)[{_typst(page.footer)} - #context counter(page).display()]"
    )
    head = _TYPST % {
        "footer": footer,
        "size": 12.5 if page.large else 9.5,
        "language": page.persona.language,
        "justify": str(page.persona.language == "en").lower(),
    }
    band = page.band and (
        "#block(fill: rgb(43, 58, 74), width: 100%, inset: 10pt)"
        f"[#set text(white)\n{_typst_blocks(page.band)}]\n"
    )
    return head + (band or "") + _typst_blocks(page.blocks)


def _typst(text: str) -> str:
    return re.sub(r"([\\#$*_`<>@\[\]~'\"/=+-])", r"\\\1", text)


def _typst_blocks(blocks: Blocks) -> str:
    return "\n\n".join(_typst_block(block) for block in blocks) + "\n"


def _typst_block(block: object) -> str:
    match block:
        case Text("name", text):
            return f'#text(20pt, weight: "bold")[{_typst(text)}]'
        case Text("entry", text, right):
            return f"*{_typst(text)}*" + (f" #h(1fr) {_typst(right)}" if right else "")
        case Text("meta", text):
            return f"_{_typst(text)}_"
        case Text(_, text):
            return _typst(text)
        case Heading(text, style):
            shown = {
                "plain": _typst(text),
                "upper": _typst(text.upper()),
                "typed": _typst(" ".join(text.upper())),
                "spaced": f"#text(tracking: 3pt)[{_typst(text.upper())}]",
                "small-caps": f"#smallcaps[{_typst(text)}]",
            }[style]
            return f'#block(above: 1em, below: 0.5em, text(12pt, weight: "bold")[{shown}])'
        case Bullets(items, sign):
            lines = "\n".join(f"- {_typst(item)}" for item in items)
            return f"#[#set list(marker: [{_typst(sign)}])\n{lines}\n]"
        case Rows():
            return _typst_rows(block)
    raise TypeError(block)


def _typst_rows(rows: Rows) -> str:
    cells = []
    for row in rows.rows:
        for number, cell in enumerate(row):
            content = _typst_blocks(cell)
            is_dark = rows.dark == number
            ground = "table.cell(fill: rgb(43, 58, 74))[#set text(white)\n" if is_dark else "["
            cells.append(f"{ground}{content}]")
    columns = ", ".join(f"{width}fr" for width in rows.widths)
    stroke = "0.5pt" if rows.ruled else "none"
    content = ",\n".join(cells)
    return f"#table(columns: ({columns},), stroke: {stroke}, inset: 4pt,\n{content})"


_LATEX: Final = r"""\documentclass[a4paper,%(size)s]{article}
\usepackage[margin=15mm]{geometry}
\usepackage{xcolor,enumitem,array,soul,ragged2e,amssymb}
%(fonts)s
\setlength{\parindent}{0pt}\setlength{\parskip}{2pt}\setlength{\tabcolsep}{4pt}
\definecolor{ground}{RGB}{43,58,74}
\setlist[itemize]{leftmargin=*,nosep}
%(footer)s
\begin{document}
\small
%(body)s
\end{document}
"""
_LATEX_FONTS: Final = {
    "en": r"\usepackage[T1]{fontenc}\usepackage{lmodern}\usepackage{textcomp,newunicodechar}"
    r"\newunicodechar{→}{\textrightarrow}\newcommand{\spaced}[1]{\so{#1}}",
    "ja": r"\usepackage{fontspec}\setmainfont{Noto Serif CJK JP}"
    r"\newcommand{\spaced}[1]{{\addfontfeature{LetterSpace=30}#1}}"
    r'\XeTeXlinebreaklocale "ja"\XeTeXlinebreakskip=0pt plus 1pt',
}


def to_latex(page: Page) -> str:
    """Return the LaTeX source of a page: for pdflatex in English, for xelatex in Japanese."""
    language = page.persona.language
    footer = r"\pagestyle{empty}"
    if page.footer:
        footer = r"\usepackage{fancyhdr}\pagestyle{fancy}\fancyhf{}\renewcommand{\headrulewidth}{0pt}"
        footer += rf"\cfoot{{{_latex(page.footer)} - \thepage}}"
    body = _latex_blocks(page.blocks)
    if page.band:
        body = _dark(_latex_blocks(page.band), r"\dimexpr\textwidth-2\fboxsep") + "\n\n" + body
    return _LATEX % {
        "size": "12pt" if page.large else "10pt",
        "fonts": _LATEX_FONTS[language],
        "footer": footer,
        "body": body,
    }


def _latex(text: str) -> str:
    escaped = re.sub(r"([&%$#_{}])", r"\\\1", text)
    for sign, command in (
        ("•", r"\textbullet{}"),
        ("▪", r"$\blacksquare$"),
        ("£", r"\pounds{}"),
        ("~", r"\textasciitilde{}"),
    ):
        escaped = escaped.replace(sign, command)
    return re.sub(r"-(?=-)", "-{}", escaped)


def _dark(content: str, width: str) -> str:
    return rf"\colorbox{{ground}}{{\begin{{minipage}}[t]{{{width}}}\color{{white}}{content}\end{{minipage}}}}"


def _latex_blocks(blocks: Blocks) -> str:
    return "\n\n".join(_latex_block(block) for block in blocks)


def _latex_block(block: object) -> str:
    match block:
        case Text("name", text):
            return rf"{{\LARGE\bfseries {_latex(text)}\par}}"
        case Text("entry", text, right):
            return rf"\textbf{{{_latex(text)}}}" + (rf"\hfill {_latex(right)}" if right else "") + r"\par"
        case Text("meta", text):
            return rf"\textit{{{_latex(text)}}}\par"
        case Text(_, text):
            return _latex(text) + r"\par"
        case Heading(text, style):
            shown = {
                "plain": _latex(text),
                "upper": _latex(text.upper()),
                "typed": _latex(" ".join(text.upper())),
                "spaced": rf"\spaced{{{_latex(text.upper())}}}",
                "small-caps": rf"\textsc{{{_latex(text)}}}",
            }[style]
            return rf"{{\medskip\large\bfseries {shown}\par\smallskip}}"
        case Bullets(items, sign):
            lines = "\n".join(rf"\item {_latex(item)}" for item in items)
            return rf"\begin{{itemize}}[label={{{_latex(sign)}}}] {lines} \end{{itemize}}"
        case Rows(ruled=True):
            columns = "|".join(rf"p{{\dimexpr{width / 100:.2f}\textwidth-9pt}}" for width in block.widths)
            lines = "\n".join(" & ".join(map(_latex_blocks, row)) + r"\\ \hline" for row in block.rows)
            return rf"\begin{{tabular}}{{|{columns}|}}\hline {lines} \end{{tabular}}\par\smallskip"
        case Rows():
            return "\n\n".join(_latex_row(block, row) for row in block.rows)
    raise TypeError(block)


def _latex_row(rows: Rows, row: tuple[Blocks, ...]) -> str:
    cells = []
    for number, (width, cell) in enumerate(zip(rows.widths, row, strict=True)):
        # White space on top of a cell would set its first line lower than that of its neighbour.
        content = r"\RaggedRight\setlength{\parskip}{2pt}" + _latex_blocks(cell).replace(r"\medskip", "", 1)
        size = rf"{width / 100 - 0.03:.2f}\textwidth"
        if rows.dark == number:
            cells.append(_dark(content, size))
        else:
            cells.append(rf"\begin{{minipage}}[t]{{{size}}}{content}\end{{minipage}}")
    return r"\noindent" + r"\hfill".join(cells) + r"\par"
