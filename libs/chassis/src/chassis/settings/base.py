"""Base of all settings."""

from collections.abc import Mapping

from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsWithoutInput(BaseSettings):
    """Settings whose validation errors do not quote the input, which is often a misplaced secret."""

    model_config = SettingsConfigDict(hide_input_in_errors=True)


def refuse_unused(prefix: str, values: Mapping[str, object], *, to_use: str) -> None:
    """Raise ValueError if one of the values is set although it would have no effect."""
    names = ", ".join(f"{prefix}_{name}" for name, value in values.items() if value is not None)
    if names:
        raise ValueError(f"{names} would have no effect: set {to_use}")
