"""Write a blind CV as one self-contained HTML page, from which the PDF is printed."""

from html import escape

from contracts.direction import direction_of

from exports.blind.compose import BlindResume, Paragraph
from exports.blind.titles import TITLES

_STYLE = """
@page { size: A4; margin: 20mm 22mm; }
body { font-family: %s; font-size: 10.5pt; line-height: 1.35; color: #1a1a1a; }
h1 { font-size: 20pt; color: #1f3044; margin: 0; }
h2 { font-size: 13pt; color: #1f3044; margin: 12pt 0 4pt; break-after: avoid; }
p { margin: 0 0 3pt; }
.reference { font-size: 9pt; margin-bottom: 8pt; }
.entry { font-weight: bold; margin-top: 8pt; break-after: avoid; }
.entry + .entry { margin-top: 0; }
ul { margin: 0 0 4pt; padding: 0; }
li { margin-inline-start: 14pt; padding-inline-start: 3pt; margin-bottom: 2pt; }
"""


def to_html(resume: BlindResume, *, font_families: str) -> str:
    """Return a blind CV as HTML. `font_families` is the value of the CSS property `font-family`."""
    title = escape(TITLES[resume.language])
    body = [f"<h1>{title}</h1>", f'<p class="reference">{escape(resume.reference)}</p>']
    for part in resume.parts:
        if part.title:
            body.append(f'<h2 dir="{direction_of(part.title)}">{escape(part.title)}</h2>')
        body += _paragraphs(part.paragraphs)
    return (
        f'<!doctype html><html lang="{resume.language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE % font_families}</style></head><body>{''.join(body)}</body></html>"
    )


def _paragraphs(paragraphs: tuple[Paragraph, ...]) -> list[str]:
    lines: list[str] = []
    is_list = False
    for paragraph in paragraphs:
        if (paragraph.role == "bullet") != is_list:
            is_list = not is_list
            lines.append("<ul>" if is_list else "</ul>")
        text = escape(paragraph.text)
        direction = direction_of(paragraph.text)
        if is_list:
            lines.append(f'<li dir="{direction}">{text}</li>')
        else:
            lines.append(f'<p dir="{direction}" class="{paragraph.role}">{text}</p>')
    return [*lines, "</ul>"] if is_list else lines
