"""Derive the market tier from the years of work and the titles of positions."""

from contracts.vocabulary import MarketTier

from scoring.resume.resume import Resume


def market_tier(resume: Resume) -> MarketTier:
    """Return the market tier.

    - Executive: an executive title and 8 years.
    - Senior: 8 years, or 4 years and a senior or executive title.
    - Mid: 2 years, or a senior or executive title without any dates.

    Titles count where positions are named, not in bullets: "reported to the director" is no title.
    """
    years = resume.experience_years
    titles = _titles(resume)
    senior, executive = "senior" in titles, "executive" in titles
    if executive and years >= 8:
        return MarketTier.EXECUTIVE
    if years >= 8 or (years >= 4 and (senior or executive)):
        return MarketTier.SENIOR
    if years >= 2 or (not resume.ranges and (senior or executive)):
        return MarketTier.MID
    return MarketTier.ENTRY


def _titles(resume: Resume) -> set[str]:
    index = resume.rubric.titles
    return {
        hit.group
        for entry in resume.positions
        for span in entry.header
        for hit in index.find_longest(resume.text, resume.folded, span.start, span.end)
    }
