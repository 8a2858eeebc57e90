"""Read the text of diagrams (SmartArt) and of drawn shapes, which is DrawingML instead of paragraphs."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from lxml import etree

from documents.docx.colours import Colour, Palette, contrasts
from documents.docx.formatting import MIN_SIZE
from documents.docx.package import Package, attribute, child, local

# Points of a diagram that hold text of their own. The others are lines and boxes.
_NODES: Final = (None, "node", "asst")
_MAX_DEPTH: Final = 20


def find_diagram_texts(item: etree._Element, package: Package) -> list[etree._Element]:
    """Return the text bodies of the diagram that `item` refers to, in reading order."""
    data = package.part(package.part_name(attribute(item, "dm")) or "")
    if data is None:
        return []
    nodes = list(_nodes(data))
    # Word stores a drawing of the diagram beside its data. It tells the colours behind the text, but Word
    # does not show texts that only stand there.
    texts = {_text(node) for node in nodes}
    for extension in data.iter("{*}dataModelExt"):
        drawing = package.part(package.part_name(attribute(extension, "relId")) or "")
        if drawing is not None:
            return [body for body in drawing.iter("{*}txBody") if _text(body) in texts]
    return nodes


def _text(body: etree._Element) -> str:
    return "".join("".join(item.text or "" for item in body.iter("{*}t") if item is not body).split())


def _nodes(data: etree._Element) -> Iterator[etree._Element]:
    """Yield the texts of a diagram's nodes, each before those below it."""
    points = {attribute(item, "modelId"): item for item in data.iter("{*}pt")}
    below: dict[str | None, list[tuple[int, str | None]]] = defaultdict(list)
    for link in data.iter("{*}cxn"):
        if attribute(link, "type") in (None, "parOf"):
            order = attribute(link, "srcOrd") or ""
            place = int(order) if order.isdecimal() and len(order) < 6 else 0
            below[attribute(link, "srcId")].append((place, attribute(link, "destId")))
    roots = [name for name, item in points.items() if attribute(item, "type") == "doc"]
    found: dict[str | None, None] = {}
    stack = [(name, 0) for name in reversed(roots)]
    while stack:
        name, depth = stack.pop()
        if name in found or depth > _MAX_DEPTH:
            continue
        found[name] = None
        children = sorted(below[name], key=lambda child: child[0], reverse=True)
        stack += [(each, depth + 1) for _, each in children]
    for name in dict.fromkeys([*found, *points]):
        item = points.get(name)
        if item is not None and attribute(item, "type") in _NODES and (text := child(item, "t")) is not None:
            yield text


def read_text_body(
    body: etree._Element, palette: Palette, background: Colour | None
) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a text body, each with True if it is hidden. Paragraphs end with a line break."""
    behind = _fill(body, palette, background)
    for paragraph in body:
        if local(paragraph) != "p":
            continue
        for run in paragraph:
            if local(run) == "br":
                yield "\n", False
            elif (text := child(run, "t")) is not None and local(run) in ("r", "fld"):
                yield text.text or "", _is_hidden(child(run, "rPr"), palette, behind)
        yield "\n", False


def _fill(body: etree._Element, palette: Palette, background: Colour | None) -> Colour | None:
    """Return the colour behind the text of a shape, or None if it is unknown."""
    shape = body.getparent()
    properties = child(shape, "spPr")
    for item in properties if properties is not None else ():
        match local(item):
            case "solidFill":
                return palette.solid_fill(item)
            case "gradFill" | "blipFill" | "pattFill" | "grpFill":
                return None
            case "noFill":
                return background
    # In a diagram without a drawing, text in the colour of paper is taken for hidden.
    style = child(child(shape, "style"), "fillRef")
    return background if style is None or attribute(style, "idx") == "0" else None


def _is_hidden(properties: etree._Element | None, palette: Palette, background: Colour | None) -> bool:
    if properties is None:
        return False
    size = attribute(properties, "sz") or ""
    if size.isdecimal() and int(size) / 100 < MIN_SIZE:
        return True
    if child(properties, "noFill") is not None:
        return child(properties, "ln") is None
    colour = palette.solid_fill(child(properties, "solidFill"))
    return colour is not None and background is not None and not contrasts(colour, background)
