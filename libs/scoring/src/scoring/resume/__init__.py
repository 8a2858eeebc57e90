"""Parse a resume into sections, positions, bullets and amounts."""
