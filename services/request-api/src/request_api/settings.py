"""Settings of request-api, from environment variables with the prefix `REQUEST_API_`."""

from datetime import timedelta
from typing import Annotated

from chassis.settings import AuthSettings, DatabaseSettings, ServiceSettings
from contracts.vocabulary import ReportLanguage
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from request_api.domain.watchdog import WatchdogPolicy


class Settings(ServiceSettings, DatabaseSettings, AuthSettings):
    """Settings of the service. All are validated at start."""

    model_config = SettingsConfigDict(env_prefix="REQUEST_API_")

    port: Annotated[int, Field(ge=1, le=65535)] = 8081
    # Files read at the same time, each in its own process. More than the number of cores slows each one down.
    document_readers: Annotated[int, Field(ge=1, le=64)] = 3
    # Uploads at the same time in this process, from the first byte to the response. Each may take 30 MB of
    # the temporary disk, which has 1 GB on Kubernetes.
    uploads: Annotated[int, Field(ge=1, le=10_000)] = 32
    # Uploads of one user at the same time. A browser opens six connections to one address.
    uploads_per_user: Annotated[int, Field(ge=1, le=10_000)] = 6
    # Exports of resumes at the same time, each in its own process. One user takes all but one at most.
    exports: Annotated[int, Field(ge=1, le=64)] = 3
    # Time for a file to arrive. Less than the gateway's 30 s, so that the response can explain the timeout.
    upload_seconds: Annotated[float, Field(gt=0, le=600)] = 25
    # Language of reports whose request names none. None means Japanese beside the legacy backend, whose pages
    # are Japanese, and the language of the resume everywhere else.
    report_language: ReportLanguage | None = None
    # Analyses that one user may request within 24 hours: ten batches of 50.
    max_analyses_per_day: Annotated[int, Field(ge=1, le=1_000_000)] = 500
    # Open jobs of one user: more than a consultant works on, and a bound on what a looping client stores.
    max_open_jobs: Annotated[int, Field(ge=1, le=1_000_000)] = 500
    # Unfinished matches of one user: four requests of 500. Those of other users wait for them.
    max_unfinished_matches: Annotated[int, Field(ge=1, le=1_000_000)] = 2_000
    # Matches that one user may request within 24 hours: twenty requests of 500.
    max_matches_per_day: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000
    # Rate limits of the gateway, which enforces them. Here they are only reported to the frontend.
    gateway_requests_per_second: Annotated[int, Field(ge=1)] = 60
    gateway_burst: Annotated[int, Field(ge=1)] = 300
    # Time to wait for the end of an analysis before its event is emitted again. Doubles with each emission.
    reemit_seconds: Annotated[float, Field(gt=0, le=86_400)] = 1800
    # Time after which an analysis expires. Kafka keeps its events for 72 hours.
    deadline_hours: Annotated[float, Field(gt=0, le=72)] = 24

    def watchdog_policy(self) -> WatchdogPolicy:
        """Return the times after which the watchdog acts."""
        return WatchdogPolicy(
            reemit_after=timedelta(seconds=self.reemit_seconds), deadline=timedelta(hours=self.deadline_hours)
        )
