"""For all tests."""

from chassis.logs import configure_logs

# As the services log, so that a test that fails shows no more than they would.
configure_logs(service="tests", log_format="console")
