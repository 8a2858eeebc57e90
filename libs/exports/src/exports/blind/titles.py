"""The title of a blind CV in each language."""

from typing import Final

TITLES: Final = {"en": "Candidate profile", "ja": "候補者プロフィール"}
