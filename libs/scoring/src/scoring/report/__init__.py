"""Turn assessments into scores, findings and the report."""
