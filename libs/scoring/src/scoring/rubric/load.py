"""Reads the data files that stand beside this module."""

from importlib.resources import files
from typing import Any

from scoring.data import read_yaml
from scoring.rubric.model import Rubric


def load_rubric(edition: str = "v1") -> Rubric:
    """The rubric of an edition; raises `pydantic.ValidationError` where its data do not hold together."""
    folder = files("scoring.rubric") / edition

    def read(name: str) -> dict[str, Any]:
        return read_yaml(folder / f"{name}.yaml")

    return Rubric.model_validate(
        {
            **read("criteria"),
            "headings": read("headings"),
            "words": read("words"),
            "skills": read("skills"),
            "appeals": read("appeals"),
            "industries": read("industries"),
        }
    )
