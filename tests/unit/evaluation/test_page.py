"""The page that publishes the rubric tells what the rubric holds."""

from tools.evaluation.page import part_of_page, rubric_part


def test_the_published_rubric_is_the_one_that_scores() -> None:
    # Written by `python -m tools.evaluation --write`.
    assert part_of_page("rubric") == rubric_part()
