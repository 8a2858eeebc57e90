"""Fonts for documents that are shown on a screen and printed by a server."""

from typing import Final

# The images have Liberation and DejaVu, IPAexGothic for Japanese, and WenQuanYi for Korean and the Chinese
# characters that IPAexGothic lacks. Browsers and other machines use the first that they have.
FONT_FAMILIES: Final = (
    '"Liberation Sans", "IPAexGothic", Arial, "Hiragino Sans", "Yu Gothic", "Noto Sans CJK JP", '
    '"WenQuanYi Micro Hei", "DejaVu Sans", sans-serif'
)
"""Value of the CSS property `font-family`."""
