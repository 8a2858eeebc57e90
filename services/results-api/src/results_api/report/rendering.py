"""The environment of all pages: style, Content-Security-Policy, and templates with their filters."""

import base64
import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from contracts.direction import direction_of
from contracts.plain_text import plain_text
from contracts.report import MAX_QUOTE_CHARACTERS
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from printing.fonts import FONT_FAMILIES

_STYLE: Final = (
    files("results_api.report")
    .joinpath("style.css")
    .read_text(encoding="utf-8")
    .replace("var(--font-families)", FONT_FAMILIES)
)
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
CONTENT_SECURITY_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def render(template: str, **values: Any) -> str:  # noqa: ANN401 - whatever the template takes
    """Return one HTML document without scripts and external resources."""
    return (
        _environment()
        .get_template(template)
        .render(
            fonts=FONT_FAMILIES,
            longest_quote=MAX_QUOTE_CHARACTERS,
            style=Markup(_STYLE),  # noqa: S704 - a file of this package
            **values,
        )
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("results_api.report", "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Control characters are not allowed in HTML, and bidirectional ones reorder the text around them.
        finalize=_plain,
    )
    environment.filters["direction"] = direction_of
    environment.filters["number"] = format_number
    environment.filters["signed"] = _signed
    return environment


def _plain(value: object) -> object:
    return plain_text(value) if type(value) is str else value


def format_number(value: float | None, decimals: int = 2) -> str:
    """Return a number with at most that many decimals, or a dash for None."""
    return "–" if value is None else f"{value:.{decimals}f}".rstrip("0").rstrip(".")


def _signed(value: float | None) -> str:
    if not value:
        return "±0" if value == 0 else "–"
    return f"{'+' if value > 0 else '−'}{format_number(abs(value), 1)}"
