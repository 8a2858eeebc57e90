"""The way of a consultant through the console, in a real browser."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx2
from local_stack.stack import Stack
from playwright.async_api import Locator, Page, Route, expect

from tests.e2e.console.visitor import Visit, Visitor
from tests.support import files
from tests.support.auth.tokens import bearer

STRONG = files.strong_resume_txt().decode()
# The same resume before its amounts were added.
WEAK = "\n".join(
    re.sub(r"\$?\d[\d.]*( million|%)?", "much", line) if line.startswith("- ") else line
    for line in STRONG.splitlines()
)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@asynccontextmanager
async def without_analyzer(stack: Stack) -> AsyncIterator[None]:
    """Keep analyses waiting."""
    await stack.stop("analyzer")
    try:
        yield
    finally:
        await stack.start("analyzer")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


async def out_of_order(route: Route) -> None:
    await route.fulfill(status=500, json={"title": "Error", "detail": "Out of order."})


async def read_evidence(page: Page) -> None:
    """Click on a quote: it is emphasized in the text of the resume."""
    quote = page.locator("button.quote:visible").first
    words = (await quote.locator("q").inner_text()).rstrip("…")
    await quote.click()
    marked = page.locator("mark.active")
    await expect(marked.first).to_be_in_viewport()
    assert " ".join("".join(await marked.all_inner_texts()).split()).startswith(words)
    await button(page, "Back to the criterion").click()
    await expect(quote).to_be_focused()


async def follow_without_stream(visit: Visit, token: str, address: str) -> Visitor:
    """Follow an analysis where streams are cut off, and over a time without a connection."""
    visitor = await visit()
    await visitor.page.route("**/events", lambda route: route.abort())
    await visitor.sign_in(token)
    await visitor.open(address)
    await expect(visitor.page.get_by_text("Checking every few seconds.")).to_be_visible()
    await visitor.page.context.set_offline(True)
    await expect(visitor.page.get_by_text("Waiting for the connection.")).to_be_visible()
    await visitor.page.context.set_offline(False)
    await expect(visitor.page.get_by_text("Checking every few seconds.")).to_be_visible()
    return visitor


async def test_whole_journey(visit: Visit, stack: Stack, token: str) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.check_accessibility()
    await visitor.sign_in(token)
    await expect(page.get_by_text("No candidates yet")).to_be_visible()
    await visitor.check_accessibility()
    await button(page, "Add a candidate").first.click()
    await visitor.check_accessibility()
    # The API's own sentence about what is missing.
    await button(page, "Add").click()
    await expect(page.get_by_role("alert")).to_contain_text("first_name")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await visitor.add_candidate("Mina", "Example")
    await visitor.sees("Mina Example")

    await visitor.choose("photo.png", b"x")
    await visitor.analyse()
    await expect(page.get_by_role("alert")).to_contain_text("Save it as one of these")
    await visitor.choose("empty.pdf", b"%PDF-1.7 nothing")
    await visitor.analyse()
    await expect(page.get_by_role("alert")).to_be_visible()
    await visitor.check_accessibility()

    await page.evaluate("window.isSamePage = true")
    async with without_analyzer(stack):
        await visitor.choose("first.txt", WEAK.encode())
        await visitor.analyse()
        await expect(page.get_by_role("heading", name="Analysis in progress")).to_be_visible()
        await expect(page.get_by_text("Updates arrive live.")).to_be_visible()
        await visitor.check_accessibility()
        await button(page, "Cancel the analysis").click()
        await expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
        await page.route("**/config/limits", out_of_order)
        await button(page, "Analyse again").click()
        await expect(page.get_by_role("alert")).to_contain_text("Out of order.")
        await page.unroute("**/config/limits")
        await button(page, "Analyse again").click()
        await button(page, "Analyse").click()
        await expect(page.get_by_text("Updates arrive live.")).to_be_visible()
        polling = await follow_without_stream(visit, token, page.url.removeprefix(stack.url))
    await polling.sees_report()
    await visitor.sees_report()
    await expect(page.locator("#announcer")).to_contain_text("Completed. The overall score is")
    assert await page.evaluate("window.isSamePage"), "the page was loaded again"
    await visitor.check_accessibility()
    await read_evidence(page)

    await page.get_by_role("link", name="Mina Example").click()
    await visitor.drop("second.txt", STRONG)
    await expect(page.get_by_text("second.txt (")).to_be_visible()
    await visitor.analyse()
    await visitor.sees("second.txt")
    await visitor.sees_report()
    await page.get_by_role("link", name="Compare with version 1").click()
    await visitor.sees("Compare two analyses")
    await expect(page.get_by_role("article").filter(has_text="Amounts")).to_contain_text("+")
    await visitor.check_accessibility()

    await page.get_by_role("link", name="Analyses", exact=True).click()
    await expect(page.get_by_role("row")).to_have_count(4)
    await visitor.check_accessibility()
    await page.get_by_label("Status").select_option(label="Cancelled")
    await expect(page.get_by_role("row")).to_have_count(2)
    await page.go_back()
    await page.get_by_role("link", name="second.txt").click()
    await visitor.sees_report()
    await page.reload()
    await visitor.sees_report()

    await button(page, "Delete").click()
    await expect(button(page, "Keep as it is")).to_be_focused()
    await visitor.check_accessibility()
    await button(page, "Delete for good").click()
    await visitor.sees("Mina Example")
    await expect(page.get_by_role("link", name="first.txt").first).to_be_visible()
    await expect(page.get_by_role("link", name="second.txt")).to_have_count(0)
    async with httpx2.AsyncClient(base_url=stack.url, headers=bearer(token), trust_env=False) as http:
        assert (await http.get("/api/v1/analysis/")).json()["total_count"] == 2

    await button(page, "Sign out").click()
    await visitor.sees("Sign in")
    assert await visitor.stored() == {"local": {}, "session": {}, "cookie": ""}


async def test_journey_by_keyboard_alone(visit: Visit, token: str) -> None:
    visitor = await visit()
    page = visitor.page
    keyboard = page.keyboard

    await keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    await visitor.tab_to(page.get_by_label("Token", exact=True))
    await keyboard.insert_text(token)
    await keyboard.press("Enter")
    await visitor.sees("Candidates")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    await expect(page.get_by_text("No candidates yet")).to_be_visible()
    await visitor.press(button(page, "Add a candidate").first)
    await expect(page.get_by_label("First name")).to_be_focused()
    await keyboard.type("花子")
    await keyboard.press("Tab")
    await keyboard.type("架空")
    await keyboard.press("Enter")
    await visitor.sees("架空 花子")

    await expect(page.get_by_role("heading", name="New resume")).to_be_visible()
    await visitor.tab_to(page.locator("input[type=file]"))
    # Enter opens the system's dialog, which belongs to no page.
    await visitor.choose("履歴書.pdf", files.japanese_resume_pdf())
    await visitor.tab_to(page.get_by_label("Target industry"))
    await keyboard.type("Soft")
    await visitor.press(button(page, "Upload and analyse"))
    await visitor.sees_report()
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    await expect(page.locator(".text-words")).to_have_attribute("lang", "ja")

    quote = page.locator("button.quote:visible").first
    await visitor.press(quote)
    await expect(page.locator("mark.active").first).to_be_focused()
    await visitor.tab_to(button(page, "Back to the criterion"), key="Shift+Tab")
    await keyboard.press("Enter")
    await expect(quote).to_be_focused()

    await visitor.tab_to(button(page, "Delete"), key="Shift+Tab")
    await keyboard.press("Enter")
    await expect(button(page, "Keep as it is")).to_be_focused()
    await keyboard.press("Escape")
    await expect(button(page, "Delete")).to_be_focused()
    await keyboard.press("Enter")
    # A server that does not answer delays the list by a few seconds only.
    await page.route("**/status", lambda _: None)
    await visitor.press(button(page, "Delete for good"))
    await visitor.sees("架空 花子")
    await expect(page.get_by_text("No analyses yet")).to_be_visible()


async def test_journey_on_a_phone(visit: Visit, token: str) -> None:
    visitor = await visit(**PHONE)
    page = visitor.page
    await visitor.check_width()
    await visitor.sign_in(token)
    await visitor.check_width()
    await visitor.add_candidate("Mina", "Example")
    await visitor.check_width()
    for name, words in (("first.txt", WEAK), ("second.txt", STRONG)):
        await visitor.choose(name, words.encode())
        await visitor.analyse()
        await visitor.sees(name)
        await visitor.sees_report()
        await visitor.check_width()
        if name == "second.txt":
            await visitor.check_accessibility()
            await read_evidence(page)
            await button(page, "Resume text").click()
            await expect(page.locator(".text-words")).to_be_in_viewport()
            await visitor.check_width()
        await page.get_by_role("link", name="Mina Example").click()
    boxes = page.get_by_role("checkbox", name="Compare")
    await expect(boxes).to_have_count(2)
    for box in await boxes.all():
        await box.check()
    await button(page, "Compare").click()
    await visitor.sees("Compare two analyses")
    await expect(page.get_by_text("criteria changed")).to_be_visible()
    await visitor.check_width()
    await page.get_by_role("link", name="Analyses", exact=True).click()
    await expect(page.get_by_role("link", name="second.txt")).to_be_visible()
    await visitor.check_width()
    await visitor.check_accessibility()


async def test_one_click_signs_in_on_the_own_machine(visit: Visit, stack: Stack) -> None:
    visitor = await visit()
    await visitor.page.get_by_role("button", name="Senior recruiter").click()
    await visitor.sees("Candidates")
    await expect(visitor.page.locator("#who")).to_have_text("Senior recruiter")
    stored = await visitor.stored()
    assert (stored["local"], stored["cookie"], len(stored["session"])) == ({}, "", 1)
    # A page of another origin gets nothing, whatever it sends.
    async with httpx2.AsyncClient(base_url=stack.url, trust_env=False) as http:
        for headers in (
            {},
            {"X-Console-Sign-In": "1"},
            {"X-Console-Sign-In": "1", "Origin": "http://localhost:3000"},
            {"X-Console-Sign-In": "1", "Origin": stack.url, "Host": "evil.example"},
        ):
            answer = await http.post("/console/local-token?role=admin", headers=headers)
            assert answer.status_code == 403, headers
        preflight = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"}
        asked = {**preflight, "Access-Control-Request-Headers": "x-console-sign-in"}
        allowed = (await http.options("/console/local-token", headers=asked)).headers
        assert "x-console-sign-in" not in allowed.get("access-control-allow-headers", "")


async def test_token_in_memory_ends_with_the_page(visit: Visit, token: str) -> None:
    visitor = await visit()
    await visitor.page.get_by_label("Stay signed in").uncheck()
    await visitor.sign_in(token)
    assert (await visitor.stored())["session"] == {}
    await visitor.page.reload()
    await visitor.sees("Sign in")


async def test_unusable_and_expired_tokens_are_explained(visit: Visit, stack: Stack, token: str) -> None:
    visitor = await visit()
    page = visitor.page
    expired = stack.issuer.token(user_id=uuid4(), lifetime_seconds=-3600)
    for given, sentence in (
        ("hello", "This is not a token"),
        (expired, "expired"),
        (token[:-8], "not valid"),
    ):
        await page.get_by_label("Token", exact=True).fill(given)
        await button(page, "Sign in").click()
        await expect(page.get_by_role("alert").last).to_contain_text(sentence)

    await visitor.sign_in(token)
    await page.get_by_role("link", name="Analyses", exact=True).click()
    await expect(page.get_by_text("No analyses yet")).to_be_visible()
    # As after a day: the token of the tab has expired meanwhile.
    await page.evaluate("token => sessionStorage.setItem('resume-review.token', token)", expired)
    await page.reload()
    await visitor.sees("Sign in")
    await expect(page.get_by_role("alert")).to_contain_text("Your session has ended")
    await page.get_by_label("Token", exact=True).fill(token)
    await button(page, "Sign in").click()
    await visitor.sees("Analyses")


async def test_markup_in_names_and_files_stays_text(visit: Visit, token: str) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.sign_in(token)
    markup = "<img src=x onerror=alert(1)>"
    await visitor.add_candidate(markup, "</td><script>alert(2)</script>")
    await visitor.sees(f"{markup} </td><script>alert(2)</script>")
    name = f"{markup}.txt"
    await visitor.choose(name, f"{STRONG}\n- Built {markup} for 30% of <b>users</b>.\n".encode())
    await visitor.analyse()
    await visitor.sees_report()
    await expect(page.locator(".text-words")).to_contain_text(markup)
    await page.get_by_role("link", name="Analyses", exact=True).click()
    await expect(page.get_by_role("link", name=markup).first).to_be_visible()
    assert await page.locator("main img, main script, main b").count() == 0


async def test_offline_is_said_and_overcome(visit: Visit, token: str) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.sign_in(token)
    await expect(page.get_by_text("No candidates yet")).to_be_visible()
    await page.context.set_offline(True)
    await expect(page.get_by_text("You are offline. What is shown here")).to_be_visible()
    await page.get_by_role("link", name="Analyses", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("You are offline")
    await visitor.check_accessibility()
    await page.context.set_offline(False)
    await button(page, "Try again").click()
    await expect(page.get_by_text("No analyses yet")).to_be_visible()
    await expect(page.get_by_text("You are offline.")).to_have_count(0)


async def test_unknown_analysis_is_explained(visit: Visit, token: str) -> None:
    visitor = await visit()
    await visitor.sign_in(token)
    await visitor.open(f"/console/#/analyses/{uuid4()}")
    await expect(visitor.page.get_by_role("alert")).to_be_visible()
    await expect(button(visitor.page, "Try again")).to_be_visible()
