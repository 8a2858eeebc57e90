"""Assess the fonts of a resume: their families and sizes."""

import re
from collections import Counter
from typing import Final

from contracts.document import FontUse

from scoring.criteria.assessments import Assessment, assess_unknown
from scoring.criteria.context import ScoringContext

_SUBSET_PREFIX = re.compile(r"^[A-Z]{6}\+")
_STYLE_SUFFIX = re.compile(
    r"(?:[-,\s]?(?:bold|italic|oblique|regular|medium|light|semi|demi|extra|ultra|heavy|thin|black|roman|book|mt|ps)"
    r"|-?(?:regu|medi|ital|obli|slant)|-(?:it|bd|rg|md|lt|w\d)){1,6}$",
    re.IGNORECASE,
)
# Cuts of Computer Modern, the default of LaTeX: CMR10, CMBX12, SFTI1000, ECRM1095, LMRoman10.
# Its sans-serif and typewriter types look different.
_COMPUTER_MODERN = re.compile(
    r"(?:cm|sf|ec|tc|la|lh|t1)(?P<cut>[a-z]{1,4})\d{1,4}$|lm(?P<name>[a-z]+)\d{1,2}|newcm(?P<new>[a-z]*)\d{1,2}|ms[ab]m\d{1,2}$"
)
# Fonts and sizes below this share of the text belong to bullet signs and ornaments.
_NOTICEABLE: Final = 0.01
# In points.
_BODY_SIZES: Final = (9.5, 12.5)
_SMALLEST: Final = 8.0
_READABLE: Final = 9.0


def assess_fonts(context: ScoringContext) -> Assessment:
    """Assess the number of families and sizes, and the size of the text."""
    signals = context.resume.signals
    fonts = noticeable_fonts(signals.fonts) if signals else []
    if not fonts:
        return assess_unknown(context, "formatting.fonts")
    # A font without a name in the file has no known family.
    families = {_family(font.name) for font in fonts if font.name} or {""}
    sizes = {font.size for font in fonts}
    body = body_size(fonts)
    # Japanese text commonly uses a Latin font in addition.
    allowed = 3 if context.resume.is_japanese else 2
    family_share = {0: 1.0, 1: 0.6}.get(max(0, len(families) - allowed), 0.2)
    size_share = {0: 1.0, 1: 0.7}.get(max(0, len(sizes) - 4), 0.4)
    low, high = _BODY_SIZES
    body_share = 1.0 if low <= body <= high else 0.5 if low - 1.5 <= body <= high + 1.5 else 0.0
    return Assessment(
        id="formatting.fonts",
        share=0.4 * family_share + 0.2 * size_share + 0.4 * body_share,
        reason=context.say(
            "formatting.fonts.reason", families=len(families), sizes=len(sizes), body=f"{body:g}"
        ),
        fix=context.say("formatting.fonts.fix"),
    )


def assess_minimum_size(context: ScoringContext) -> Assessment:
    """Assess the smallest text."""
    signals = context.resume.signals
    fonts = noticeable_fonts(signals.fonts) if signals else []
    if not fonts:
        return assess_unknown(context, "formatting.minimum_size")
    smallest = min(font.size for font in fonts)
    return Assessment(
        id="formatting.minimum_size",
        share=1.0 if smallest >= _READABLE else 0.5 if smallest >= _SMALLEST else 0.0,
        reason=context.say("formatting.minimum_size.reason", size=f"{smallest:g}"),
        fix=context.say("formatting.minimum_size.fix"),
    )


def noticeable_fonts(fonts: tuple[FontUse, ...]) -> list[FontUse]:
    """Return the fonts of the text, without those of bullet signs and ornaments."""
    total = sum(font.characters for font in fonts)
    return [font for font in fonts if font.characters >= _NOTICEABLE * total and font.characters > 0]


def _family(name: str) -> str:
    name = _SUBSET_PREFIX.sub("", name).lower()
    if found := _COMPUTER_MODERN.match(name):
        cut = found["cut"] or found["name"] or found["new"] or ""
        if cut.startswith(("ss", "sans")):
            return "computer modern sans"
        is_typewriter = cut.startswith(("tt", "mono", "it", "vt"))
        return "computer modern typewriter" if is_typewriter else "computer modern"
    return _STYLE_SUFFIX.sub("", name)


def body_size(fonts: list[FontUse]) -> float:
    """Return the size of most of the text, in points."""
    by_size: Counter[float] = Counter()
    for font in fonts:
        by_size[font.size] += font.characters
    return max(by_size, key=lambda size: (by_size[size], size))
