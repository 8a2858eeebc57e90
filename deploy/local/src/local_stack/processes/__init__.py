"""Child processes: start, watch, log and stop them."""
