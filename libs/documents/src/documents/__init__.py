"""From the bytes of an uploaded file to its visible text, layout signals and sections.

`read.read_document` is the only way in. This file imports nothing: the worker process starts through it, and
every import is time that the person who uploads waits for.
"""
