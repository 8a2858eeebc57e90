"""Commands for on-call: `python -m request_api.ops --help`."""
