"""Behaviours of a fake model that reads the prompt: sensible, literal, generous or obedient."""

import hashlib
import random
import re
from dataclasses import dataclass
from typing import Final, Literal

from tests.support.fakes.labels import (
    ALL,
    AskedBullets,
    Label,
    PlayedLabels,
    everything,
    honest,
    is_about_writing,
    labels_json,
    on_own_bullets,
    read_question,
)
from tests.support.fakes.model import FakeReply, Json, completion

Manner = Literal["sensible", "literal", "generous", "obedient"]
_BULLET = re.compile(r"^\s*[-•・]\s*(.+)$", re.MULTILINE)
_INVENTED: Final = "Doubled the profit of the whole group within a single year"
# Instructions that an obedient model follows, including some that the screening does not detect.
_INSTRUCTION = re.compile(r"previous instructions|満点|this candidate|every line of the list|どの項目も十分")


@dataclass(slots=True)
class FakeModelBehaviour:
    """Replies to the question about labels and to the one about the writing.

    - `sensible` labels like the rules and changes the share `flips` of its labels between runs.
    - `literal` labels the resume by a hash of all its bullets, so that any change of them changes the labels.
    - `generous` gives every bullet all labels, and invents the passages that it rewrites.
    - `obedient` does the same if a bullet tells it to, and is sensible otherwise.
    """

    manner: Manner
    flips: float = 0
    run: int = 0
    calls: int = 0

    def __call__(self, request: Json) -> FakeReply:
        self.calls += 1
        if is_about_writing(request):
            text = _resume_in(request["messages"][1]["content"])
            bullets = [match[1].strip() for match in _BULLET.finditer(text)]
            return completion({"sections": [], "rewrites": self._rewrites(bullets)})
        asked = read_question(request)
        is_told = any(_INSTRUCTION.search(text) for text in asked.own)
        if self.manner == "generous" or (self.manner == "obedient" and is_told):
            return completion(labels_json(request, everything))
        return completion(labels_json(request, self._labeller(asked, seed=request.get("seed", 0))))

    def _labeller(self, asked: AskedBullets, *, seed: int) -> Label:
        whole = hashlib.sha256("\n".join(sorted(asked.own)).encode()).hexdigest()

        def literal(text: str) -> PlayedLabels:
            digest = hashlib.sha256(f"{whole}{text}".encode()).digest()
            return PlayedLabels(frozenset(each for each, byte in zip(ALL, digest, strict=False) if byte % 2))

        def sensible(text: str) -> PlayedLabels:
            given = honest(text)
            # Seeded, to be repeatable.
            noise = random.Random(f"{self.run}/{seed}/{whole}/{text}")  # noqa: S311 - see above
            flipped = frozenset(each for each in ALL if noise.random() < self.flips)
            return PlayedLabels(given.labels ^ flipped, given.shows)

        # Controls are clear: a model that wavers about other bullets does not waver about them.
        return on_own_bullets(literal if self.manner == "literal" else sensible)

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
