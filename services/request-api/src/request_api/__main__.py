"""Serve: `python -m request_api`."""

from chassis.http.server import serve
from chassis.telemetry.logs import configure_logs

from request_api.main import create_app
from request_api.settings import Settings

SERVICE = "request-api"

settings = Settings()
configure_logs(service=SERVICE, level=settings.log_level, log_format=settings.log_format)
serve(create_app(settings), settings, service=SERVICE)
