"""The way of a recruiter through the console, from a job to the comparison of its candidates."""

import re
from pathlib import Path

from local_stack.stack import Stack
from playwright.async_api import Locator, Page, expect

from tests.e2e.console.test_console import PHONE, button, out_of_order, without_analyzer
from tests.e2e.console.visitor import Visit, Visitor
from tests.e2e.test_matches import JOB, KOREAN, STRONG, WEAK, new_resume
from tests.support.http.api_client import ApiClient

JOB_ABOUT_AGE = JOB.replace("- Python\n", "- Python\n- Under 35 years old\n")
CANDIDATES = {"Anna": STRONG, "Ben": STRONG, "Carla": WEAK, "Minji": KOREAN}


def requirement(page: Page, quote: str) -> Locator:
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=quote, exact=True))


async def downloaded(page: Page, name: str) -> str:
    """Return the text of the file that a button saves."""
    async with page.expect_download() as downloads:
        await button(page, name).click()
    return Path(await (await downloads.value).path()).read_text(encoding="utf-8-sig")  # noqa: ASYNC240 - a few kilobytes


async def add_job(visitor: Visitor) -> None:
    """Add a job by keyboard."""
    page = visitor.page
    await visitor.press(page.get_by_role("link", name="Jobs", exact=True))
    await expect(page.get_by_text("No jobs yet")).to_be_visible()
    await visitor.check_accessibility()
    await visitor.press(button(page, "Add a job").first)
    await expect(page.get_by_label("Title")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("title")
    await page.keyboard.insert_text("Backend engineer")
    await visitor.tab_to(page.get_by_label("Text", exact=True))
    await page.keyboard.insert_text(JOB_ABOUT_AGE)
    await visitor.check_accessibility()
    await visitor.press(button(page, "Add"))
    await visitor.sees("Backend engineer")


async def edit_requirements(visitor: Visitor, api: ApiClient) -> None:
    """Edit the requirements, over a conflict with somebody else's edit."""
    page = visitor.page
    address = f"/api/v1/jobs/{page.url.rsplit('/', 1)[-1]}/requirements"
    read = (await api.http.get(address.removesuffix("/requirements"))).json()
    await requirement(page, "Python").get_by_label("Weight").fill("3")
    await button(page, "Match all my candidates").click()
    await expect(page.get_by_role("alert")).to_contain_text("Save the requirements first.")
    others = [{**each, "weight": 2} for each in read["requirements"]]
    body = {
        "version": 1,
        "requirements": [{k: v for k, v in each.items() if k not in ("origin", "quote")} for each in others],
    }
    assert (await api.http.put(address, json=body)).status_code == 200
    await button(page, "Save the requirements").click()
    await expect(page.get_by_text("changed in the meantime and is now version 2")).to_be_visible()
    await expect(requirement(page, "Python").get_by_label("Weight")).to_have_value("3")
    await visitor.check_accessibility()
    await button(page, "Drop them and show the newest version").click()
    await expect(requirement(page, "Python").get_by_label("Weight")).to_have_value("2")

    await requirement(page, "Python").get_by_label("Importance").select_option(label="Nice to have")
    await visitor.press(button(page, "Remove: Bachelor's degree"))
    await expect(page.get_by_text("Removed (1)")).to_be_focused()
    await button(page, "Add a requirement").click()
    added = requirement(page, "New requirement")
    await expect(added.get_by_label("Kind")).to_be_focused()
    await added.get_by_label("Terms").fill("Billing\nInvoicing")
    await visitor.press(button(page, "Save the requirements"))
    await expect(page.get_by_text("Version 3", exact=True)).to_be_visible()
    await expect(requirement(page, "Billing / Invoicing")).to_be_visible()
    await expect(requirement(page, "Python").get_by_label("Importance")).to_have_value("nice_to_have")


async def check_on_a_phone(visit: Visit, token: str, *addresses: str) -> None:
    visitor = await visit(**PHONE)
    await visitor.sign_in(token)
    for address in addresses:
        await visitor.open(address)
        await expect(visitor.page.locator(".panel.loading, .view > [aria-busy]")).to_have_count(0)
        await expect(
            visitor.page.get_by_text(re.compile("Anna Example|Save the requirements")).first
        ).to_be_visible()
        await visitor.check_width()
        await visitor.check_accessibility()


async def test_from_a_job_to_the_comparison_of_its_candidates(visit: Visit, stack: Stack, token: str) -> None:
    api = ApiClient(url=stack.url, token=token)
    for name, text in CANDIDATES.items():
        await new_resume(api, name, text)
    visitor = await visit()
    page = visitor.page
    await visitor.sign_in(token)
    await add_job(visitor)
    left_out = page.locator("section").filter(has=page.get_by_role("heading", name="Left out"))
    await expect(left_out).to_contain_text("Under 35 years old")
    await expect(left_out).to_contain_text("It asks for an age.")
    await edit_requirements(visitor, api)
    await visitor.check_accessibility()
    job = page.url.removeprefix(stack.url)

    await page.get_by_role("link", name="Ranking").click()
    await expect(page.get_by_text("Nobody is matched yet")).to_be_visible()
    await visitor.check_accessibility()
    async with without_analyzer(stack):
        await visitor.press(button(page, "Match all my candidates"))
        await expect(page.get_by_text("0 of 4 candidates matched.")).to_be_visible()
        await expect(page.get_by_text("Updates arrive live.")).to_be_visible()
        await visitor.check_accessibility()
        polling = await visit()
        await polling.page.route("**/events", lambda route: route.abort())
        await polling.sign_in(token)
        await polling.open(f"{job}/ranking")
        await expect(polling.page.get_by_text("Checking every few seconds.")).to_be_visible()
        await polling.page.context.set_offline(True)
        await expect(polling.page.get_by_text("Waiting for the connection.")).to_be_visible()
        await polling.page.context.set_offline(False)
    for each in (polling, visitor):
        await expect(each.page.get_by_role("row")).to_have_count(4)
        await expect(each.page.get_by_text("Matching in progress")).to_have_count(0)

    rows = page.get_by_role("row")
    await expect(rows.nth(1)).to_contain_text("1 (tied)")
    await expect(rows.nth(2)).to_contain_text("1 (tied)")
    await expect(rows.nth(2)).to_contain_text("Above Carla Example")
    await expect(rows.nth(2)).to_contain_text("Shown, there: not shown")
    await expect(rows.nth(3)).to_contain_text("Carla Example")
    apart = page.locator("section").filter(has=page.get_by_role("heading", name="Not assessed"))
    await expect(apart).to_contain_text("Minji Example")
    await expect(apart.locator("p").last).not_to_be_empty()
    await expect(page.locator("main")).not_to_contain_text("does not have")
    await visitor.check_accessibility()
    assert "Carla Example" in await downloaded(page, "Download as CSV")

    await visitor.press(page.get_by_role("link", name="Anna Example"))
    await visitor.sees("Anna Example")
    quote = page.locator("button.quote").first
    await visitor.press(quote)
    await expect(page.locator("mark.active").first).to_be_focused()
    await visitor.check_accessibility()
    await button(page, "Back to the requirement").click()
    await expect(quote).to_be_focused()
    match = page.url.removeprefix(stack.url)

    await page.go_back()
    await expect(rows).to_have_count(4)
    for box in await page.get_by_role("checkbox").all():
        await visitor.press(box, "Space")
    await visitor.press(button(page, "Compare"))
    await visitor.sees("Compare candidates")
    await expect(requirement(page, "Terraform")).to_contain_text("Not shown")
    await visitor.check_accessibility()
    saved = await downloaded(page, "Save a page to print")
    assert "Carla Example" in saved
    assert "<script" not in saved
    comparison = page.url.removeprefix(stack.url)
    await check_on_a_phone(visit, token, job, f"{job}/ranking", match, comparison)

    rankings = re.compile(r"/ranking\?")
    await page.route(rankings, out_of_order)
    await page.get_by_role("link", name="Backend engineer").click()
    await expect(page.get_by_role("alert")).to_contain_text("Out of order.")
    await page.unroute(rankings)
    await button(page, "Try again").click()
    await expect(rows).to_have_count(4)
    await api.close()


async def test_job_is_read_from_a_file_and_deleted(visit: Visit, token: str) -> None:
    visitor = await visit()
    page = visitor.page
    await visitor.sign_in(token)
    await page.get_by_role("link", name="Jobs", exact=True).click()
    await button(page, "Add a job").first.click()
    await page.get_by_label("Title").fill("Backend engineer")
    await visitor.choose("photo.png", b"x")
    await button(page, "Add").click()
    await expect(page.get_by_role("alert")).to_contain_text("Save it as one of these")
    await visitor.choose("job.txt", JOB.encode())
    await button(page, "Add").click()
    await visitor.sees("Backend engineer")
    await expect(requirement(page, "Terraform").get_by_label("Importance")).to_have_value("nice_to_have")
    await button(page, "Match all my candidates").click()
    await expect(page.get_by_text("None of your candidates has a resume.")).to_be_visible()
    await button(page, "Delete").click()
    await button(page, "Delete for good").click()
    await expect(page.get_by_text("No jobs yet")).to_be_visible()
