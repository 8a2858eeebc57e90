"""Tools that generate and check the files beside the contracts package. No service imports them."""
