"""Settings, from the environment: `REQUEST_API_...`; all are checked at start."""

from datetime import timedelta
from typing import Annotated

from chassis.settings import AuthSettings, DatabaseSettings, ServiceSettings
from contracts.vocabulary import ReportLanguage
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from request_api.domain.analysis import Patience


class Settings(ServiceSettings, DatabaseSettings, AuthSettings):
    """All that request-api can be told."""

    model_config = SettingsConfigDict(env_prefix="REQUEST_API_")

    port: Annotated[int, Field(ge=1, le=65535)] = 8081
    # Files read at the same time, a process each; more than there are cores only makes each slower.
    document_readers: Annotated[int, Field(ge=1, le=64)] = 3
    # Uploads at once in this process, from the first byte to the answer. Each may hold 30 MB of the temporary
    # disk, which is 1 GB on Kubernetes.
    uploads: Annotated[int, Field(ge=1, le=10_000)] = 32
    # Of one user: as many connections as a browser opens to one address.
    uploads_per_user: Annotated[int, Field(ge=1, le=10_000)] = 6
    # For a file to arrive; less than the gateway's 30 s, so that the answer says what was too slow.
    upload_seconds: Annotated[float, Field(gt=0, le=600)] = 25
    # Of reports whose request names none. None: Japanese beside the legacy backend, whose pages are Japanese,
    # and the resume's own everywhere else.
    report_language: ReportLanguage | None = None
    # Analyses that one person may ask for within 24 hours: ten batches of 50.
    max_analyses_per_day: Annotated[int, Field(ge=1, le=1_000_000)] = 500
    # As the gateway in front is configured, which enforces them: told to the frontend, and nothing else.
    gateway_requests_per_second: Annotated[int, Field(ge=1)] = 60
    gateway_burst: Annotated[int, Field(ge=1)] = 300
    # How long to wait for news of an analysis's end until its event is emitted again; then twice as long.
    reemit_seconds: Annotated[float, Field(gt=0, le=86_400)] = 1800
    # How long it may take in all; Kafka keeps what it is made of for 72 hours.
    deadline_hours: Annotated[float, Field(gt=0, le=72)] = 24

    def patience(self) -> Patience:
        """How long to wait for an analysis."""
        return Patience(
            reemit_after=timedelta(seconds=self.reemit_seconds), deadline=timedelta(hours=self.deadline_hours)
        )
