"""Find the headings among the lines of a resume: usual ones, and unknown ones in the style of the others."""

import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from contracts.headings import MAX_HEADING, Heading, label_heading, read_heading, starts_with_sign

from documents.layout.lines import SourceLine
from documents.layout.unknown_headings import DATE, headings_by_style, headings_in_capitals

_MAX_TITLE: Final = 200
# The types of `contracts.vocabulary.SectionType`, which has none for these kinds of headings.
_TYPES: Final = {"projects": "other", "activities": "other", "volunteering": "other"}
# Signs of list items that are as often ornaments of headings.
_ORNAMENTS: Final = frozenset("■□◆◇●○◎★☆※▼▽▶►❖✦")
_CAREER_SUMMARY = re.compile(r"\bcareer summary\W*$", re.IGNORECASE)
# Above this share of lines behind a blank line, a blank line sets no line apart.
_SPREAD_OUT: Final = 0.6
_TITLE_SIGNS: Final = " \t\u3000:：■□◆◇●○▼▽【】《》＜＞<>[]#*_=-―─"


class HeadingLine(NamedTuple):
    """The number of a line, with the type and title of the section that begins there."""

    at: int
    type: str
    title: str


def heading_type(line: str) -> str | None:
    """Return the section type of a line that is a heading, or None for any other line."""
    heading = read_heading(line)
    return _TYPES.get(heading.kind, heading.kind) if heading else None


def is_ambiguous(line: str) -> bool:
    """Return True if a heading is also a usual entry of lists and tables."""
    heading = read_heading(line)
    return heading is not None and not heading.is_certain


def label_type(head: str) -> str | None:
    """Return the section type named before a colon, or None if such a line is not a section of its own."""
    heading = label_heading(head)
    return _TYPES.get(heading.kind, heading.kind) if heading else None


def find_headings(lines: Sequence[SourceLine]) -> list[HeadingLine]:
    """Return the lines that begin a section, in order."""
    read = _without_list_items(lines, _read_all(lines))
    styles = _heading_styles(lines, read)
    apart = _lines_apart(lines)
    stand_out = {
        at: heading
        for at, heading in read.items()
        if heading.is_certain or _stands_out(lines, at, styles, read, apart)
    }
    known = stand_out if styles else _without_labels_of_work(lines, stand_out)
    known = _with_summaries(lines, known)
    found = {
        at: HeadingLine(at, _TYPES.get(heading.kind, heading.kind), _title(lines[at].text))
        for at, heading in known.items()
    }
    if len(known) > 1:
        unknown = (
            headings_by_style(lines, known, styles) if styles else headings_in_capitals(lines, known, apart)
        )
        for at in unknown:
            found[at] = HeadingLine(at, "other", _title(lines[at].text))
        found |= {label.at: label for label in _styled_labels(lines, styles)}
    types = {each.type for each in found.values()}
    for label in [*_labels(lines), *_rail_labels(lines, is_certain=len(known) > 1)]:
        if label.type not in types:
            types.add(found.setdefault(label.at, label).type)
    return [found[at] for at in sorted(found)]


def _read_all(lines: Sequence[SourceLine]) -> dict[int, Heading]:
    read = {at: heading for at, line in enumerate(lines) if (heading := read_heading(line.text))}
    # Where no heading has capitals, small letters are the style of the headings.
    if not any(heading.is_certain for heading in read.values()):
        read = {at: read_heading(lines[at].text.title()) or heading for at, heading in read.items()}
    return read


def _without_list_items(lines: Sequence[SourceLine], read: Mapping[int, Heading]) -> dict[int, Heading]:
    """Leave out items of a list, such as "• Leadership" among skills."""
    signs = [starts_with_sign(line.text) for line in lines]
    counts = Counter(signs)
    headings = Counter(signs[at] for at, heading in read.items() if heading.is_certain)

    def is_item(at: int, heading: Heading) -> bool:
        sign, text = signs[at], lines[at].text.strip()
        if not sign or text.endswith(sign) or 2 * headings[sign] > counts[sign]:
            return False
        if not (heading.is_certain and (sign in _ORNAMENTS or text.isupper())):
            return True
        beside = [place for place in (at - 1, at + 1) if 0 <= place < len(lines)]
        return any(signs[place] == sign and place not in read for place in beside)

    return {at: heading for at, heading in read.items() if not is_item(at, heading)}


def _heading_styles(lines: Sequence[SourceLine], read: Mapping[int, Heading]) -> set[Hashable]:
    # Long lines are body text, so their styles do not mark headings.
    body = {line.style for line in lines if len(line.text) > MAX_HEADING}
    certain = Counter(lines[at].style for at, heading in read.items() if heading.is_certain)
    # A resume without long lines: the style of many lines, most of them no known headings, is the body's.
    usual = {
        style
        for style, count in Counter(line.style for line in lines).items()
        if count > len(lines) / 3 and certain[style] < count / 2
    }
    return certain.keys() - body - usual - {None}


