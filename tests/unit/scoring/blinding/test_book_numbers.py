"""Numbers of books look like phone numbers."""

import pytest
from scoring.blinding import blind


def blinded(text: str, name: str) -> str:
    return blind(text, names=[name]).excerpt(0, len(text))


BOOKS = [
    "9780306406157", "978-0-306-40615-7", "978 0 306 40615 7", "978-0306406157", "978 0134685991",
    "979-10-90636-07-1", "0-306-40615-2", "0 8044 2957 X", "4-7741-9690-8",
]  # fmt: skip


@pytest.mark.parametrize("number", BOOKS)
@pytest.mark.parametrize(
    "place", ["{}", "- {}", "Clean Code | {} | 2019", "Book\t{}", "- Wrote a book, {}, in Go"]
)
def test_number_of_a_book_is_no_phone_number(number: str, place: str) -> None:
    text = f"PUBLICATIONS\n{place.format(number)}\nGo"
    assert blinded("\n" * 14 + text, "Maya Okafor") == text


@pytest.mark.parametrize("number", ["9780306406158", "978-0-306-40615-8", "+9780306406157", "03-1234-5678"])
def test_number_without_the_check_digit_of_a_book_is_removed(number: str) -> None:
    assert blinded("\n" * 14 + f"OTHER\n{number}\nGo", "Maya Okafor") == "OTHER\n[phone]\nGo"
