"""The invariants: each a function that yields what breaks it, and whom that concerns."""
