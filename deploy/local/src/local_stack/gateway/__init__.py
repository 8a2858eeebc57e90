"""Envoy as the local gateway, and the values of its configuration template."""
