"""Render pages as plain text."""

from tools.corpus.blocks import Blocks, Bullets, Heading, Page, Rows, Text


def to_text(page: Page) -> str:
    """Return the text of a page, the cells of a row one after the other."""
    return "\n".join(_lines(page.band + page.blocks)).strip() + "\n"


def _lines(blocks: Blocks) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        match block:
            case Text(role, text, right):
                lines += ([""] if role == "entry" else []) + [f"{text}\t{right}" if right else text]
            case Heading(text, style):
                shown = " ".join(text.upper()) if style == "typed" else text
                lines += ["", shown.upper() if style in ("upper", "spaced") else shown]
            case Bullets(items, sign):
                lines += [f"{sign} {item}" for item in items]
            case Rows(_, rows, ruled):
                for row in rows:
                    cells = [_lines(cell) for cell in row]
                    if ruled and all(len(cell) <= 1 for cell in cells):
                        lines.append("\t".join("".join(cell) for cell in cells))
                    else:
                        lines += [line for cell in cells for line in cell]
    return lines
