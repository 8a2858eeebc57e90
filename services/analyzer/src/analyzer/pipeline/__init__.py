"""Run analyses from event to published report."""
