"""Load a version of the prompts and fill in a resume. The texts of the prompts are in `prompts/`."""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from typing import Final

from scoring import ScoringContext

_CRITERION = re.compile(r"^### (\S+)$", re.MULTILINE)
_LANGUAGES = {"en": "English", "ja": "Japanese"}
_FILES: Final = ("checklist-system", "checklist", "writing-system", "writing", "repair")

Message = dict[str, str]
Conversation = list[Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One version of the prompts.

    `ids` are the criteria on the checklist; `sha256` is the hash of all texts together.
    """

    version: str
    sha256: str
    ids: tuple[str, ...]
    texts: Mapping[str, str]

    @property
    def repair(self) -> str:
        """Return the message that asks for a response again; `{fault}` stands for the problem."""
        return self.texts["repair"]

    def conversations(
        self,
        context: ScoringContext,
        *,
        resume: str,
        focus_areas: Sequence[str],
        sections: Sequence[str],
        boundary: str | None = None,
    ) -> tuple[Conversation, Conversation]:
        """Build the messages of the checklist question and of the question about the writing.

        Args:
            context: The analysis.
            resume: The redacted text of the resume.
            focus_areas: The redacted focus areas.
            sections: The sections to comment on.
            boundary: The line that delimits the resume; random if None, so a resume cannot forge it.
        """
        rubric, industry = context.rubric, context.industry
        values = {
            "boundary": secrets.token_hex(8) if boundary is None else boundary,
            "language": _LANGUAGES[context.say.language],
            "industry": industry.name.en,
            "skills": _join([rubric.skills[name].name.en for name in industry.skills]),
            "appeals": _join([rubric.appeals[name].name.en for name in industry.appeals]),
            "focus_areas": json.dumps(list(focus_areas), ensure_ascii=False),
            "sections": ", ".join(sections),
            "resume": resume,
        }
        return self._conversation("checklist", values), self._conversation("writing", values)

    def _conversation(self, name: str, values: Mapping[str, str]) -> Conversation:
        return [
            {"role": "system", "content": self.texts[f"{name}-system"]},
            {"role": "user", "content": Template(self.texts[name]).substitute(values)},
        ]


def load_prompt(version: str = "v1") -> Prompt:
    """Load a version of the prompts.

    Raises:
        FileNotFoundError: The version does not exist.
    """
    folder = files("analyzer.llm") / "prompts" / version
    texts = {name: (folder / f"{name}.md").read_text(encoding="utf-8") for name in _FILES}
    return Prompt(
        version=version,
        sha256=hashlib.sha256("\0".join(texts.values()).encode()).hexdigest(),
        ids=tuple(_CRITERION.findall(texts["checklist"])),
        texts=texts,
    )


def _join(names: list[str]) -> str:
    return ", ".join(names) or "those that the resume itself claims"
