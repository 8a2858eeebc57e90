"""Check what a model answered before it counts."""
