"""A language model answers a checklist; what it says counts as far as its quotes occur in the resume."""