def _lines_apart(lines: Sequence[SourceLine]) -> set[int]:
    """Return the first line and those behind a blank line, or nothing if nearly all lines are."""
    apart = {
        at for at, (above, line) in enumerate(pairwise(lines), start=1) if _is_blank_between(above, line)
    }
    return {0, *apart} if len(apart) <= _SPREAD_OUT * len(lines) else set()


def _is_blank_between(above: SourceLine, line: SourceLine) -> bool:
    return line.start - above.start - len(above.text) > 1


def _stands_out(
    lines: Sequence[SourceLine],
    at: int,
    styles: set[Hashable],
    read: Mapping[int, Heading],
    apart: set[int],
) -> bool:
    """Return True if the layout shows that a word, which may also be an entry of a list, is a heading."""
    if lines[at].style in styles:
        return True
    # If headings have no style of their own, a blank line above is the only evidence.
    if styles or at not in apart or at == len(lines) - 1:
        return False
    is_above_item = at + 1 in read and not read[at + 1].is_certain and at + 1 not in apart
    return not is_above_item


def _without_labels_of_work(
    lines: Sequence[SourceLine], stand_out: Mapping[int, Heading]
) -> dict[int, Heading]:
    """Leave out labels such as "Teaching" within the experience, where the headings are in capitals."""
    certain = [lines[at].text for at, heading in stand_out.items() if heading.is_certain]
    if not certain or not all(text.isupper() for text in certain):
        return dict(stand_out)
    kept: dict[int, Heading] = {}
    is_in_work = False
    for at, heading in sorted(stand_out.items()):
        is_label = not heading.is_certain and _TYPES.get(heading.kind, heading.kind) == "other"
        if not (is_in_work and is_label):
            kept[at] = heading
            is_in_work = heading.kind == "experience"
    return kept


def _with_summaries(lines: Sequence[SourceLine], known: Mapping[int, Heading]) -> dict[int, Heading]:
    """Read "Career Summary" as a summary where it has no dates and the experience follows."""
    found = dict(known)
    last = max((at for at, heading in known.items() if heading.kind == "experience"), default=0)
    for at, end in pairwise(sorted(known)):
        has_dates = any(DATE.search(line.text) for line in lines[at + 1 : end])
        if at < last and not has_dates and _CAREER_SUMMARY.search(lines[at].text):
            found[at] = Heading("summary", ("summary",))
    return found


def _labels(lines: Sequence[SourceLine]) -> list[HeadingLine]:
    """Find lines like "Skills: Python, Go", which are sections of one line without a heading."""
    labels: list[HeadingLine] = []
    for at, line in enumerate(lines):
        head, colon, rest = line.text.replace("：", ":", 1).partition(":")
        if colon and rest.strip() and len(head) <= MAX_HEADING and (kind := label_type(head)):
            labels.append(HeadingLine(at, kind, _title(head)))
    return labels


def _styled_labels(lines: Sequence[SourceLine], styles: set[Hashable]) -> list[HeadingLine]:
    """Find words such as "Activities" in the style of the headings, with their text in the next cell."""
    return [
        HeadingLine(at, kind, _title(head))
        for at, line in enumerate(lines)
        if line.label_style in styles
        and (head := line.text.partition("\t")[0])
        and (kind := heading_type(head))
    ]


def _rail_labels(lines: Sequence[SourceLine], *, is_certain: bool) -> list[HeadingLine]:
    """Find headings in a column to the left of their text: "Skills<tab>Python, Go".

    One alone may be a cell of any table, unless it is certain that the resume has headings.
    """
    labels: dict[str, HeadingLine] = {}
    for at, line in enumerate(lines):
        head, tab, rest = line.text.partition("\t")
        if tab and rest.strip() and (kind := heading_type(head)) and not is_ambiguous(head):
            labels.setdefault(kind, HeadingLine(at, kind, _title(head)))
    is_rating = any(lines[each.at].text.partition("\t")[2].strip()[:1].isdigit() for each in labels.values())
    return list(labels.values()) if len(labels) > 1 or (is_certain and not is_rating) else []


def _title(text: str) -> str:
    # A heading in a row of a table ("年<tab>月<tab>学歴・職歴") is its longest cell.
    text = max(text.split("\t"), key=len)
    return text.strip(_TITLE_SIGNS).strip()[:_MAX_TITLE] or text.strip()[:_MAX_TITLE]
