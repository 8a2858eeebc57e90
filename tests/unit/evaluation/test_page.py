"""The page that publishes the rubric matches the rubric."""

from tools.evaluation.page import part_of_page, rubric_part


def test_published_rubric_is_the_rubric_that_scores() -> None:
    # `make evaluate ARGS=--write` updates the page.
    assert part_of_page("rubric") == rubric_part()
