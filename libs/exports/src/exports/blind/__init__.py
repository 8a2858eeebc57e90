"""The blind CV: the content of a resume in a plain layout, without the identity of its person."""
