"""Start the service: `python -m analyzer`."""

from chassis.http.server import serve
from chassis.telemetry.logs import configure_logs

from analyzer.main import create_app
from analyzer.settings import Settings

SERVICE = "analyzer"

settings = Settings()
configure_logs(service=SERVICE, level=settings.log_level, log_format=settings.log_format)
serve(create_app(settings), settings, service=SERVICE)
