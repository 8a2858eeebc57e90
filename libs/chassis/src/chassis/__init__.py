"""Technical code that several services share. It knows nothing of the domain."""
