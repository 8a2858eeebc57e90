"""Find and remove what identifies a person. A language model and the readers of a blind CV see the same."""

from scoring.blinding.identity import find_identity
from scoring.blinding.neutral import BlindText, blind

__all__ = ["BlindText", "blind", "find_identity"]
