"""Reads the data files that stand beside this module; the only I/O of the package."""

from importlib.resources import files
from typing import Any

import yaml

from analyzer.scoring.rubric.model import Rubric


def load_rubric(edition: str = "v1") -> Rubric:
    """The rubric of an edition; raises `pydantic.ValidationError` where its data do not hold together."""
    folder = files("analyzer.scoring.rubric") / edition

    def read(name: str) -> dict[str, Any]:
        data: dict[str, Any] = yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
        return data

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
