"""Fixtures: a system with a fake model and a fake trace collector."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from local_stack.ports import Ports
from local_stack.processes.log import Log
from local_stack.stack import Stack

from tests.support.fakes.model import FakeModel, fake_model
from tests.support.fakes.model_behaviour import FakeModelBehaviour
from tests.support.fakes.trace_collector import FakeTraceCollector, fake_trace_collector
from tests.support.http.api_client import ApiClient


@pytest.fixture(scope="session")
def spans() -> Iterator[FakeTraceCollector]:
    with fake_trace_collector() as collector:
        yield collector


@pytest_asyncio.fixture(scope="session")
async def model() -> AsyncIterator[FakeModel]:
    async with fake_model() as fake:
        fake.replies = FakeModelBehaviour(manner="sensible")
        yield fake


@pytest.fixture(scope="session")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Log file of all processes."""
    return tmp_path_factory.mktemp("signals") / "stack.log"


@pytest_asyncio.fixture(scope="session")
async def stack(
    tmp_path_factory: pytest.TempPathFactory, log_file: Path, spans: FakeTraceCollector, model: FakeModel
) -> AsyncIterator[Stack]:
    """Start a system with a model, trace export and JSON logs."""
    environment = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": spans.url,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "OPENAI_API_KEY": "sk-canary-key",
        "OPENAI_BASE_URL": model.url,
        "ANALYZER_STARTED_AFTER_SECONDS": "60",
        "ANALYZER_MODEL_INPUT_PRICE": "1",
        "ANALYZER_MODEL_OUTPUT_PRICE": "2",
        **{f"{service}_LOG_FORMAT": "json" for service in ("REQUEST_API", "ANALYZER", "RESULTS_API")},
    }
    with log_file.open("w") as stream:
        stack = Stack(
            data_dir=tmp_path_factory.mktemp("stack"),
            ports=Ports.free(),
            durable=False,
            environment=environment,
            log=Log(stream=stream),
        )
        async with stack:
            yield stack


@pytest_asyncio.fixture
async def consultant(stack: Stack) -> AsyncIterator[ApiClient]:
    consultant = ApiClient(url=stack.url, token=stack.token(user_id=uuid4()))
    yield consultant
    await consultant.close()
