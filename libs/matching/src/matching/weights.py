"""The weight of a requirement in the score. It needs no data and no other module of the matcher."""

from typing import Final

from contracts.matching import Requirement

# A must counts as much as three wishes.
_IMPORTANCE: Final = {"must": 3.0, "nice_to_have": 1.0}
# A duty tells less about a candidate than what the job asks for.
_DUTY: Final = 0.7


def weigh(requirement: Requirement) -> float:
    """Return the weight of a requirement."""
    duty = _DUTY if requirement.kind == "responsibility" else 1.0
    return requirement.weight * _IMPORTANCE[requirement.importance] * duty
