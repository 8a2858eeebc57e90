"""Assess machine readability (ATS, 100 points). The model never takes part in this area."""

import re
from collections import defaultdict
from typing import Final

from scoring.criteria.assessments import Assessment, Remark, assess_unknown, clamp
from scoring.criteria.context import ScoringContext
from scoring.language.date_styles import find_dates
from scoring.language.dates import DateRange
from scoring.language.text import Span, fold
from scoring.resume.document_kind import DocumentKind

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PHONE = re.compile(r"(?<![\w.])(?:\+|\(|\d)[\d\s().-]{7,18}\d(?!\w)")
_LINKED_EMAIL = re.compile(r"mailto:\s*[\w.+-]{1,64}@[\w-]+\.\w", re.IGNORECASE)
_LINKED_PHONE = re.compile(r"(?:tel|sms|callto):(?:[^\d]{0,3}\d){7}|https?://wa\.me/\d{7}", re.IGNORECASE)
_UNREADABLE = re.compile(r"[\ufffd\ue000-\uf8ff]|\(cid:\d{1,5}\)")
_EXPECTED_SECTIONS: Final = ("experience", "education", "skills", "summary")
_FORM_SECTIONS: Final = ("education", "experience", "certifications")
# Systems and readers stop after this many pages. Japanese career sheets are longer.
_PAGES_READ: Final = {"en": 4, "ja": 6}
_LARGE_FILE: Final = 5 * 1024 * 1024
# The credit of a range in another style than most: it parses, but takes a reader a second look.
_OTHER_STYLE: Final = 0.7
# Below the first value a simple parser loses the order of words. From the second on it keeps nearly all.
_SURVIVAL: Final = (0.4, 0.95)


def assess(context: ScoringContext) -> list[Assessment]:
    """Assess each criterion of the area."""
    return [
        _parse_survival(context),
        _headings(context),
        _contact(context),
        _dates(context),
        _columns(context),
        _images_glyphs(context),
        _file(context),
    ]


def _parse_survival(context: ScoringContext) -> Assessment:
    signals = context.resume.signals
    if signals is None or signals.parse_survival is None:
        return assess_unknown(context, "ats.parse_survival")
    low, high = _SURVIVAL
    percent = round(signals.parse_survival * 100)
    return Assessment(
        id="ats.parse_survival",
        share=(signals.parse_survival - low) / (high - low),
        reason=context.say(f"ats.parse_survival.{'whole' if percent == 100 else 'reason'}", percent=percent),
        fix=context.say("ats.parse_survival.fix"),
        quotes=[Span(each.start, each.end) for each in signals.scrambled],
    )


def _headings(context: ScoringContext) -> Assessment:
    if context.document_kind is DocumentKind.RIREKISHO:
        return _form_headings(context)
    names = context.rubric.headings.names
    titles = [section.title for section in context.resume.sections if section.title]
    titled = context.resume.headings
    found = [kind for kind in _EXPECTED_SECTIONS if kind in titled]
    needed = [kind for kind in found if kind != "summary"]
    # A heading such as projects or certifications can replace the optional one of the four.
    optional = set(titled) - set(needed)
    missing = [kind for kind in _EXPECTED_SECTIONS if kind not in titled]
    say = context.say
    variant = "none" if not found else "some" if missing else "all"
    listed = say.join([names[kind].of(say.language) for kind in found])
    named = say.join([names[kind].of(say.language) for kind in missing])
    return Assessment(
        id="ats.headings",
        share=(4 * len(needed) + (3 if optional else 0)) / 15,
        reason=say(
            f"ats.headings.{variant}",
            found=listed,
            n=len(titles),
        ),
        fix=say("ats.headings.fix", missing=named) if missing else None,
        quotes=list(dict.fromkeys(titled.values())),
    )


