"""Reading order of columns and tables, and joining of wrapped rows."""

import pytest
from documents.layout.naive_reading.order_agreement import compare_page_orders
from documents.layout.reading_order import read_columns
from documents.layout.rows import Word, group_rows

from tests.support.documents.placed_words import read, words_of

LEFT = ["Python", "Golang", "Kafka", "Linux", "Docker"]
RIGHT = [
    "Led the payments team",
    "Built a ledger in Go",
    "Cut costs by a third",
    "Ran the on-call rota",
    "Hired ten people",
]


def columns_of(left: list[str], right: list[str], *, by_row: bool, shift: float = 0.0) -> list[Word]:
    first = [(50.0, 100.0 + 14 * at, text) for at, text in enumerate(left)]
    second = [(200.0, 100.0 + shift + 14 * at, text) for at, text in enumerate(right)]
    rows = [row for pair in zip(first, second, strict=True) for row in pair] if by_row else [*first, *second]
    return words_of([(50.0, 60.0, "A name that stands across both of the columns here"), *rows])


def test_columns_drawn_one_after_the_other_are_separated() -> None:
    words = columns_of(LEFT, RIGHT, by_row=False)
    assert read(words)[1:] == LEFT + RIGHT
    assert [column.side_by_side for column in read_columns(words)] == [1, 2, 2]
    assert compare_page_orders(words, group_rows(words)).share < 0.9


def test_unaligned_columns_drawn_row_by_row_are_separated() -> None:
    assert read(columns_of(LEFT, RIGHT, by_row=True, shift=6.0))[1:] == LEFT + RIGHT


def test_running_text_in_columns_drawn_row_by_row_is_separated() -> None:
    left = [
        "Left: all of these words are a part of",
        "one single long story, which goes on",
        "and on until the very last of its words",
        "is told. Then it ends, somewhere here.",
    ]
    right = [f"Right: fact {at} of some other list" for at in range(4)]
    first = [(50.0, 100.0 + 14 * at, text) for at, text in enumerate(left)]
    second = [(300.0, 100.0 + 14 * at, text) for at, text in enumerate(right)]
    words = words_of(row for pair in zip(first, second, strict=True) for row in pair)
    assert " ".join(read(words)) == " ".join((*left, *right))


def test_page_head_above_two_columns_is_read_first() -> None:
    head = [
        (50.0, 40.0, "Mirela Okonjo"),
        (400.0, 34.0, "mirela.okonjo@example.com"),
        (400.0, 46.0, "Leeds, United Kingdom"),
    ]
    first = [(50.0, 100.0 + 14 * at, text) for at, text in enumerate(RIGHT)]
    second = [(380.0, 100.0 + 14 * at, text) for at, text in enumerate(LEFT)]
    assert read(words_of([*head, *first, *second])) == [*(text for _, _, text in head), *RIGHT, *LEFT]


def test_text_above_another_text_makes_no_columns() -> None:
    rows = [(400.0, 100.0 + 14 * at, text) for at, text in enumerate(LEFT)]
    rows += [(200.0, 190.0 + 14 * at, text) for at, text in enumerate(RIGHT)]
    assert [column.side_by_side for column in read_columns(words_of(rows))] == [1, 1]


def test_labels_and_values_are_read_across() -> None:
    words = columns_of(
        ["Languages", "Databases", "Clouds", "Tools"],
        ["Python, Go", "PostgreSQL", "AWS", "Terraform"],
        by_row=True,
    )
    assert read(words)[1] == "Languages\tPython, Go"
    assert compare_page_orders(words, group_rows(words)).share == 1.0


def test_dates_at_the_right_edge_are_read_across() -> None:
    rows = []
    for at in range(5):
        rows += [
            (50.0, 100.0 + 40 * at, f"Engineer at company {at}"),
            (450.0, 100.0 + 40 * at, "2019 - 2021"),
        ]
        rows.append(
            (
                60.0,
                114.0 + 40 * at,
                "• Built something that many customers now use every single day of the week",
            )
        )
    assert read(words_of(rows))[:2] == [
        "Engineer at company 0\t2019 - 2021",
        "• Built something that many customers now use every single day of the week",
    ]


