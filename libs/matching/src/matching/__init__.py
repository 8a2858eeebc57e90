"""Match resumes to a job by rules, with evidence.

The package is pure: it reads no clock and performs no I/O except for its own data files.
`matching.extraction` reads a job, `matching.evidence.reading` a resume, which can then be matched to many
jobs by `matching.matcher`. This module imports none of them, so that a caller loads only what it uses.
"""
