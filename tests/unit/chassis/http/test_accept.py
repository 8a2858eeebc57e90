"""The choice of a media type by the `Accept` header."""

import pytest
from chassis.http.accept import preferred_media_type
from starlette.datastructures import Headers

HTML, PDF = "text/html", "application/pdf"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "preferred"),
    [
        (PDF, PDF),
        (HTML, HTML),
        ("Application/PDF", PDF),
        # Equal qualities: the order of the offers decides.
        (f"{PDF}, {HTML}", HTML),
        (f"{HTML};q=0.5, {PDF};q=0.8", PDF),
        (f"{HTML};q=0.8, {PDF};q=0.5", HTML),
        (f"{HTML};q=0.001, {PDF};q=0.002", PDF),
        ("application/pdf ; Q=0.9, text/html; q=0.8", PDF),
        ("*/*", HTML),
        ("application/*", PDF),
        ("application/*;q=0.5, text/*;q=0.4", PDF),
        # A named type precedes a wildcard of the same quality, and the more specific range decides.
        (f"{PDF}, */*", PDF),
        (f"*/*, {HTML};q=0.1", PDF),
        (f"*/*, {HTML};q=0", PDF),
        (f"*/*;q=0.9, {PDF};q=0", HTML),
        (f"{HTML};level=1;q=0.4, {HTML};q=0.7, {PDF};q=0.5", HTML),
        (BROWSER, HTML),
        # None is accepted.
        ("", HTML),
        ("image/png", HTML),
        (f"{HTML};q=0, {PDF};q=0", HTML),
        # What cannot be read is ignored.
        (f"{PDF};q=high", HTML),
        (f"{PDF};q=1.5", HTML),
        (f"{PDF};q=-1", HTML),
        (f"{PDF};q=nan", HTML),
        ("pdf, /, */pdf, application/", HTML),
        (f",,;, ;q=1, {PDF},", PDF),
    ],
)
def test_the_offer_with_the_highest_quality_is_preferred(accept: str, preferred: str) -> None:
    assert preferred_media_type(Headers({"Accept": accept}), HTML, PDF) == preferred


def test_without_a_header_the_first_offer_is_preferred() -> None:
    assert preferred_media_type(Headers(), HTML, PDF) == HTML
    assert preferred_media_type(Headers(), PDF, HTML) == PDF


def test_repeated_headers_count_as_one() -> None:
    headers = Headers(raw=[(b"accept", b"text/html;q=0.5"), (b"accept", b"application/pdf")])
    assert preferred_media_type(headers, HTML, PDF) == PDF
