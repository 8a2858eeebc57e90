"""Match resumes to a job by rules, with evidence.

The package is pure: it reads no clock and performs no I/O except for its own data files. A resume is read
once by `read_resume` and can then be matched to many jobs.
"""

from contracts.matching import JobRequirements, LeftOut, Match, Minimum, Requirement, RequirementMatch

from matching.evidence.reading import Reading, index_resume, read_resume
from matching.extraction import extract_requirements
from matching.job.protected import find_ground
from matching.matcher import match, matcher_version, unreadable
from matching.messages import reason_sentence

__all__ = [
    "JobRequirements",
    "LeftOut",
    "Match",
    "Minimum",
    "Reading",
    "Requirement",
    "RequirementMatch",
    "extract_requirements",
    "find_ground",
    "index_resume",
    "match",
    "matcher_version",
    "read_resume",
    "reason_sentence",
    "unreadable",
]
