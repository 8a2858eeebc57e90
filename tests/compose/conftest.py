"""The stack of docker compose, which is built and started once."""

from collections.abc import Iterator

import pytest

from tests.support.stacks.compose import Compose


@pytest.fixture(scope="session")
def compose() -> Iterator[Compose]:
    compose = Compose()
    try:
        compose("up", "--build", "--wait")
        yield compose
    finally:
        compose("down", "--volumes", "--timeout", "10")
