"""results-api: decides the status of each analysis, stores and serves results, publishes every change."""
