"""Read the characters of PDF pages with their positions, fonts and meaning."""
