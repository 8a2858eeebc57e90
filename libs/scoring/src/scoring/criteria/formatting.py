"""Assess formatting (100 points) from the measurements of the document reader. The model takes no part."""

import math
from collections import Counter
from typing import Final

from scoring.criteria.assessments import Assessment, Remark, assess_unknown, clamp
from scoring.criteria.context import ScoringContext
from scoring.criteria.fonts import assess_fonts, assess_minimum_size, body_size, noticeable_fonts
from scoring.language.text import capitalize, count_japanese

# In points: a third of an inch to an inch and a quarter.
_MARGINS: Final = (24.0, 90.0)
# Words a page, or characters in Japanese.
_DENSE: Final = {"en": 750, "ja": 1900}
# Acceptable pages by years of work. Japanese career sheets may have one more.
_PAGES_BY_YEARS: Final = ((3.0, 1), (10.0, 2), (math.inf, 3))
# Above this share of a full text the report does not mention what is missing.
_THIN: Final = 0.8
# Below this share there is hardly anything to assess.
_VERY_THIN: Final = 0.5
# The least number of headings that gives a reader orientation.
_HEADINGS: Final = 3
# The share by pages above the acceptable number.
_OVERLONG: Final = {0: 1.0, 1: 0.6, 2: 0.3}


def assess(context: ScoringContext) -> list[Assessment]:
    """Assess each criterion of the area."""
    return [
        _length(context),
        assess_fonts(context),
        _margins(context),
        _consistency(context),
        _heading_hierarchy(context),
        _images(context),
        assess_minimum_size(context),
    ]


def _length(context: ScoringContext) -> Assessment:
    resume, say, thresholds = context.resume, context.say, context.rubric.thresholds
    a_page = thresholds.characters_a_page if resume.is_japanese else thresholds.words_a_page
    least = thresholds.body_characters_at_least if resume.is_japanese else thresholds.body_words_at_least
    pages = resume.pages or max(1, round(resume.body_length / a_page + 0.2))
    years = resume.experience_years
    granted = next(limit for bound, limit in _PAGES_BY_YEARS if years < bound) + (
        1 if resume.is_japanese else 0
    )
    # A second page is acceptable if the first is full of work.
    if granted == 1 and pages == 2 and len(resume.bullets) >= 10:
        granted = 2
    long = _OVERLONG.get(max(0, pages - granted), 0.1)
    thin = clamp(resume.body_length / least)
    return Assessment(
        id="formatting.length",
        share=min(long, thin),
        reason=say(
            f"formatting.length.{_length_variant(thin, long, round(years))}",
            pages=pages,
            words=resume.body_length,
            years=round(years),
            granted=granted,
            least=least,
        ),
        fix=say("formatting.length.fix_thin", n=least)
        if thin < long
        else say("formatting.length.fix", n=granted),
    )


def _length_variant(thin: float, long: float, years: int) -> str:
    if thin < min(long, _THIN):
        return "thin" if thin < _VERY_THIN else "short"
    return "reason" if years else "reason_new"


def _margins(context: ScoringContext) -> Assessment:
    resume = context.resume
    margins = resume.signals.margins if resume.signals else None
    if margins is None:
        return assess_unknown(context, "formatting.margins")
    low, high = _MARGINS
    # Short lines and last pages leave white space on the right and below: only too little is a fault there.
    good = sum(
        (low <= margins.left <= high, margins.right >= low, low <= margins.top <= high, margins.bottom >= low)
    )
    density = resume.body_length / (resume.pages or 1)
    dense = _DENSE[resume.language]
    return Assessment(
        id="formatting.margins",
        share=0.6 * good / 4 + 0.4 * (1 - clamp((density - dense) / (dense / 2))),
        reason=context.say(
            "formatting.margins.reason",
            smallest=round(min(margins.left, margins.right, margins.top, margins.bottom)),
            left=round(margins.left),
            density=round(density),
        ),
        fix=context.say("formatting.margins.fix"),
    )


def _consistency(context: ScoringContext) -> Assessment:
    """Give half for one bullet sign and half for one style of dates. Missing signs and dates cost points."""
    resume = context.resume
    glyphs = Counter(bullet.glyph for bullet in resume.bullets if bullet.glyph)
    styles = Counter(each.style for each in resume.ranges)
    usual_glyph, usual_style = _most(glyphs), _most(styles)
    unsigned = sum(not bullet.glyph for bullet in resume.bullets)
    undated = max(0, len(resume.positions) - len(resume.ranges))
    # Bullets without any sign are consistent but do not look like a list.
    glyph_share = (
        glyphs[usual_glyph] / max(1, len(resume.bullets)) if glyphs else 0.3 if resume.bullets else 0.0
    )
    style_share = styles[usual_style] / max(1, len(resume.ranges), len(resume.positions)) if styles else 0.0
    return Assessment(
        id="formatting.consistency",
        share=(glyph_share + style_share) / 2,
        reason=_consistency_reason(context, glyphs, styles, unsigned, undated),
        fix=_consistency_fix(context, glyphs, styles, unsigned, undated),
        quotes=[each.span for each in resume.ranges if each.style != usual_style],
    )


