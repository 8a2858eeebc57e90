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

from scoring.criteria.context import ScoringContext
from scoring.rubric import Language

from analyzer.llm.prompting.controls import Control, read_pool
from analyzer.llm.prompting.labels import start_of
from analyzer.llm.prompting.numbering import NumberedBullets, numbered_lines, topic_lines

_LANGUAGES: Final[Mapping[Language, str]] = {"en": "English", "ja": "Japanese"}
_FILES: Final = (
    "labels-system.md",
    "labels.md",
    "topics-system.md",
    "topics.md",
    "writing-system.md",
    "writing.md",
    "repair.md",
    "controls_en.tsv",
    "controls_ja.tsv",
    "examples_en.tsv",
    "examples_ja.tsv",
)
# Delimits the worked examples, which are the same in every call.
_EXAMPLE_BOUNDARY: Final = "0" * 16

Message = dict[str, str]
Conversation = list[Message]


def new_boundary() -> str:
    """Return a random line to delimit the data of a call with, so that a resume cannot forge it."""
    return secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: a bullet, the number in it or "none", and its kind."""

    kind: str
    number: str
    text: str

    @property
    def answer(self) -> Mapping[str, str]:
        """Return the right entry, in the order that is asked for."""
        return {"starts": start_of(self.text), "number": self.number, "kind": self.kind}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One version of the prompts.

    `sha256` is the hash of all texts together. `controls` and `examples` are the control bullets and the
    worked examples of each language.
    """

    version: str
    sha256: str
    texts: Mapping[str, str]
    controls: Mapping[Language, Sequence[Control]]
    examples: Mapping[Language, Sequence[Example]]

    @property
    def repair(self) -> str:
        """Return the message that asks for a response again; `{fault}` stands for the problem."""
        return self.texts["repair.md"]

    def ask_for_labels(self, numbered: NumberedBullets, *, language: Language, boundary: str) -> Conversation:
        """Build the messages that ask for the labels of bullets, after worked examples.

        Args:
            numbered: The bullets to label, with controls among them.
            language: The language of the resume, which is that of the examples.
            boundary: The line that delimits the bullets.
        """
        system, question = self._conversation("labels", _bullets(numbered.texts, boundary))
        examples = self.examples[language]
        texts = [each.text for each in examples]
        _, example = self._conversation("labels", _bullets(texts, _EXAMPLE_BOUNDARY))
        answer = {str(number): each.answer for number, each in enumerate(examples, start=1)}
        content = json.dumps({"bullets": answer}, ensure_ascii=False, separators=(",", ":"))
        return [system, example, {"role": "assistant", "content": content}, question]

    def ask_about_topics(
        self, context: ScoringContext, numbered: NumberedBullets, *, boundary: str
    ) -> Conversation:
        """Build the messages that ask for the skills and appeal points that bullets show.

        Args:
            context: The analysis.
            numbered: The bullets and topics to ask about, with controls among the bullets.
            boundary: The line that delimits the bullets.
        """
        values = {
            "industry": context.industry.name.of(context.resume.language),
            "topics": topic_lines(context, numbered),
            **_bullets(numbered.texts, boundary),
        }
        return self._conversation("topics", values)

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


def load_prompt(version: str = "v3") -> Prompt:
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
        examples={language: _read_examples(texts[f"examples_{language}.tsv"]) for language in _LANGUAGES},
    )


def _read_examples(content: str) -> tuple[Example, ...]:
    rows = [line.split("\t") for line in content.splitlines() if not line.startswith("#")]
    return tuple(Example(*row) for row in rows)


def _bullets(texts: Sequence[str], boundary: str) -> dict[str, str]:
    """Return what the templates of questions about bullets need of them."""
    return {"boundary": boundary, "count": str(len(texts)), "bullets": numbered_lines(texts)}


def _join(names: list[str]) -> str:
    return ", ".join(names) or "those that the resume itself claims"
