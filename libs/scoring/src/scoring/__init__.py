"""Score a resume by rules that are published as versioned data.

The package is pure: it reads no clock and performs no I/O except for its own data files.
`scoring.report.builder.score` is the whole of it; the other modules are its steps, for a caller that consults
a language model in between. This module imports none of them, so that a caller loads only what it uses.
"""
