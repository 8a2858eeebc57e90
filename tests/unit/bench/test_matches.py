"""The resumes and jobs of the bench of matches, and its table."""

from itertools import islice

import pytest
from matching.extraction import extract_requirements

from tools.bench.measurements.matches import JOBS, generate_people
from tools.bench.measurements.meter import Cost


def test_resumes_differ_and_fill_a_page() -> None:
    texts = [each.text for each in islice(generate_people(), 500)]
    assert len(set(texts)) == 500
    assert min(map(len, texts)) > 1_000


@pytest.mark.parametrize(("title", "text"), JOBS)
def test_jobs_have_fifteen_requirements(title: str, text: str) -> None:
    assert len(extract_requirements(title, text).requirements) == 15


def test_cost_is_the_mean_of_its_runs() -> None:
    runs = [Cost(cpu_ms={"kafka": cpu}, size={"topic": size}) for cpu, size in ((1, 1_000), (2, 4_000))]
    assert Cost.mean(runs).lines("One match:") == [
        *("One match:", "", "| part | takes |", "|---|---|"),
        "| kafka | 1.5 ms CPU |",
        "| topic | 2.5 kB |",
    ]
