"""Turn assessments into the report: scores, findings, feedback."""