def _form_headings(context: ScoringContext) -> Assessment:
    """Assess the headings of a rirekisho, whose form prints them."""
    names, titled, say = context.rubric.headings.names, context.resume.headings, context.say
    found = [kind for kind in _FORM_SECTIONS if kind in titled]
    missing = [names[kind].of(say.language) for kind in _FORM_SECTIONS if kind not in titled]
    return Assessment(
        id="ats.headings",
        share=len(found) / len(_FORM_SECTIONS),
        reason=say("ats.headings.form_missing", missing=say.join(missing))
        if missing
        else say("ats.headings.form"),
        fix=say("ats.headings.fix", missing=say.join(missing)) if missing else None,
        quotes=[titled[kind] for kind in found],
    )


def _contact(context: ScoringContext) -> Assessment:
    resume, say = context.resume, context.say
    marginal = resume.signals.marginal_text if resume.signals else None
    earned, quotes, aside = 0.0, [], False
    found: list[str] = []
    linked: list[str] = []
    missing: list[str] = []
    for name, pattern, weight in (("email", _EMAIL, 0.6), ("phone", _PHONE, 0.4)):
        match = next((m for m in pattern.finditer(resume.folded) if _is_contact(name, m)), None)
        label = say(f"ats.contact.{name}")
        if match is None:
            is_linked = _is_linked(context, name)
            (linked if is_linked else missing).append(label)
            earned += weight / 2 if is_linked else 0
            continue
        found.append(label)
        quotes.append(Span(match.start(), match.end()))
        # Half the points in a header or text box, where many parsers do not look.
        is_aside = marginal is not None and match.group() in fold(marginal)
        aside = aside or is_aside
        earned += weight / 2 if is_aside else weight
    reasons, fixes = [], []
    for variant, labels in (("missing", missing), ("linked", linked)):
        if labels:
            reasons.append(say(f"ats.contact.{variant}", labels=say.join(labels)))
            fixes.append(say(f"ats.contact.fix_{variant}", labels=say.join(labels)))
    if not reasons:
        reasons.append(say("ats.contact.aside" if aside else "ats.contact.found", found=say.join(found)))
        fixes.append(say("ats.contact.fix_aside"))
    return Assessment(
        id="ats.contact",
        share=earned,
        reason=say.join_sentences(*reasons),
        fix=say.join_sentences(*fixes),
        quotes=quotes,
    )


def _is_linked(context: ScoringContext, name: str) -> bool:
    """Return True if the file links to such a contact, although the text does not hold it."""
    signals = context.resume.signals
    links = signals.contact_links if signals else ()
    if name == "email":
        return any(_LINKED_EMAIL.match(link) for link in links)
    return any(_LINKED_PHONE.match(link) for link in links)


def _is_contact(name: str, match: re.Match[str]) -> bool:
    if name == "email":
        return True
    digits = sum(character.isdigit() for character in match.group())
    return 9 <= digits <= 15 and not find_dates(match.group())


def _dates(context: ScoringContext) -> Assessment:
    """Divide the credit of the date ranges by the number of positions.

    Positions are counted without dates, so that removing a date can only lower the share.
    """
    resume, say = context.resume, context.say
    is_form = context.document_kind is DocumentKind.RIREKISHO
    ranges = resume.ranges
    # A form lists entries and exits, of which no line names a position.
    named = len(ranges) if is_form else len(resume.positions)
    positions = max(1, named)
    by_style: dict[str, float] = defaultdict(float)
    for each in ranges:
        by_style[each.style] += each.precision
    usual = max(by_style, key=lambda style: (by_style[style], style), default=None)
    earned = sum(each.precision * (1 if each.style == usual else _OTHER_STYLE) for each in ranges)
    if not ranges:
        other = [point for point in find_dates(resume.folded) if point.months is not None]
        share = 0.2 if other else 0.0
        return Assessment(
            id="ats.dates",
            share=share,
            reason=say("ats.dates.none", n=len(other)),
            fix=say("ats.dates.fix_form" if is_form else "ats.dates.fix_none"),
            quotes=[Span(point.start, point.end) for point in other[:3]],
        )
    undated = positions - len(ranges)
    vague = sum(each.precision < 1 for each in ranges)
    reasons = [
        say(
            "ats.dates.reason",
            n=len(ranges),
            positions=named or len(ranges),
        ),
        say("ats.dates.styles", n=len(by_style)) if len(by_style) > 1 else "",
        say("ats.dates.without_months", n=vague) if vague else "",
    ]
    fix = say("ats.dates.fix_missing", n=undated) if undated > 0 else say("ats.dates.fix_style")
    fix = say("ats.dates.fix_form") if is_form else fix
    return Assessment(
        id="ats.dates",
        share=max(0.2, earned / positions),
        reason=say.join_sentences(*reasons),
        fix=fix,
        quotes=[each.span for each in ranges],
        remarks=_odd_dates(context, ranges, usual),
    )


