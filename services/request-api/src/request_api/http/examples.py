"""Examples in the OpenAPI document: the requests and answers of `make demo`, and a job."""

from typing import Any, Final

_RESUME_ID: Final = "5b0a4f3a-6f0f-4a57-8a53-0a8f4a1b9a77"

_UPLOAD: Final[dict[str, Any]] = {
    "id": _RESUME_ID,
    "candidate_id": "b3d0c7de-3e2c-4f8e-9a5e-3d6b0c4f2e10",
    "filename": "mariko-ellison.pdf",
    "file": {
        "name": "mariko-ellison.pdf",
        "size": 5475,
        "type": "application/pdf",
        "lastModified": 1796030995000,
    },
    "status": "completed",
    "progress": 100,
    "extracted_text": "Mariko Ellison\nBoston, MA | mariko.ellison@example.com\n\nSummary\n...",
}
_ANALYZE: Final[dict[str, Any]] = {
    "industry": "strategy_consulting",
    "analysis_depth": "standard",
    "report_language": "en",
}
_ACCEPTED: Final[dict[str, Any]] = {
    "analysis_id": "0ee46d3e-2e24-4dfd-9f6f-6a2d2b7a3c11",
    "status": "pending",
    "message": "Analysis request created successfully",
}
_JOB: Final[dict[str, Any]] = {
    "title": "Data engineer",
    "text": "Requirements\n- 3+ years of experience with Python\n- Under 35 years old",
    "language": "en",
}
_REQUIREMENT: Final[dict[str, Any]] = {
    "id": "2f6b1f0c9d3e4a57",
    "kind": "experience_years",
    "importance": "must",
    "terms": ["Python"],
    "minimum": {"years": 3.0, "level": None},
    "weight": 1.0,
    "esco": None,
}
_ADDED: Final[dict[str, Any]] = {
    "kind": "skill",
    "importance": "nice_to_have",
    "terms": ["Kafka", "Pulsar"],
    "weight": 0.5,
}
_USER_ID: Final = "7c1d9f52-6f7e-4f0a-9a1c-5d0f4b8e2a31"
_JOB_VIEW: Final[dict[str, Any]] = {
    "id": "f2a7c1de-94b5-4e0b-8f0e-6f1f2f3b4c5d",
    "status": "open",
    "version": 1,
    "latest_version": 1,
    **_JOB,
    "requirements": [
        {**_REQUIREMENT, "quote": "3+ years of experience with Python", "origin": "text"},
    ],
    "removed": [],
    "left_out": [{"quote": "Under 35 years old", "ground": "age"}],
    "dropped": 0,
    "created_by": _USER_ID,
    "created_at": "2026-11-30T09:00:00Z",
    "closed_at": None,
    "written_by": _USER_ID,
    "written_at": "2026-11-30T09:00:00Z",
}

EXAMPLES: Final[dict[str, list[object]]] = {
    "UploadView": [_UPLOAD],
    "AnalyzeBody": [_ANALYZE],
    "AnalysisAccepted": [_ACCEPTED],
    "JobBody": [_JOB],
    "RewrittenJob": [{**_JOB, "version": 1}],
    "EditedRequirements": [{"version": 1, "requirements": [_REQUIREMENT, _ADDED]}],
    "JobView": [_JOB_VIEW],
}
