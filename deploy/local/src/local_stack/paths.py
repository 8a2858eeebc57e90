"""Paths in the repository, and the folders for the data of the stack."""

from pathlib import Path

# The package is installed editable, so this file is in deploy/local/src/local_stack/.
ROOT = Path(__file__).resolve().parents[4]
LOCAL = ROOT / ".local"
JARS = LOCAL / "kafka-jars"
ENVOY_TEMPLATE = ROOT / "deploy" / "envoy" / "envoy.yaml"

# One folder for each kind of run, so that they do not share data.
UP = LOCAL / "up"
DEMO = LOCAL / "demo"
