"""Serve and call HTTP."""
