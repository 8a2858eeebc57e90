"""The report page over HTTP: HTML and PDF, the text of the resume, conditional requests and limits."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pypdfium2
import pytest
from contract_tools.files import event_schema
from contracts.events import AnalysisSucceeded
from contracts.report import Criterion, Evidence
from fastapi import FastAPI
from local_stack.ports import LOOPBACK
from printing.limits import Limits
from printing.renderer import PdfRenderer
from pydantic import SecretStr
from results_api.http import services
from results_api.main import create_app
from results_api.settings import Settings

from tests.integration.conftest import SECONDS_TO_DRAIN, FakeRequestApi, User
from tests.integration.results_api.reading import status_of
from tests.support import events
from tests.support.auth.tokens import AUDIENCE, ISSUER, FakeIssuer
from tests.support.http.in_process import run_app
from tests.support.largest_values import largest_value
from tests.support.polling import eventually
from tests.support.servers.databases import Database
from tests.support.servers.kafka import publish

MakeApp = Callable[..., FastAPI]
PDF = "application/pdf"
QUOTE = "Reduced costs by 30% in 2023"


def path_of(analysis_id: UUID) -> str:
    return f"/api/v1/analysis/analysis/{analysis_id}/report"


def text_of(pdf: bytes) -> str:
    return "\n".join(each.get_textpage().get_text_bounded() for each in pypdfium2.PdfDocument(pdf))


@pytest.fixture
def make_app(results_database: Database, jwks_url: str) -> MakeApp:
    """Return a function that creates a results-api without Kafka and request-api."""

    def make(**settings: Any) -> FastAPI:
        return create_app(
            Settings(
                database_url=SecretStr(results_database.url),
                kafka_bootstrap_servers=f"{LOOPBACK}:1",
                auth_jwks_url=jwks_url,
                auth_issuer=ISSUER,
                auth_audience=AUDIENCE,
                request_api_url=f"http://{LOOPBACK}:1",
                drain_seconds=SECONDS_TO_DRAIN,
                **settings,
            )
        )

    return make


@pytest.fixture
def resume_id(fake_request_api: FakeRequestApi) -> Iterator[UUID]:
    """Let request-api know a resume, until the test removes it."""
    resume_id = uuid4()
    fake_request_api.answers[str(resume_id)] = (200, {"id": str(resume_id), "extracted_text": events.TEXT})
    yield resume_id
    fake_request_api.answers.pop(str(resume_id), None)


async def completed(bootstrap: str, api: httpx2.AsyncClient, user: User, resume_id: UUID) -> UUID:
    """Complete an analysis whose report quotes the resume."""
    context = events.analysis_context(requested_by=user.id, resume_id=resume_id)
    start = events.TEXT.index(QUOTE)
    criterion = Criterion(
        id="content.quantified",
        area="content",
        points=20,
        max=30,
        method="rule",
        evidence=(Evidence(quote=QUOTE, start=start, end=start + len(QUOTE)),),
        reason="1 of 1 bullets gives an amount.",
    )
    report = events.report()
    details = report.detailed_scores.model_copy(update={"criteria": (criterion,)})
    report = report.model_copy(update={"detailed_scores": details})
    await publish(bootstrap, events.requested(context), events.succeeded(context, report=report))
    await status_of(api, context.analysis_id, user, until="completed")
    return context.analysis_id


async def test_report_is_a_page_with_the_evidence_marked_in_the_resume(
    results_api: httpx2.AsyncClient,
    kafka_bootstrap: str,
    fake_request_api: FakeRequestApi,
    user: User,
    resume_id: UUID,
) -> None:
    path = path_of(await completed(kafka_bootstrap, results_api, user, resume_id))
    page = await results_api.get(path, headers=user.headers)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "private, no-cache"
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert page.headers["x-content-type-options"] == "nosniff"
    assert f"<mark>{QUOTE}</mark><sup>1</sup>" in page.text
    assert fake_request_api.asked[-1] == (str(resume_id), user.headers["Authorization"])

    known = {**user.headers, "If-None-Match": page.headers["etag"]}
    unchanged = await results_api.get(path, headers=known)
    assert (unchanged.status_code, unchanged.content) == (304, b"")

    fake_request_api.is_unavailable = True
    try:
        away = await results_api.get(path, headers=known)
    finally:
        fake_request_api.is_unavailable = False
    assert away.status_code == 200
    assert "it was not available when this page was created" in away.text
    del fake_request_api.answers[str(resume_id)]
    forbidden = await results_api.get(path, headers=known)
    assert "it was deleted, or you may not see it" in forbidden.text
    assert len({page.headers["etag"], away.headers["etag"], forbidden.headers["etag"]}) == 3


async def test_report_is_printed_as_pdf(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, resume_id: UUID
) -> None:
    path = path_of(await completed(kafka_bootstrap, results_api, user, resume_id))
    pdf = await results_api.get(f"{path}?format=pdf", headers=user.headers)
    assert (pdf.status_code, pdf.headers["content-type"]) == (200, PDF)
    assert pypdfium2.PdfDocument(pdf.content).is_tagged()
    text = text_of(pdf.content)
    assert "Mina Example" in text
    assert QUOTE in text

    accepted = await results_api.get(path, headers={**user.headers, "Accept": PDF})
    assert accepted.headers["content-type"] == PDF
    page = await results_api.get(path, headers={**user.headers, "Accept": f"text/html, {PDF}"})
    assert page.headers["content-type"].startswith("text/html")
    asked_for = await results_api.get(f"{path}?format=html", headers={**user.headers, "Accept": PDF})
    assert asked_for.headers["content-type"].startswith("text/html")
    assert page.headers["etag"] == asked_for.headers["etag"] != pdf.headers["etag"]
    known = {**user.headers, "If-None-Match": pdf.headers["etag"]}
    assert (await results_api.get(f"{path}?format=pdf", headers=known)).status_code == 304


async def test_without_a_result_the_answer_is_that_of_the_result_route(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User
) -> None:
    pending, failed, erased = (
        events.analysis_context(requested_by=user.id, resume_id=uuid4()) for _ in range(3)
    )
    await publish(kafka_bootstrap, *(events.requested(each) for each in (pending, failed, erased)))
    await publish(kafka_bootstrap, events.failed_to_run(failed), events.succeeded(erased))
    await status_of(results_api, pending.analysis_id, user, until="pending")
    await status_of(results_api, failed.analysis_id, user, until="failed")
    await status_of(results_api, erased.analysis_id, user, until="completed")
    await publish(kafka_bootstrap, events.erase_requested(erased))

    async def report_of_erased() -> httpx2.Response:
        return await results_api.get(path_of(erased.analysis_id), headers=user.headers)

    await eventually(report_of_erased, until=lambda answer: answer.status_code == 404)
    for analysis_id in (pending.analysis_id, failed.analysis_id, erased.analysis_id, uuid4()):
        for query in ("", "?format=pdf"):
            answer = await results_api.get(path_of(analysis_id) + query, headers=user.headers)
            result = await results_api.get(path_of(analysis_id).removesuffix("/report"), headers=user.headers)
            assert answer.status_code == 404
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json() == result.json()


async def test_unknown_format_is_rejected(results_api: httpx2.AsyncClient, user: User) -> None:
    answer = await results_api.get(f"{path_of(uuid4())}?format=docx", headers=user.headers)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("format: ")


async def test_largest_report_with_the_longest_text_is_printed(
    results_api: httpx2.AsyncClient,
    kafka_bootstrap: str,
    fake_request_api: FakeRequestApi,
    user: User,
    resume_id: UUID,
) -> None:
    text = "\n".join(f"• {number} {'x' * 1_990}" for number in range(50))
    fake_request_api.answers[str(resume_id)] = (200, {"extracted_text": text})
    # By default its texts are control characters, which the page omits.
    value = largest_value(event_schema(AnalysisSucceeded), words="Led a team of ten. ")
    largest = AnalysisSucceeded.model_validate(value)
    context = events.analysis_context(requested_by=user.id, resume_id=resume_id)
    await publish(kafka_bootstrap, largest.model_copy(update={"analysis": context}))
    await status_of(results_api, context.analysis_id, user, until="completed")
    path = path_of(context.analysis_id)
    page = await results_api.get(path, headers=user.headers)
    assert page.status_code == 200
    assert text.splitlines()[-1] in page.text
    pdf = await results_api.get(f"{path}?format=pdf", headers=user.headers, timeout=60)
    assert pdf.status_code == 200, pdf.text
    assert "• 49" in text_of(pdf.content)


async def test_a_report_over_the_limits_of_a_pdf_is_refused(
    make_app: MakeApp, results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, resume_id: UUID
) -> None:
    path = path_of(await completed(kafka_bootstrap, results_api, user, resume_id))

    async def ask(limits: Limits) -> httpx2.Response:
        app = make_app()
        renderer = PdfRenderer(limits=limits)
        app.state.services = replace(app.state.services, pdf_renderer=renderer)
        async with run_app(app) as api:
            assert (await api.get(path, headers=user.headers)).status_code == 200
            return await api.get(f"{path}?format=pdf", headers=user.headers)

    too_large = await ask(Limits(pdf_bytes=100))
    assert (too_large.status_code, too_large.json()["code"]) == (422, "too_large_to_print")
    assert too_large.json()["detail"].endswith(": open the report as HTML.")
    assert "retry-after" not in too_large.headers
    busy = await ask(Limits(seconds=0.01))
    assert (busy.status_code, busy.json()["code"]) == (503, "renderer_busy")
    assert busy.json()["detail"].endswith(": open the report as HTML, or try again later.")
    assert busy.headers["retry-after"] == "5"


class FakeRenderer:
    """Prints nothing until it may."""

    def __init__(self) -> None:
        self.may_print = asyncio.Event()

    async def render(self, _html: str) -> bytes:
        await self.may_print.wait()
        return b"%PDF-1.7"


async def test_pdfs_beyond_the_limits_are_refused(
    make_app: MakeApp,
    results_api: httpx2.AsyncClient,
    kafka_bootstrap: str,
    issuer: FakeIssuer,
    resume_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The time in the queue has tests of its own.
    monkeypatch.setattr(services, "PRINT_WAIT_SECONDS", 300)
    users = [User(issuer) for _ in range(3)]
    paths = {
        each.id: path_of(await completed(kafka_bootstrap, results_api, each, resume_id)) for each in users
    }
    app, renderer = make_app(print_processes=2), FakeRenderer()
    app.state.services = replace(app.state.services, pdf_renderer=renderer)
    async with run_app(app) as api:

        async def get(user: User, query: str) -> httpx2.Response:
            return await api.get(f"{paths[user.id]}{query}", headers=user.headers)

        async def refused(requesters: list[User]) -> httpx2.Response:
            """Return the answer to the only request that has no place, after the others have theirs."""
            renderer.may_print.clear()
            requests = [asyncio.create_task(get(each, "?format=pdf")) for each in requesters]
            (first,), others = await asyncio.wait(requests, return_when=asyncio.FIRST_COMPLETED)
            # HTML needs none of the places.
            assert (await get(users[0], "")).status_code == 200
            assert not any(each.done() for each in others)
            renderer.may_print.set()
            assert {each.status_code for each in await asyncio.gather(*others)} == {200}
            return first.result()

        # One is printed, and three wait.
        own = await refused([users[0]] * 5)
        assert (own.status_code, own.json()["code"]) == (429, "own_reports_first")
        # Two users have a place and three waiting requests each, the third one only the latter.
        all_taken = await refused([each for each in users for _ in range(4)])
        assert (all_taken.status_code, all_taken.json()["code"]) == (503, "renderer_busy")
    assert own.headers["retry-after"] == all_taken.headers["retry-after"] == "5"
