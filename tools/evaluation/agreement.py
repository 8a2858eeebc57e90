"""Compare what the rules see in a bullet with labels that people gave it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final, Literal

from scoring.language.text import fold
from scoring.resume.bullet import Bullet, read_bullet
from scoring.resume.work_history import BulletSpan

from tools.evaluation.measurement import Property, rubric

_FOLDER: Final = Path(__file__).parent / "labels"
_LANGUAGES: Final = {"en": "English", "ja": "Japanese"}
Half = Literal["bullets", "held_back"]
# The first half is for writing rules, the second for measuring them, so its misses are not printed. Most
# rules are older than this split, and some may have been written with bullets of the second half in view.
_HALVES: Final[dict[Half, str]] = {"bullets": "to write rules by", "held_back": "held back"}
# The bars for results. A result that is missed costs an honest person points; one that is seen where there is
# none costs trust.
LEAST_RECALL: Final = 0.85
LEAST_PRECISION: Final = 0.9


@dataclass(frozen=True, slots=True)
class LabelledBullet:
    """A bullet with its labels: any of the letters "a", "v" and "r"."""

    text: str
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The counts of a label: seen by both, by the rules alone (`extra`), and by people alone (`missed`)."""

    both: int
    extra: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def precision(self) -> float:
        return self.both / max(1, self.both + len(self.extra))

    @property
    def recall(self) -> float:
        return self.both / max(1, self.both + len(self.missed))


_SEEN: Final[dict[str, tuple[str, Callable[[Bullet], bool]]]] = {
    "a": ("amounts", lambda bullet: bullet.is_quantified),
    "v": ("verbs", lambda bullet: bullet.opening.strength in ("strong", "plain")),
    "r": ("results", lambda bullet: bullet.is_result),
}


def labelled_bullets(language: str, half: Half) -> list[LabelledBullet]:
    """Return one half of the labelled bullets of a language."""
    lines = (_FOLDER / f"{half}_{language}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [LabelledBullet(text, frozenset(set(flags) & set(_SEEN))) for flags, text in rows]


def read_alone(text: str) -> Bullet:
    """Read a bullet that stands alone."""
    place = BulletSpan(start=0, end=len(text), glyph="-", entry=0)
    return read_bullet(text, fold(text), place, rubric())


def measure_label(label: str, bullets: list[LabelledBullet]) -> Agreement:
    """Compare the rules with one label over some bullets."""
    sees = _SEEN[label][1]
    seen = {each: sees(read_alone(each.text)) for each in bullets}
    return Agreement(
        both=sum(found and label in each.labels for each, found in seen.items()),
        extra=tuple(each.text for each, found in seen.items() if found and label not in each.labels),
        missed=tuple(each.text for each, found in seen.items() if not found and label in each.labels),
    )


def agreement() -> Iterator[Property]:
    """Measure amounts, verbs and results in both languages and halves. Only results have bars."""
    for (language, name), (half, purpose) in product(_LANGUAGES.items(), _HALVES.items()):
        bullets = labelled_bullets(language, half)
        for label, (what, _) in _SEEN.items():
            found = measure_label(label, bullets)
            claim = f"{name}: {what} as in {len(bullets)} bullets labelled by hand, {purpose}"
            failures = []
            if label == "r":
                claim += f" (precision at least {LEAST_PRECISION:g}, recall at least {LEAST_RECALL:g})"
                failures = _below_bars(found, half)
            figure = f"precision {found.precision:.2f}, recall {found.recall:.2f}"
            yield Property("agreement", claim, figure, failures)


def _below_bars(found: Agreement, half: Half) -> list[str]:
    """Return what is wrong where a bar is missed. Bullets that are held back are only counted."""
    failures = []
    if found.precision < LEAST_PRECISION:
        failures += [f"no result: {text}" for text in found.extra]
    if found.recall < LEAST_RECALL:
        failures += [f"missed: {text}" for text in found.missed]
    return [f"{len(failures)} bullets"] if failures and half == "held_back" else failures
