"""The independence of the benchmark from the matcher's data, and its figures on known rankings."""

from pathlib import Path

import matching
import pytest
from matching.extraction import extract_requirements
from matching.vocabulary import load_vocabulary

from tools.matching_benchmark.ranking import average_precision, ndcg
from tools.matching_benchmark.world import create_job, load_fields

_LIBRARY = Path(matching.__file__).parent
_BENCHMARK = Path(__file__).parents[3] / "tools" / "matching_benchmark"


def test_the_benchmark_and_the_matcher_share_no_word_list() -> None:
    for path in _BENCHMARK.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for module in ("matching.vocabulary", "matching.patterns", "matching.words", "skills.yaml"):
            assert module not in text, path
    for path in _LIBRARY.rglob("*"):
        if path.suffix in (".py", ".yaml", ".txt"):
            text = path.read_text(encoding="utf-8")
            assert "matching_benchmark" not in text, path
            assert "fields.yaml" not in text, path


def test_the_matcher_knows_no_skill_of_the_unknown_fields() -> None:
    unknown = [data for data in load_fields() if data.get("unknown")]
    assert len(unknown) == 3
    for data in unknown:
        for job in (create_job(data, "en"), create_job(data, "ja")):
            for each in extract_requirements(job.title, job.text).requirements:
                if each.kind == "skill":
                    assert load_vocabulary().synonyms(each.terms[0]) == (each.terms[0],)


def test_a_perfect_ranking_has_the_figure_one() -> None:
    relevance = [1.0, 0.7, 0.2, 0.0]
    assert ndcg([4, 3, 2, 1], relevance) == pytest.approx(1)
    assert average_precision([4, 3, 2, 1], relevance) == pytest.approx(1)


def test_ties_are_not_rewarded_by_their_order() -> None:
    assert average_precision([1, 1], [1.0, 0.0]) == average_precision([1, 1], [0.0, 1.0]) < 1
    assert ndcg([1, 1], [1.0, 0.0]) == ndcg([1, 1], [0.0, 1.0]) < 1
