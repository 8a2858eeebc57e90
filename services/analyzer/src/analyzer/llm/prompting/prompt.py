"""The prompts of a version, and how a resume is put into them. Prompts are data: see `prompts/`."""

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

_QUESTION = re.compile(r"^### (\S+)$", re.MULTILINE)
_LANGUAGES = {"en": "English", "ja": "Japanese"}
_FILES: Final = ("checklist-system", "checklist", "writing-system", "writing", "repair")

Message = dict[str, str]
Conversation = list[Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """`ids` are the criteria that the checklist asks about; `sha256` is of all texts together."""

    version: str
    sha256: str
    ids: tuple[str, ...]
    texts: Mapping[str, str]

    @property
    def repair(self) -> str:
        return self.texts["repair"]

    def conversations(
        self,
        case: ScoringContext,
        *,
        resume: str,
        focus_areas: Sequence[str],
        sections: Sequence[str],
        boundary: str | None = None,
    ) -> tuple[Conversation, Conversation]:
        """What to send for the checklist and for the writing, of `resume` and `focus_areas` what may be
        shown, of `sections` those to comment on. The boundary is random unless given."""
        rubric, industry = case.rubric, case.industry
        values = {
            "boundary": secrets.token_hex(8) if boundary is None else boundary,
            "language": _LANGUAGES[case.say.language],
            "industry": industry.name.en,
            "skills": _listed([rubric.skills[name].name.en for name in industry.skills]),
            "appeals": _listed([rubric.appeals[name].name.en for name in industry.appeals]),
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
    """Raises `FileNotFoundError` for a version that there is not."""
    folder = files("analyzer.llm") / "prompts" / version
    texts = {name: (folder / f"{name}.md").read_text(encoding="utf-8") for name in _FILES}
    return Prompt(
        version=version,
        sha256=hashlib.sha256("\0".join(texts.values()).encode()).hexdigest(),
        ids=tuple(_QUESTION.findall(texts["checklist"])),
        texts=texts,
    )


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "those that the resume itself claims"
