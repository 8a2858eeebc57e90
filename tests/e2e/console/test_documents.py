"""Documents that a consultant takes along from the console, and the report page that they come from."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from local_stack.stack import Stack
from playwright.async_api import Download, Page, Route, expect

from tests.e2e.console.test_console import STRONG, button, without_analyzer
from tests.e2e.console.visitor import Visit, Visitor
from tests.support import files
from tests.support.http.api_client import ApiClient
from tests.support.polling import eventually

ARABIC = f"نور الهدى\n{STRONG}\n- أطلقت 14 نظاما لـ 120 متجرا وخفضت التكلفة بنسبة 30%\n"


async def download(page: Page, name: str) -> tuple[Download, bytes]:
    """Return what a button downloads."""
    async with page.expect_download() as downloads:
        await button(page, name).click()
    found = await downloads.value
    return found, Path(await found.path()).read_bytes()  # noqa: ASYNC240 - a few kilobytes


async def completed(visitor: Visitor, token: str, *, name: str, data: bytes) -> str:
    """Analyse a resume in the console and return the path of its report page."""
    await visitor.sign_in(token)
    await visitor.add_candidate("Mina", "Example")
    await visitor.choose(name, data)
    await visitor.analyse()
    await visitor.sees_report()
    analysis_id = visitor.page.url.rstrip("/").rsplit("/", 1)[-1]
    return f"/api/v1/analysis/analysis/{analysis_id}/report"


async def test_report_and_blind_cv_are_downloaded(visit: Visit, token: str) -> None:
    visitor = await visit()
    await completed(visitor, token, name="cv.txt", data=STRONG.encode())
    report, pdf = await download(visitor.page, "Report as PDF")
    assert report.suggested_filename.endswith(".pdf")
    assert pdf.startswith(b"%PDF-")
    blind, docx = await download(visitor.page, "Blind CV")
    assert blind.suggested_filename.endswith(".docx")
    with zipfile.ZipFile(io.BytesIO(docx)) as parts:
        document = parts.read("word/document.xml").decode()
    assert "Reduced" in document
    assert files.NAME not in document


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cv.txt", STRONG.encode()),
        ("履歴書.pdf", files.japanese_resume_pdf()),
        ("cv-ar.txt", ARABIC.encode()),
    ],
    ids=["English", "Japanese", "right to left"],
)
async def test_report_page_is_accessible(visit: Visit, token: str, name: str, data: bytes) -> None:
    visitor = await visit()
    path = await completed(visitor, token, name=name, data=data)
    await visitor.page.set_extra_http_headers({"Authorization": f"Bearer {token}"})
    await visitor.open(path)
    await expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
    await visitor.check_accessibility()


async def test_cut_stream_goes_on_after_the_last_event(visit: Visit, token: str, stack: Stack) -> None:
    api = ApiClient(url=stack.url, token=token)
    visitor = await visit()
    resumed_after: list[str | None] = []
    async with without_analyzer(stack):
        resume_id = await api.new_resume("cv.txt", STRONG.encode())
        analysis_id = (await api.analyze(resume_id)).json()["analysis_id"]
        status = (await api.status(analysis_id)).json()

        async def cut_once(route: Route) -> None:
            resumed_after.append(route.request.headers.get("last-event-id"))
            if len(resumed_after) > 1:
                await route.continue_()
                return
            event = f"id: 1.pending\nevent: status\ndata: {json.dumps(status)}\n\n"
            await route.fulfill(headers={"content-type": "text/event-stream"}, body=event)

        await visitor.page.route("**/events", cut_once)
        await visitor.sign_in(token)
        await visitor.open(f"/console/#/analyses/{analysis_id}")

        async def streams() -> int:
            return len(resumed_after)

        await eventually(streams, until=lambda count: count > 1)
    await visitor.sees_report()
    assert resumed_after == [None, "1.pending"]
    await api.close()
