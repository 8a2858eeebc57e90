"""Print the report of an analysis to a terminal."""

from collections.abc import Iterable
from typing import Annotated

from contracts.plain_text import plain_line, plain_text
from contracts.report import Criterion, DetailedScores, ScrambledPassage
from pydantic import BaseModel, Field, model_validator
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

AREAS = {
    "ats": "ATS: can software read it?",
    "content": "Content: what does it say?",
    "formatting": "Formatting: how does it look?",
    "industry_fit": "Fit: does it speak to this industry?",
}
_QUOTE_CHARACTERS = 78
_BAR_CELLS = 20
_POINTS_WIDTH = 14
_GOOD, _FAIR = 0.8, 0.5

ScoreValue = Annotated[int, Field(ge=0, le=100)]


class Result(BaseModel):
    """The result of an analysis, as the API returns it."""

    overall_score: ScoreValue
    ats_score: ScoreValue
    content_score: ScoreValue
    formatting_score: ScoreValue
    industry: str
    executive_summary: str
    detailed_scores: DetailedScores
    ai_model_used: str
    processing_time_ms: int

    @model_validator(mode="before")
    @classmethod
    def _remove_control_characters(cls, answer: object) -> object:
        return _plain(answer)


def _plain(part: object) -> object:
    """Remove control characters, which a terminal would execute, from all text of an answer."""
    match part:
        case str():
            return plain_text(part)
        case list():
            return [_plain(each) for each in part]
        case dict():
            return {name: _plain(each) for name, each in part.items()}
        case _:
            return part


def show(result: Result, console: Console, *, title: str) -> None:
    """Print the whole report."""
    detailed = result.detailed_scores
    console.print()
    console.print(Panel(_summary(result), title=Text(plain_line(title), style="bold"), expand=True))
    console.print(_scores(result))
    for area, heading in AREAS.items():
        lines = [criterion for criterion in detailed.criteria if criterion.area == area]
        if lines:
            console.print()
            console.print(Text(heading, style="bold underline"))
            for criterion in lines:
                console.print(_criterion(criterion))
    _list(console, "What a parser tears apart", [_torn(each) for each in detailed.scrambled])
    _list(console, "Strengths", _strengths(detailed))
    _list(console, "Section by section", _sections(detailed))
    _list(console, "How it could read", [f"{it.original.quote}\n→ {it.rewrite}" for it in detailed.rewrites])
    _list(console, "Next steps", detailed.next_steps, numbered=True)
    _list(console, "Could not be assessed", detailed.not_assessable)
    _list(console, "Please note", detailed.notices)
    console.print()


def _summary(result: Result) -> RenderableType:
    lines: list[RenderableType] = [Text(result.executive_summary)]
    if result.detailed_scores.cap_reason:
        lines.append(Text(f"Held down: {result.detailed_scores.cap_reason}", style="yellow"))
    lines.append(
        Text(
            f"\nTarget industry {result.industry}, market tier {result.detailed_scores.market_tier}; "
            f"scored by {result.ai_model_used} in {result.processing_time_ms} ms",
            style="dim",
        )
    )
    return Group(*lines)


def _scores(result: Result) -> Table:
    given = result.detailed_scores.contributions
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2))
    for name, score, points in (
        ("Overall", result.overall_score, None),
        ("ATS", result.ats_score, given.ats),
        ("Content", result.content_score, given.content),
        ("Formatting", result.formatting_score, given.formatting),
    ):
        share = "" if points is None else f"gives {points:.1f} points of the overall score"
        table.add_row(
            Text(name, style="bold" if points is None else ""),
            Text(f"{score:3d}", style=f"bold {_colour(score / 100)}"),
            Text(
                "█" * round(score * _BAR_CELLS / 100) + "░" * (_BAR_CELLS - round(score * _BAR_CELLS / 100))
            ),
            Text(share, style="dim"),
        )
    fit = (
        f"gives {given.industry_fit:.1f} points of the overall score"
        if _is_assessed(result.detailed_scores, "industry_fit")
        else "not assessed; counts as the mean of the others"
    )
    table.add_row("Industry fit", "", "", Text(fit, style="dim"))
    return table


def _is_assessed(detailed: DetailedScores, area: str) -> bool:
    """Return whether a criterion of an area has points. Without criteria, the area counts as assessed."""
    points = [each.points for each in detailed.criteria if each.area == area]
    return not points or any(each is not None for each in points)


def _criterion(criterion: Criterion) -> RenderableType:
    if criterion.points is None:
        points = Text("not assessed", style="dim")
    else:
        share = criterion.points / criterion.max if criterion.max else 1
        points = Text(f"{criterion.points:.1f} of {criterion.max:.1f}", style=_colour(share))
    lines = Table.grid(padding=(0, 2))
    lines.add_column(width=_POINTS_WIDTH, justify="right")
    lines.add_column()
    # As Text, because rich would interpret brackets in a plain string as markup.
    lines.add_row(points, Text(criterion.reason))
    for evidence in criterion.evidence[:2]:
        page = f" (page {evidence.page})" if evidence.page else ""
        lines.add_row("", Text(f"“{_shortened(evidence.quote)}”{page}", style="italic dim"))
    if criterion.fix:
        gain = f" (+{criterion.potential_gain:.1f} overall)" if criterion.potential_gain else ""
        lines.add_row("", Text(f"→ {criterion.fix}{gain}", style="cyan"))
    return lines


def _torn(each: ScrambledPassage) -> str:
    page = f" (page {each.passage.page})" if each.passage.page else ""
    return f"the page says “{each.passage.quote}”{page}\n  a parser reads “{each.read_as}”"


def _shortened(quote: str) -> str:
    text = " ".join(quote.split())
    return text if len(text) <= _QUOTE_CHARACTERS else text[: _QUOTE_CHARACTERS - 1].rstrip() + "…"


def _colour(share: float) -> str:
    return "green" if share >= _GOOD else "yellow" if share >= _FAIR else "red"


def _strengths(detailed: DetailedScores) -> list[str]:
    both = (*detailed.structure_analysis.feedback.strengths, *detailed.appeal_analysis.feedback.strengths)
    return list(dict.fromkeys(both))


def _sections(detailed: DetailedScores) -> list[str]:
    said = detailed.section_feedback
    return [f"{each.section}: {' '.join(filter(None, (each.comment, each.suggestion)))}" for each in said]


def _list(console: Console, heading: str, lines: Iterable[str], *, numbered: bool = False) -> None:
    found = list(lines)
    if not found:
        return
    console.print()
    console.print(Text(heading, style="bold underline"))
    for number, line in enumerate(found, start=1):
        console.print(Padding(Text(f"{number}. {line}" if numbered else f"• {line}"), (0, 0, 0, 2)))
