"""Turn positioned words into lines and sections in reading order."""
