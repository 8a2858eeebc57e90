"""What makes and checks the files beside the contracts package; no service imports it."""
