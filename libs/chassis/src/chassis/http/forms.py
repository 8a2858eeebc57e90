"""Types of what clients send, in JSON and in forms."""

from typing import Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict


class JsonBody(BaseModel):
    """A JSON object whose values have the types that the OpenAPI document says: "5" is no integer.

    JSON has no type for ids and enumerations: a field of such a type needs `Strict(False)`.
    """

    model_config = ConfigDict(strict=True)


def blank_or(kind: Any) -> BeforeValidator:  # noqa: ANN401 - any type that pydantic knows
    """For an optional field of `kind`: a form in which nothing was chosen sends an empty string."""
    return BeforeValidator(
        lambda value: None if value == "" else value, json_schema_input_type=kind | Literal[""] | None
    )
