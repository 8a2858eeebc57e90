"""Write docs/scoring.md: the published rubric from its data, and the figures of the last evaluation."""

import re
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

import yaml
from scoring.rubric import AREAS, Rubric

from tools.evaluation.measurement import Property, first_failures, rubric

PAGE: Final = Path(__file__).parents[2] / "docs" / "scoring.md"
_AREAS: Final = {
    "ats": "Machine readability (ATS) / 機械可読性",
    "content": "Content / 内容",
    "formatting": "Formatting / 体裁",
    "industry_fit": "Industry fit / 業界適合度",
}


def write_rubric() -> None:
    """Rewrite the part that is generated from the rubric."""
    _replace("rubric", rubric_part())


def write_figures(found: Sequence[Property]) -> None:
    """Rewrite both generated parts."""
    write_rubric()
    _replace("figures", figures_part(found))


def _replace(part: str, content: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    pattern = re.compile(rf"(<!-- {part}: .*?-->\n).*?(<!-- end of {part} -->)", re.DOTALL)
    changed = pattern.sub(lambda found: f"{found[1]}\n{content}\n{found[2]}", page)
    PAGE.write_text(changed, encoding="utf-8")


def part_of_page(part: str) -> str:
    """Return the current content of a generated part."""
    page = PAGE.read_text(encoding="utf-8")
    found = re.search(rf"<!-- {part}: .*?-->\n\n(.*?)\n<!-- end of {part} -->", page, re.DOTALL)
    return found[1] if found else ""


def rubric_part() -> str:
    """Return the part of the page that publishes the rubric."""
    data = rubric()
    published = yaml.safe_load((files("scoring.rubric") / "v1/published.yaml").read_text("utf-8"))
    lines = [f"Version of the rubric: `{data.version}`.", ""]
    for area in AREAS:
        share = f"{100 * data.overall[area]:.0f} % of the overall score"
        lines += [f"### {_AREAS[area]}: {share}", ""]
        rows = [
            (f"{texts['en']} / {texts['ja']}", f"{each.max:g}", texts["earns"])
            for each in data.criteria[area]
            for texts in (published[each.id],)
        ]
        lines += [*_table(("criterion", "points", "what earns them"), rows), ""]
    lines += ["### Measures", "", *_measures(data), ""]
    lines += ["### Industries / 業界", "", *_industries(data), ""]
    lines += ["### Skill groups and appeal points, with the terms that show them", ""]
    for title, topics in (("Skill groups / スキル", data.skills), ("Appeal points / アピール", data.appeals)):
        lines += [f"{title}:", ""]
        lines += [
            f"- **{topic.name.en} / {topic.name.ja}**: {', '.join(t.lstrip('=') for t in topic.terms)}"
            for topic in topics.values()
        ]
        lines += [""]
    return "\n".join(lines)


def _measures(data: Rubric) -> list[str]:
    limits = data.thresholds
    words, characters = limits.bullet_words, limits.bullet_characters
    return [
        (
            f"- Amounts: full marks from {100 * limits.quantified_full_at:.0f} % of the bullets on; "
            f"results: {100 * limits.results_full_at:.0f} %; "
            f"specific words: {100 * limits.specific_full_at:.0f} %."
        ),
        (
            f"- A bullet reads well at {words[0]} to {words[1]} words (Japanese: {characters[0]} to "
            f"{characters[1]} characters); a summary at {limits.summary_words[0]} to "
            f"{limits.summary_words[1]} words ({limits.summary_characters[0]} to "
            f"{limits.summary_characters[1]} characters)."
        ),
        f"- Fewer than {limits.bullets_for_full_confidence} bullets cannot earn full marks.",
        (
            f"- Skills: full marks where {100 * limits.skills_full_at:.0f} % of the industry's weight is "
            f"shown, by one bullet for each {limits.skill_weight_a_bullet:g} of a group's weight; appeal "
            f"points: {100 * limits.appeals_full_at:.0f} % of them, half a point for one shown in another "
            "line of work."
        ),
        (
            f"- A bullet shows at most {limits.skills_a_bullet} skill groups and "
            f"{limits.appeals_a_bullet} appeal points; a term that stands more than "
            f"{limits.term_repeats_at_most} times costs points, in a long resume more than once in "
            f"{limits.words_a_term_repeat} words (Japanese: {limits.characters_a_term_repeat} characters)."
        ),
        (
            "- A resume of another field, by its positions or its skills, scores at most "
            f"{limits.other_field_at_most} overall."
        ),
        (
            f"- Under {limits.body_words_at_least} words (Japanese: {limits.body_characters_at_least} "
            "characters) a resume is thin."
        ),
    ]


def _industries(data: Rubric) -> list[str]:
    rows = []
    for name, industry in data.industries.items():
        skills = [
            f"{data.skills[group].name.en} / {data.skills[group].name.ja} ({weight:g})"
            for group, weight in industry.skills.items()
        ]
        appeals = [
            f"{data.appeals[point].name.en} / {data.appeals[point].name.ja}" for point in industry.appeals
        ]
        rows.append(
            (
                f"{industry.name.en} / {industry.name.ja} (`{name}`)",
                ", ".join(skills) or "every group that the resume itself names",
                ", ".join(appeals),
            )
        )
    return _table(("industry", "skill groups (weight)", "appeal points"), rows)


def figures_part(found: Sequence[Property]) -> str:
    """Return the part of the page with the measured figures."""
    failed = sum(not each.holds for each in found)
    rows = []
    for each in found:
        figure = each.figure if each.holds else f"{each.figure} ({first_failures(each)})"
        rows.append((each.group, each.claim, figure, "holds" if each.holds else "**fails**"))
    return "\n".join(
        [
            f"{len(found) - failed} properties hold, {failed} fail.",
            "",
            *_table(("property", "claim", "measured", ""), rows),
            "",
        ]
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]
