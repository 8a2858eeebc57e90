"""Entry point: `python -m results_api`."""

from chassis.http.server import serve
from chassis.telemetry.logs import configure_logs

from results_api.main import create_app
from results_api.settings import Settings

SERVICE = "results-api"

settings = Settings()
configure_logs(service=SERVICE, level=settings.log_level, log_format=settings.log_format)
serve(create_app(settings), settings, service=SERVICE)
