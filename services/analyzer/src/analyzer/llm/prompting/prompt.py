"""Load a version of the prompts and fill in a resume. The texts of the prompts are in `prompts/`.

The text that is the same in every call comes first, so that a provider's cache of prefixes holds it.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from typing import Final

from scoring import Language, ScoringContext

from analyzer.llm.prompting.controls import Control, read_pool
from analyzer.llm.prompting.numbering import NumberedBullets, topic_lines

_LANGUAGES: Final[Mapping[Language, str]] = {"en": "English", "ja": "Japanese"}
_FILES: Final = (
    "labels-system.md",
    "labels.md",
    "writing-system.md",
    "writing.md",
    "repair.md",
    "controls_en.tsv",
    "controls_ja.tsv",
)

Message = dict[str, str]
Conversation = list[Message]


def new_boundary() -> str:
    """Return a random line to delimit the data of a call with, so that a resume cannot forge it."""
    return secrets.token_hex(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One version of the prompts.

    `sha256` is the hash of all texts together; `controls` are the control bullets of each language.
    """

    version: str
    sha256: str
    texts: Mapping[str, str]
    controls: Mapping[Language, Sequence[Control]]

    @property
    def repair(self) -> str:
        """Return the message that asks for a response again; `{fault}` stands for the problem."""
        return self.texts["repair.md"]

    def ask_for_labels(
        self,
        context: ScoringContext,
        numbered: NumberedBullets,
        *,
        focus_areas: Sequence[str],
        boundary: str,
    ) -> Conversation:
        """Build the messages that ask for the labels of bullets.

        Args:
            context: The analysis.
            numbered: The bullets to label, with controls among them.
            focus_areas: The redacted focus areas.
            boundary: The line that delimits the bullets.
        """
        values = {
            "boundary": boundary,
            "industry": context.industry.name.of(context.resume.language),
            "topics": topic_lines(context, numbered),
            "focus_areas": json.dumps(list(focus_areas), ensure_ascii=False),
            "count": str(len(numbered.order)),
            "bullets": numbered.lines(),
        }
        return self._conversation("labels", values)

    def ask_about_writing(
        self,
        context: ScoringContext,
        *,
        resume: str,
        focus_areas: Sequence[str],
        sections: Sequence[str],
        boundary: str,
    ) -> Conversation:
        """Build the messages that ask about the writing.

        Args:
            context: The analysis.
            resume: The redacted text of the resume.
            focus_areas: The redacted focus areas.
            sections: The sections to comment on.
            boundary: The line that delimits the resume.
        """
        rubric, industry = context.rubric, context.industry
        values = {
            "boundary": boundary,
            "language": _LANGUAGES[context.say.language],
            "industry": industry.name.en,
            "skills": _join([rubric.skills[name].name.en for name in industry.skills]),
            "appeals": _join([rubric.appeals[name].name.en for name in industry.appeals]),
            "focus_areas": json.dumps(list(focus_areas), ensure_ascii=False),
            "sections": ", ".join(sections),
            "resume": resume,
        }
        return self._conversation("writing", values)

    def _conversation(self, name: str, values: Mapping[str, str]) -> Conversation:
        return [
            {"role": "system", "content": self.texts[f"{name}-system.md"]},
            {"role": "user", "content": Template(self.texts[f"{name}.md"]).substitute(values)},
        ]


def load_prompt(version: str = "v2") -> Prompt:
    """Load a version of the prompts.

    Raises:
        FileNotFoundError: The version does not exist.
    """
    folder = files("analyzer.llm") / "prompts" / version
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in _FILES}
    return Prompt(
        version=version,
        sha256=hashlib.sha256("\0".join(texts.values()).encode()).hexdigest(),
        texts=texts,
        controls={language: read_pool(texts[f"controls_{language}.tsv"]) for language in _LANGUAGES},
    )


def _join(names: list[str]) -> str:
    return ", ".join(names) or "those that the resume itself claims"
