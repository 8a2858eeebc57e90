"""Names of the services as sources of events: `ce_source` on the wire."""

from typing import Final

REQUEST_API: Final = "/resume-review/request-api"
ANALYZER: Final = "/resume-review/analyzer"
RESULTS_API: Final = "/resume-review/results-api"
