"""Figures of a ranking, and the two baselines that it is compared with."""

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import bm25s
from scoring.language.text import fold

from tools.matching_benchmark.world import Job, Persona

_TOP: Final = 10
# A person who has this share of a job's weight is relevant.
_RELEVANT: Final = 0.6
_GRADES: Final = 4
_TOKEN = re.compile(r"[a-z0-9+#]+|[ぁ-ヿ一-鿿]")


def ndcg(scores: Sequence[float], relevance: Sequence[float]) -> float:
    """Return nDCG@10. Ties count as their mean over all orders."""
    gains = [2.0 ** round(_GRADES * each) - 1 for each in relevance]
    best = sorted(gains, reverse=True)[:_TOP]
    ideal = sum(gain / math.log2(at + 2) for at, gain in enumerate(best))
    expected = _expected(scores, gains)[:_TOP]
    return sum(gain / math.log2(at + 2) for at, gain in enumerate(expected)) / ideal


def average_precision(scores: Sequence[float], relevance: Sequence[float]) -> float:
    """Return the average precision. Within a tie, relevant persons are spread evenly."""
    expected = _expected(scores, [float(each >= _RELEVANT) for each in relevance])
    found = total = 0.0
    for at, share in enumerate(expected, start=1):
        found += share
        total += share * found / at
    return total / sum(expected) if sum(expected) else 1.0


def _expected(scores: Sequence[float], values: Sequence[float]) -> list[float]:
    order = sorted(range(len(scores)), key=lambda at: -scores[at])
    result: list[float] = []
    while len(result) < len(order):
        tied = [at for at in order[len(result) :] if scores[at] == scores[order[len(result)]]]
        result += [sum(values[at] for at in tied) / len(tied)] * len(tied)
    return result


def tokens(text: str) -> list[str]:
    """Return English words, and pairs of Japanese characters."""
    found = _TOKEN.findall(fold(text))
    pairs = [a + b for a, b in pairwise(found) if not a.isascii() and not b.isascii()]
    return [each for each in found if each.isascii()] + pairs


def bm25(job: Job, personas: Sequence[Persona]) -> list[float]:
    """Rank by BM25 over the whole text."""
    index = bm25s.BM25()
    index.index([tokens(each.text) for each in personas], show_progress=False)
    return [float(each) for each in index.get_scores(list(dict.fromkeys(tokens(job.text))))]


def bag_of_skills(job: Job, personas: Sequence[Persona]) -> list[float]:
    """Rank by the number of the job's skills, as the job names them, that a resume names anywhere."""
    names = [fold(want.words) for want in job.wants if want.kind in ("skill", "certificate", "education")]
    folded = [fold(each.text) for each in personas]
    return [float(sum(name in text for name in names)) for text in folded]
