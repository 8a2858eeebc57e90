"""Accepts resumes and analysis requests. Owns review_requests and what they stand on."""
