"""Fixtures: the whole system as started by `make up`, with its own ports and folder."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from local_stack.ports import Ports
from local_stack.processes.log import Log
from local_stack.stack import Stack

from tests.support.http.api_client import ApiClient


@pytest.fixture(scope="session")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Log file of all processes."""
    return tmp_path_factory.mktemp("e2e") / "stack.log"


@pytest_asyncio.fixture(scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory, log_file: Path) -> AsyncIterator[Stack]:
    with log_file.open("w") as stream:
        stack = Stack(
            data_dir=tmp_path_factory.mktemp("stack"),
            ports=Ports.free(),
            durable=False,
            has_sign_in=True,
            log=Log(stream=stream),
        )
        async with stack:
            yield stack


@pytest.fixture
def new_consultant(stack: Stack) -> Callable[..., ApiClient]:
    def make(role: str = "junior_recruiter") -> ApiClient:
        return ApiClient(url=stack.url, token=stack.token(role=role, user_id=uuid4()))

    return make


@pytest_asyncio.fixture
async def consultant(new_consultant: Callable[..., ApiClient]) -> AsyncIterator[ApiClient]:
    consultant = new_consultant()
    yield consultant
    await consultant.close()


@pytest_asyncio.fixture
async def stranger(new_consultant: Callable[..., ApiClient]) -> AsyncIterator[ApiClient]:
    stranger = new_consultant()
    yield stranger
    await stranger.close()


@pytest_asyncio.fixture
async def senior(new_consultant: Callable[..., ApiClient]) -> AsyncIterator[ApiClient]:
    senior = new_consultant("senior_recruiter")
    yield senior
    await senior.close()
