"""SQL of what the legacy backend left or decides in a shared database."""
