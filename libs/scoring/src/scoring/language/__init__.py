"""Words, terms and dates in English and Japanese."""
