"""What forms send."""

from typing import Any, Literal

from pydantic import BeforeValidator


def blank_or(kind: Any) -> BeforeValidator:  # noqa: ANN401 - any type that pydantic knows
    """For an optional field of `kind`: a form in which nothing was chosen sends an empty string."""
    return BeforeValidator(
        lambda value: None if value == "" else value, json_schema_input_type=kind | Literal[""] | None
    )
