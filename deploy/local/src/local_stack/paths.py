"""Where things are in the repository, and where the stack keeps its data."""

from pathlib import Path

# The package is installed editable, so this file stands in deploy/local/src/local_stack/.
ROOT = Path(__file__).resolve().parents[4]
LOCAL = ROOT / ".local"
JARS = LOCAL / "kafka-jars"
ENVOY_TEMPLATE = ROOT / "deploy" / "envoy" / "envoy.yaml"

# One folder for each kind of run, so that they do not meet.
UP = LOCAL / "up"
DEMO = LOCAL / "demo"