def test_wrapped_rows_are_one_line() -> None:
    rows = [
        (50.0, 100.0, "• Reduced the latency of orders by replacing nightly batches with a"),
        (60.0, 114.0, "pipeline that streams"),
        (50.0, 131.0, "• Led fourteen engineers in three teams through the migration of all"),
        (60.0, 145.0, "services"),
        (50.0, 170.0, "Education"),
    ]
    assert read(words_of(rows)) == [
        "• Reduced the latency of orders by replacing nightly batches with a pipeline that streams",
        "• Led fourteen engineers in three teams through the migration of all services",
        "Education",
    ]


def test_hyphenated_words_are_joined_and_compounds_are_kept() -> None:
    rows = [
        (50.0, 100.0, "Responsible for the whole life of the product and for the develop-"),
        (50.0, 114.0, "ment of services for our customers in many countries with full-"),
        (50.0, 128.0, "stack teams"),
    ]
    (line,) = read(words_of(rows))
    assert "for the development of services" in line
    assert line.endswith("with full-stack teams")


def cut_name(row_above: str) -> list[tuple[float, float, str]]:
    """Return the rows of a Japanese list whose third row ends within a name."""
    return [
        (50.0, 100.0, row_above),
        (50.0, 116.0, "基盤："),
        (50.0, 132.0, "AWS、Docker、Redis、Kafka、Terr"),
        (50.0, 148.0, "aform、Helm"),
    ]


def test_name_that_a_full_japanese_row_cuts_is_mended() -> None:
    rows = cut_name("言語：Go、TypeScript、Python、C#")
    assert read(words_of(rows)) == [rows[0][2], "基盤：AWS、Docker、Redis、Kafka、Terraform、Helm"]


def test_longest_row_alone_does_not_tell_that_a_name_is_cut() -> None:
    rows = cut_name("言語：Go、TypeScript、SQL")
    assert read(words_of(rows)) == [rows[0][2], "基盤：AWS、Docker、Redis、Kafka、Terr aform、Helm"]


def test_bold_heading_that_wraps_in_a_narrow_column_is_one_line() -> None:
    rows = [
        (50.0, 100.0, "Professional"),
        (50.0, 114.0, "Development"),
        (50.0, 130.0, "AWS Certified Developer"),
        (50.0, 144.0, "Scrum Master"),
    ]
    lines = read(words_of(rows, bold=["Professional", "Development"]))
    assert lines == ["Professional Development", "AWS Certified Developer", "Scrum Master"]


def test_bold_rows_that_fit_on_one_row_or_make_no_heading_stay_apart() -> None:
    rows = [
        (50.0, 100.0, "Work"),
        (50.0, 114.0, "History"),
        (50.0, 128.0, "Marketing Campaigns"),
        (50.0, 142.0, "Logistics Schedules"),
        (50.0, 156.0, "Planned many projects."),
    ]
    texts = [text for _, _, text in rows]
    assert read(words_of(rows, bold=texts[:4])) == texts


@pytest.mark.parametrize("hyphens", [1, 3, 5])
def test_hyphens_that_hang_into_a_narrow_gutter_leave_the_columns_apart(hyphens: int) -> None:
    hanging = [(50.0, 100.0 + 14 * at, "responsibilities-and-") for at in range(hyphens)]
    left = [(50.0, 100.0 + 14 * at, f"operations {at}") for at in range(hyphens, 14)]
    right = [
        (160.0, 101.0 + 14 * at, f"• Led project {at} of the whole company to its end") for at in range(14)
    ]
    assert read(words_of(hanging + left + right))[-14:] == [text for _, _, text in right]


def test_no_word_is_lost() -> None:
    words = columns_of(LEFT, RIGHT, by_row=False)
    assert sorted(" ".join(read(words)).split()) == sorted(word.text for word in words)
