"""Run analyses from the event that requests one to the event with its report."""
