"""The prompt of a version, and how a resume is put into it. Prompts are data: see `prompts/`."""

import hashlib
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template

from analyzer.model.client import Message
from analyzer.scoring.answers import Case

_QUESTION = re.compile(r"^### (\S+)$", re.MULTILINE)
_LANGUAGES = {"en": "English", "ja": "Japanese"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """`ids` are the criteria that it asks about; `sha256` is of all that it is made of."""

    version: str
    sha256: str
    ids: tuple[str, ...]
    system: str
    task: Template
    repair: str

    def messages(self, case: Case, *, resume: str, focus_areas: Sequence[str]) -> list[Message]:
        """The conversation to send; `resume` and `focus_areas` are what may be shown of them."""
        boundary = secrets.token_hex(8)
        rubric, industry = case.rubric, case.industry
        task = self.task.substitute(
            boundary=boundary,
            language=_LANGUAGES[case.say.language],
            industry=industry.name.en,
            skills=_listed([rubric.skills[name].name.en for name in industry.skills]),
            appeals=_listed([rubric.appeals[name].name.en for name in industry.appeals]),
            focus_areas=json.dumps(list(focus_areas), ensure_ascii=False),
            resume=resume,
        )
        return [{"role": "system", "content": self.system}, {"role": "user", "content": task}]


def load_prompt(version: str = "v1") -> Prompt:
    """Raises `FileNotFoundError` for a version that there is not."""
    folder = files("analyzer.model") / "prompts" / version
    system, task, repair = (
        (folder / f"{name}.md").read_text(encoding="utf-8") for name in ("system", "task", "repair")
    )
    return Prompt(
        version=version,
        sha256=hashlib.sha256(f"{system}\0{task}\0{repair}".encode()).hexdigest(),
        ids=tuple(_QUESTION.findall(task)),
        system=system,
        task=Template(task),
        repair=repair,
    )


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "those that the resume itself claims"
