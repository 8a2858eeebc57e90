"""Serve: `python -m analyzer`."""

from chassis.http import serve
from chassis.logs import configure_logs

from analyzer.main import create_app
from analyzer.settings import Settings

settings = Settings()
configure_logs(service="analyzer", level=settings.log_level, log_format=settings.log_format)
serve(create_app(settings), settings)
