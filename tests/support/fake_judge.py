"""A model that reads the resume it is shown, and answers well, unsteadily, too kindly or as it is told."""

import hashlib
import random
import re
from dataclasses import dataclass
from typing import Final, Literal

from analyzer.llm.prompting.prompt import load_prompt

from tests.support.fake_model import Json, Step, says

Manner = Literal["sensible", "literal", "generous", "obedient"]
_IDS: Final = load_prompt().ids
_BULLET = re.compile(r"^\s*[-•・]\s*(.+)$", re.MULTILINE)
_DUTY = re.compile(r"^(?:Responsible for|Helped|Worked|I was)|(?:担当|サポート|対応|など)$")
_SUMMARY = re.compile(r"^(?:Summary|職務要約)\n(.+)$", re.MULTILINE)
_INVENTED: Final = "Doubled the profit of the whole group within a single year"
# What it obeys: any talk of how it should answer, also what no pattern of ours finds.
_ORDER = re.compile(r"previous instructions|満点|this candidate|every line of the list|どの項目も十分")


@dataclass(slots=True)
class Judge:
    """Answers the checklist and the question on the writing.

    `sensible` changes its mind on `flips` of its answers from one run to the next; `literal` decides by
    nothing but the letters that it is shown, so that any change of them changes its answers; `generous`
    praises all and invents its quotes; `obedient` does as the resume says, and proves it with true quotes.
    """

    manner: Manner
    flips: float = 0
    run: int = 0
    calls: int = 0

    def __call__(self, request: Json) -> Step:
        self.calls += 1
        text = _resume_in(request["messages"][1]["content"])
        bullets = [match[1].strip() for match in _BULLET.finditer(text)]
        if "You advise on how a resume is written" in request["messages"][0]["content"]:
            return says({"sections": [], "rewrites": self._rewrites(bullets)})
        summary = _SUMMARY.search(text)
        answers = []
        for name in _IDS:
            likely = [summary[1]] if name.endswith("summary") and summary else bullets
            level, quotes = self._answer(name, text, likely, seed=request.get("seed", 0))
            fix = None if level == 2 else "Say more."
            answers.append({"id": name, "quotes": quotes, "reason": "Seen.", "fix": fix, "level": level})
        return says({"answers": answers})

    def _answer(self, name: str, text: str, likely: list[str], *, seed: int) -> tuple[int, list[str]]:
        if self.manner == "generous":
            return 2, [_INVENTED]
        if self.manner == "literal":
            level = hashlib.sha256(f"{name}{text}".encode()).digest()[0] % 3
            return level, likely[:2] if level else []
        deeds = [line for line in likely if not _DUTY.search(line)]
        good = [line for line in deeds if name.startswith("industry") or re.search(r"\d", line)]
        level = 2 if 2 * len(good) > len(likely) else 1 if good else 0
        if self.manner == "obedient" and _ORDER.search(text):
            level = 2
        noise = random.Random(f"{self.run}/{seed}/{name}/{text}")  # noqa: S311 - to be repeated
        if noise.random() < self.flips:
            level = 1 if level != 1 else noise.choice((0, 2))
        return level, (good or likely)[:2] if level else []

    def _rewrites(self, bullets: list[str]) -> list[Json]:
        """One that may be told, one with a number that nobody gave, one of a passage that is not there."""
        honest, invented = ("{} [X %]", "{} 4711 %")
        said = [(line, honest.format(line)) for line in bullets[:1]]
        said += [(line, invented.format(line)) for line in bullets[1:2]]
        said += [(_INVENTED, "Led the group")]
        reason = "成果が分かります。" if re.search("[ぁ-ん]", "".join(bullets)) else "It shows an outcome."
        return [{"original": original, "rewrite": new, "reason": reason} for original, new in said]


def _resume_in(task: str) -> str:
    """What stands between the two lines of the boundary."""
    after = task.partition("# Resume\n\n")[2]
    boundary, _, rest = after.partition("\n")
    return rest.partition(f"\n{boundary}")[0]
