"""Serves analyses: decides their status, keeps their results, tells everybody. Owns review_results."""
