"""The time between the signal to stop and the stop, in which callers leave for other replicas."""


class Shutdown:
    """Once it has begun, the process is not ready, and each response closes its connection."""

    def __init__(self) -> None:
        self.has_begun = False
