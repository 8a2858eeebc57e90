"""Types of JSON bodies and form fields."""

from typing import Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict


class JsonBody(BaseModel):
    """A JSON object whose values must have the types of the OpenAPI document: "5" is not an integer.

    A field for an id or an enumeration needs `Strict(False)`, because JSON has no such types.
    """

    model_config = ConfigDict(strict=True)


def blank_or(kind: Any) -> BeforeValidator:  # noqa: ANN401 - any type that pydantic knows
    """Return a validator that reads an empty string, which forms send for no choice, as None."""
    return BeforeValidator(
        lambda value: None if value == "" else value, json_schema_input_type=kind | Literal[""] | None
    )
