"""Fixtures: a real browser, and a person in front of the console of a running system.

Debian's Chromium is used, because Playwright's own browsers are not downloaded here.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from local_stack.stack import Stack
from playwright.async_api import Browser, async_playwright

from tests.e2e.console.visitor import Visit, Visitor


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("there is no Chromium: install the package chromium")
    async with async_playwright() as playwright:
        # CI is root, which Chromium's sandbox does not allow. The pages are ours.
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture
async def visit(browser: Browser, stack: Stack) -> AsyncIterator[Visit]:
    """Open the console in a browser of its own. At the end, nothing may have left the origin."""
    async with AsyncExitStack() as visits:

        async def open_console(**options: Any) -> Visitor:
            context = await browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
            visits.push_async_callback(context.close)
            visitor = Visitor(await context.new_page(), url=stack.url)
            visits.callback(visitor.check_that_nothing_was_wrong)
            await visitor.open("/console/")
            return visitor

        yield open_console


@pytest.fixture
def token(stack: Stack) -> str:
    """Token of a consultant who has no data yet."""
    return stack.token(user_id=uuid4())