def _consistency_reason(
    context: ScoringContext, glyphs: Counter[str], styles: Counter[str], unsigned: int, undated: int
) -> str:
    say = context.say
    signs, dates = (
        say(f"formatting.consistency.{what}_{'none' if not n else 'one' if n == 1 else 'several'}", n=n)
        for what, n in (("signs", len(glyphs)), ("dates", len(styles)))
    )
    details = [signs, dates]
    if glyphs and unsigned:
        details.insert(1, say("formatting.consistency.unsigned", n=unsigned))
    if styles and undated:
        details.append(say("formatting.consistency.undated", n=undated))
    return say("formatting.consistency.reason", told=capitalize(say.join(details)))


def _consistency_fix(
    context: ScoringContext, glyphs: Counter[str], styles: Counter[str], unsigned: int, undated: int
) -> str:
    say = context.say
    fixes = (
        ("fix_signs", len(glyphs) != 1 or unsigned),
        ("fix_dates", len(styles) > 1),
        ("fix_undated", not styles or undated),
    )
    return say.join_sentences(
        *(say(f"formatting.consistency.{name}") for name, is_needed in fixes if is_needed)
    )


def _most(counts: Counter[str]) -> str:
    return max(counts, key=lambda key: (counts[key], key), default="")


def _heading_hierarchy(context: ScoringContext) -> Assessment:
    """Assess headings that look alike. If sizes are known, half is for one to three larger sizes."""
    resume, say = context.resume, context.say
    titles = [section.title for section in resume.sections if section.title]
    written = [resume.text[title.start : title.end] for title in titles]
    if not written:
        return Assessment(
            id="formatting.heading_hierarchy",
            share=0,
            reason=say("formatting.heading_hierarchy.none"),
            fix=say("formatting.heading_hierarchy.fix_few"),
        )
    cases = Counter(_case_of(title) for title in written)
    usual = _most(cases)
    alike = cases[usual] / len(written) * clamp(len(written) / _HEADINGS)
    odd = [title for title, text in zip(titles, written, strict=True) if _case_of(text) != usual]
    fonts = resume.signals.fonts if resume.signals else ()
    share, is_larger = alike, True
    if fonts:
        body = body_size(noticeable_fonts(fonts) or list(fonts))
        is_larger = 1 <= len({font.size for font in fonts if font.size > body}) <= 3
        share = 0.5 * alike + 0.5 * (1.0 if is_larger else 0.5)
    faults = (("few", len(written) < _HEADINGS), ("odd", bool(odd)), ("same_size", not is_larger))
    found = [name for name, is_found in faults if is_found]
    return Assessment(
        id="formatting.heading_hierarchy",
        share=share,
        reason=say.join_sentences(
            say(f"formatting.heading_hierarchy.{'reason' if found else 'alike'}", n=len(written)),
            *(say(f"formatting.heading_hierarchy.{name}", n=len(odd)) for name in found),
        ),
        fix=say.join_sentences(*(say(f"formatting.heading_hierarchy.fix_{name}") for name in found)) or None,
        quotes=odd or titles,
        remarks=[
            Remark(
                category="structure",
                span=title,
                issue=say("formatting.heading_hierarchy.issue"),
                suggestion=say("formatting.heading_hierarchy.fix_odd"),
            )
            for title in odd[:1]
        ],
    )


def _case_of(title: str) -> str:
    if count_japanese(title):
        return "sign " + title[0] if not title[0].isalnum() else "plain"
    letters = "".join(character for character in title if character.isalpha())
    return "upper" if letters.isupper() else "lower" if letters.islower() else "title"


def _images(context: ScoringContext) -> Assessment:
    signals = context.resume.signals
    if signals is None or signals.images is None:
        return assess_unknown(context, "formatting.images")
    area, boxes = signals.image_area or 0.0, (signals.text_boxes or 0) + (signals.tables or 0)
    # In Japan one small photo is customary, and tables hold the career history.
    free_images, free_boxes = (1, 6) if context.resume.is_japanese else (0, 1)
    image_share = 1 - clamp(0.25 * max(0, signals.images - free_images) + max(0.0, area - 0.05) * 4)
    box_share = 1 - clamp(0.2 * max(0, boxes - free_boxes))
    return Assessment(
        id="formatting.images",
        share=0.6 * image_share + 0.4 * box_share,
        reason=_images_reason(context, signals.images, boxes, round(area * 100)),
        fix=context.say("formatting.images.fix"),
    )


def _images_reason(context: ScoringContext, images: int, boxes: int, percent: int) -> str:
    say = context.say
    details = [say("formatting.images.images", n=images, percent=percent)] if images else []
    details += [say("formatting.images.boxes", n=boxes)] if boxes else []
    key = "reason" if details else "none"
    return say(f"formatting.images.{key}", told=say.join(details))
