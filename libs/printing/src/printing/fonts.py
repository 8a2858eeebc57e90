"""Fonts for documents that are shown on a screen and printed by a server."""

from typing import Final

# The images have the first two. Browsers and other machines use the next that they have.
FONT_FAMILIES: Final = (
    '"Liberation Sans", "IPAexGothic", Arial, "Hiragino Sans", "Yu Gothic", "Noto Sans CJK JP", '
    '"DejaVu Sans", sans-serif'
)
"""Value of the CSS property `font-family`."""
