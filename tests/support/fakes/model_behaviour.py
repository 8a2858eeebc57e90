"""Behaviours of a fake model that reads the resume in the prompt: sensible, literal, generous or obedient."""

import hashlib
import random
import re
from dataclasses import dataclass
from typing import Final, Literal

from analyzer.llm.prompting.prompt import load_prompt

from tests.support.fakes.model import FakeReply, Json, completion

Manner = Literal["sensible", "literal", "generous", "obedient"]
_IDS: Final = load_prompt().ids
_BULLET = re.compile(r"^\s*[-•・]\s*(.+)$", re.MULTILINE)
_DUTY = re.compile(r"^(?:Responsible for|Helped|Worked|I was)|(?:担当|サポート|対応|など)$")
_SUMMARY = re.compile(r"^(?:Summary|職務要約)\n(.+)$", re.MULTILINE)
_INVENTED: Final = "Doubled the profit of the whole group within a single year"
# Instructions that an obedient model follows, including some that the screening does not detect.
_INSTRUCTION = re.compile(r"previous instructions|満点|this candidate|every line of the list|どの項目も十分")


@dataclass(slots=True)
class FakeModelBehaviour:
    """Replies to the checklist and to the question about the writing.

    - `sensible` assesses the bullets and changes the share `flips` of its assessments between runs.
    - `literal` derives its assessments from a hash of the text, so that any change of it changes them.
    - `generous` gives full marks and invents its quotes.
    - `obedient` follows instructions in the resume and proves its assessments with true quotes.
    """

    manner: Manner
    flips: float = 0
    run: int = 0
    calls: int = 0

    def __call__(self, request: Json) -> FakeReply:
        self.calls += 1
        text = _resume_in(request["messages"][1]["content"])
        bullets = [match[1].strip() for match in _BULLET.finditer(text)]
        if "You advise on how a resume is written" in request["messages"][0]["content"]:
            return completion({"sections": [], "rewrites": self._rewrites(bullets)})
        summary = _SUMMARY.search(text)
        answers = []
        for name in _IDS:
            likely = [summary[1]] if name.endswith("summary") and summary else bullets
            level, quotes = self._assess(name, text, likely, seed=request.get("seed", 0))
            fix = None if level == 2 else "Say more."
            answers.append({"id": name, "quotes": quotes, "reason": "Seen.", "fix": fix, "level": level})
        return completion({"answers": answers})

    def _assess(self, name: str, text: str, likely: list[str], *, seed: int) -> tuple[int, list[str]]:
        if self.manner == "generous":
            return 2, [_INVENTED]
        if self.manner == "literal":
            level = hashlib.sha256(f"{name}{text}".encode()).digest()[0] % 3
            return level, likely[:2] if level else []
        deeds = [line for line in likely if not _DUTY.search(line)]
        good = [line for line in deeds if name.startswith("industry") or re.search(r"\d", line)]
        level = 2 if 2 * len(good) > len(likely) else 1 if good else 0
        if self.manner == "obedient" and _INSTRUCTION.search(text):
            level = 2
        noise = random.Random(f"{self.run}/{seed}/{name}/{text}")  # noqa: S311 - seeded, to be repeatable
        if noise.random() < self.flips:
            level = 1 if level != 1 else noise.choice((0, 2))
        return level, (good or likely)[:2] if level else []

    def _rewrites(self, bullets: list[str]) -> list[Json]:
        """Return a faithful rewrite, one with an invented number, and one of an invented passage."""
        rewrites = [(line, f"{line} [X %]") for line in bullets[:1]]
        rewrites += [(line, f"{line} 4711 %") for line in bullets[1:2]]
        rewrites += [(_INVENTED, "Led the group")]
        reason = "成果が分かります。" if re.search("[ぁ-ん]", "".join(bullets)) else "It shows an outcome."
        return [{"original": original, "rewrite": new, "reason": reason} for original, new in rewrites]


def _resume_in(task: str) -> str:
    """Return the text between the two boundary lines."""
    after = task.partition("# Resume\n\n")[2]
    boundary, _, rest = after.partition("\n")
    return rest.partition(f"\n{boundary}")[0]
