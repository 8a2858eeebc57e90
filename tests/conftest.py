"""For all tests."""

import os

from chassis.logs import configure_logs

# As the services log, so that a test that fails shows no more than they would.
configure_logs(service="tests", log_format="console")

# No test asks a real model, whatever the shell has a key for.
for name in [name for name in os.environ if name.startswith(("OPENAI_", "ANALYZER_OPENAI_"))]:
    del os.environ[name]
