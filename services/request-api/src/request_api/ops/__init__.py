"""What on-call does by command: `python -m request_api.ops --help`."""
