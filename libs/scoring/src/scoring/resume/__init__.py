"""Parse a resume's text into sections, bullets and figures."""
