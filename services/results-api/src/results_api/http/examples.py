"""Examples in the OpenAPI document: the answers to `make demo`, with shortened lists."""

from typing import Any, Final

_ANALYSIS_ID: Final = "0ee46d3e-2e24-4dfd-9f6f-6a2d2b7a3c11"
_COMPLETED_AT: Final = "2026-11-30T09:30:01.204Z"
_SUMMARY: Final = (
    "The resume scores 94 of 100 for strategy consulting: 100 for machine readability, 94 for content, "
    "100 for formatting and 85 for fit with the target."
)
_STRENGTH: Final = "10 of 15 bullets give an amount; in strong resumes around 60 % do."
_ISSUE: Final = "11 of 15 bullets use a strong verb for what the candidate did."
_FIX: Final = (
    'Instead of "Responsible for", "Helped with", and "Worked on", say what the candidate did: "Led", '
    '"Built", "Negotiated".'
)
_NO_TEXT: Final = "The resume holds no readable text; upload a file whose text can be selected."
_QUOTE: Final = "Mentor six analysts, of whom four were promoted within two years."

_DETAILED_SCORES: Final[dict[str, Any]] = {
    "structure_analysis": {
        "scores": {"format": 100, "organization": 100, "tone": 88, "completeness": 100},
        "feedback": {
            "strengths": [_STRENGTH],
            "improvement_areas": [],
            "specific_feedback": [
                {
                    "category": "structure",
                    "target_text": "Worked on the redesign of loyalty promotions.",
                    "issue": '"worked on" does not say what the candidate did.',
                    "suggestion": "Open with the action itself, in the past tense for finished work.",
                }
            ],
            "issues": [_ISSUE],
            "recommendations": [_FIX],
            "missing_sections": [],
            "priority_improvements": [f"{_FIX} (worth up to 1.8 points overall)"],
        },
        "metadata": {"total_sections": 6, "word_count": 523, "reading_time": 3},
    },
    "appeal_analysis": {
        "scores": {
            "achievement_relevance": 92,
            "skills_alignment": 84,
            "experience_fit": 86,
            "competitive_positioning": 85,
        },
        "feedback": {
            "strengths": ["About 11 years in positions close to strategy consulting."],
            "improvement_areas": [],
            "specific_feedback": [],
            "relevant_achievements": [_QUOTE],
            "missing_skills": ["Structured analysis", "Financial modelling"],
            "competitive_advantages": [],
            "transferable_experience": [f'Leading people: "{_QUOTE}"'],
        },
    },
    "market_tier": "senior",
    "ai_analysis_id": _ANALYSIS_ID,
    "conversion_timestamp": _COMPLETED_AT,
    "criteria": [
        {
            "id": "content.action_verbs",
            "area": "content",
            "points": 11.0,
            "max": 15.0,
            "method": "rule",
            "evidence": [{"quote": _QUOTE, "start": 1357, "end": 1422, "page": 1}],
            "reason": _ISSUE,
            "fix": _FIX,
            "potential_gain": 1.8,
            "confidence": 0.85,
            "spread": None,
        }
    ],
    "contributions": {"ats": 25.0, "content": 42.3, "formatting": 10.0, "industry_fit": 17.0},
    "cap_reason": None,
    "next_steps": [f"{_FIX} (worth up to 1.8 points overall)"],
    "not_assessable": [],
    "notices": ["This is advice on the resume, not a prediction of a hiring decision."],
    "rubric_version": "2026.11.6",
    "model_run": None,
    "findings": [],
    "scrambled": [],
    "section_feedback": [],
    "rewrites": [],
}
_RESULT: Final[dict[str, Any]] = {
    "analysis_id": _ANALYSIS_ID,
    "overall_score": 94,
    "ats_score": 100,
    "content_score": 94,
    "formatting_score": 100,
    "industry": "strategy_consulting",
    "executive_summary": _SUMMARY,
    "detailed_scores": _DETAILED_SCORES,
    "ai_model_used": "rules/2026.11.6",
    "processing_time_ms": 31,
    "completed_at": _COMPLETED_AT,
    "changes": None,
    "market_tier": "senior",
    "analysis_summary": _SUMMARY,
    "structure_feedback": f"{_STRENGTH}\n{_ISSUE}",
    "appeal_feedback": "About 11 years in positions close to strategy consulting.",
    "issues": [_ISSUE],
    "recommendations": [_FIX],
    "missing_sections": [],
    "priority_improvements": [f"{_FIX} (worth up to 1.8 points overall)"],
}
_STATUS: Final[dict[str, Any]] = {
    "analysis_id": _ANALYSIS_ID,
    "status": "processing",
    "requested_at": "2026-11-30T09:30:01.102Z",
    "completed_at": None,
    "result": None,
    "failure": None,
    "detail": "",
    "message": "",
}
_COMPLETED: Final[dict[str, Any]] = {
    **_STATUS,
    "status": "completed",
    "completed_at": _COMPLETED_AT,
    "result": _RESULT,
}
_FAILED: Final[dict[str, Any]] = {
    **_STATUS,
    "status": "failed",
    "completed_at": _COMPLETED_AT,
    "failure": {
        "code": "no_text",
        "detail": _NO_TEXT,
    },
    "detail": _NO_TEXT,
    "message": _NO_TEXT,
}

EXAMPLES: Final[dict[str, list[object]]] = {
    "ResultView": [_RESULT],
    "StatusView": [
        {**_STATUS, "status": "completed", "completed_at": _COMPLETED_AT, "result": _RESULT},
        _STATUS,
        _FAILED,
    ],
}
