"""A fake model, and analyses with it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from tests.support.analyses import analyses
from tests.support.fakes.labels import topics_rightly
from tests.support.fakes.model import FakeModel, fake_model


@pytest_asyncio.fixture
async def model() -> AsyncIterator[FakeModel]:
    """Start a fake model that answers the question about topics rightly, aside from its `requests`."""
    async with fake_model() as server:
        server.aside = topics_rightly
        yield server


@pytest_asyncio.fixture
async def analyze(model: FakeModel) -> AsyncIterator[Any]:
    """Return a function that analyzes a resume with the fake model."""
    async with analyses(model.url) as analyze:
        yield analyze