def _odd_dates(context: ScoringContext, ranges: tuple[DateRange, ...], usual: str | None) -> list[Remark]:
    return [
        Remark(
            category="structure",
            span=each.span,
            issue=context.say("ats.dates.odd" if each.precision == 1 else "ats.dates.vague"),
            suggestion=context.say("ats.dates.fix_style"),
        )
        for each in ranges
        if each.style != usual or each.precision < 1
    ][:2]


def _columns(context: ScoringContext) -> Assessment:
    signals = context.resume.signals
    if signals is None or signals.columns is None:
        return assess_unknown(context, "ats.columns")
    survival = signals.parse_survival
    if signals.columns == 1:
        return Assessment(id="ats.columns", share=1, reason=context.say("ats.columns.single"))
    # Columns cost little if their order can be recovered.
    share = 0.5 if survival is None else clamp(survival) * 0.9
    return Assessment(
        id="ats.columns",
        share=share,
        reason=context.say("ats.columns.several", n=signals.columns),
        fix=context.say("ats.columns.fix"),
    )


def _images_glyphs(context: ScoringContext) -> Assessment:
    resume, say = context.resume, context.say
    signals = resume.signals
    if signals is None or (signals.image_area is None and signals.unmapped_glyphs is None):
        return assess_unknown(context, "ats.images_glyphs")
    bad = [Span(m.start(), m.end()) for m in _UNREADABLE.finditer(resume.text)]
    unmapped = max(signals.unmapped_glyphs or 0.0, len(bad) / max(1, len(resume.text)))
    area = signals.image_area or 0.0
    # A photo covers a few per cent. Images over a fifth of the pages are likely to hold text.
    share = (1 - clamp(unmapped / 0.05)) * (1 - clamp((area - 0.08) / 0.3))
    return Assessment(
        id="ats.images_glyphs",
        share=share,
        reason=say("ats.images_glyphs.none")
        if not (area or unmapped)
        else say("ats.images_glyphs.reason", percent=round(area * 100), glyphs=round(unmapped * 100, 1)),
        fix=say("ats.images_glyphs.fix"),
        quotes=[] if share == 1 else bad[:3],
    )


def _file(context: ScoringContext) -> Assessment:
    resume, signals = context.resume, context.resume.signals
    if signals is None:
        return assess_unknown(context, "ats.file")
    pages_read = _PAGES_READ[resume.language]
    small = 1.0 if signals.file_bytes <= _LARGE_FILE else 0.0
    short = 1.0 if signals.page_count is None or signals.page_count <= pages_read else 0.0
    return Assessment(
        id="ats.file",
        share=0.4 + 0.3 * small + 0.3 * short,
        reason=context.say(
            "ats.file.reason" if signals.page_count else "ats.file.reason_no_pages",
            type=signals.file_type.upper(),
            kilobytes=max(1, round(signals.file_bytes / 1024)),
            n=signals.page_count or 0,
        ),
        fix=context.say("ats.file.fix", n=pages_read),
    )
