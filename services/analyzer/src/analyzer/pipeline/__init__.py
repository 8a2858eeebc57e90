"""Run analyses and matches, from the event that requests one to the event with its outcome."""
