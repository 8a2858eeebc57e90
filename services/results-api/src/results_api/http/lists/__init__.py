"""Lists of analyses: their parameters, cursors and formats."""
