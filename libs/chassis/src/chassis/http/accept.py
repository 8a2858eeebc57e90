"""Choose the media type of a response by the `Accept` header (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from starlette.datastructures import Headers

_QUALITY: Final = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


class _Range(NamedTuple):
    """A media range. Its specificity is 2 for `text/html`, 1 for `text/*` and 0 for `*/*`."""

    pattern: str
    specificity: int
    quality: float


def preferred_media_type(headers: Headers, *offers: str) -> str:
    """Return the offer that the client prefers.

    Among offers of equal quality, one that the client names precedes one that matches a wildcard, and then
    the order of the offers decides. The first offer is also returned without a header, and if the client
    accepts none of them: it may ignore what it did not ask for. Parameters other than `q` are ignored.
    """
    ranges = list(_ranges(",".join(headers.getlist("accept"))))

    def rank(offer: str) -> tuple[float, int]:
        matching = [each for each in ranges if _matches(each, offer)]
        # The most specific range decides, so that `*/*, text/html;q=0` excludes HTML.
        specificity = max((each.specificity for each in matching), default=0)
        quality = max((each.quality for each in matching if each.specificity == specificity), default=0.0)
        return quality, specificity

    # `max` returns the first of equal offers.
    best = max(offers, key=rank)
    return best if rank(best)[0] else offers[0]


def _ranges(accept: str) -> Iterator[_Range]:
    """Yield the media ranges of a header. A range that cannot be read is left out."""
    for each in accept.lower().split(","):
        pattern, *parameters = (part.strip() for part in each.split(";"))
        kind, _, subtype = pattern.partition("/")
        quality = next((part.removeprefix("q=") for part in parameters if part.startswith("q=")), "1")
        if kind and subtype and _QUALITY.fullmatch(quality):
            specificity = 2 if subtype != "*" else 1 if kind != "*" else 0
            yield _Range(pattern, specificity, float(quality))


def _matches(range_: _Range, offer: str) -> bool:
    kind = offer.partition("/")[0]
    return range_.pattern in (offer, f"{kind}/*", "*/*")
