"""Examples in the OpenAPI document: the requests and answers of `make demo`."""

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

EXAMPLES: Final[dict[str, list[object]]] = {
    "UploadView": [_UPLOAD],
    "AnalyzeBody": [_ANALYZE],
    "AnalysisAccepted": [_ACCEPTED],
}
