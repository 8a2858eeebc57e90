"""Load a rubric from the data files next to this module."""

from importlib.resources import files
from typing import Any

from scoring.data import load_yaml
from scoring.rubric.model import Rubric


def load_rubric(edition: str = "v1") -> Rubric:
    """Return the rubric of an edition.

    Raises:
        pydantic.ValidationError: the data are inconsistent.
    """
    folder = files("scoring.rubric") / edition

    def read(name: str) -> dict[str, Any]:
        return load_yaml(folder / f"{name}.yaml")

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
