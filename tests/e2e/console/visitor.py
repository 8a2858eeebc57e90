"""A person in front of the console: does what a person can do, and notes what the browser reports."""

from collections.abc import Awaitable, Callable
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import ConsoleMessage, Locator, Page, Request, expect

# An analysis by rules, on a machine that runs other tests too.
PATIENCE_MS = 20_000
_MOST_TABS = 80

expect.set_options(timeout=PATIENCE_MS)


class Visitor:
    """Uses one page of the console."""

    def __init__(self, page: Page, *, url: str) -> None:
        self.page = page
        self._url = url
        self._requests: list[str] = []
        self._errors: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("request", self._note_request)
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self._errors.append(str(error)))

    def _note_request(self, request: Request) -> None:
        self._requests.append(request.url)

    def _note_message(self, message: ConsoleMessage) -> None:
        # Chromium reports responses with an error status, too, which the tests provoke.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self._errors.append(message.text)

    def check_that_nothing_was_wrong(self) -> None:
        """Check that no request left the origin, no policy was violated, and no script failed."""
        assert self._requests
        foreign = [
            url for url in self._requests if not url.startswith((f"{self._url}/", f"blob:{self._url}"))
        ]
        assert not foreign
        assert not [url for url in self._requests if "eyJ" in url], "a token in an address"
        assert not self._errors

    async def open(self, path: str) -> None:
        await self.page.goto(self._url + path)

    async def sign_in(self, token: str) -> None:
        await self.page.get_by_label("Token", exact=True).fill(token)
        await self.page.get_by_role("button", name="Sign in", exact=True).click()
        await self.sees("Candidates")

    async def sees(self, heading: str) -> None:
        """Wait for a view by its heading."""
        await expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    async def add_candidate(self, first_name: str, last_name: str) -> None:
        await self.page.get_by_role("button", name="Add a candidate").first.click()
        await self.page.get_by_label("First name").fill(first_name)
        await self.page.get_by_label("Last name").fill(last_name)
        await self.page.get_by_role("button", name="Add", exact=True).click()
        await expect(self.page.get_by_role("heading", name="New resume")).to_be_visible()

    async def choose(self, name: str, data: bytes) -> None:
        """Choose a file, as the dialog of the system would."""
        await self.page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        )

    async def drop(self, name: str, text: str) -> None:
        """Drag a file from the desktop onto the page."""
        transfer = await self.page.evaluate_handle(
            """([name, text]) => {
                const transfer = new DataTransfer();
                transfer.items.add(new File([text], name));
                return transfer;
            }""",
            [name, text],
        )
        await self.page.locator(".drop").dispatch_event("drop", {"dataTransfer": transfer})

    async def analyse(self, *, industry: str = "Software engineering") -> None:
        await self.page.get_by_label("Target industry").select_option(label=industry)
        await self.page.get_by_role("button", name="Upload and analyse").click()

    async def sees_report(self) -> None:
        await expect(self.page.get_by_role("img", name="Overall score")).to_be_visible()
        # On a phone it is there, but not shown.
        await expect(self.page.locator(".text-content")).not_to_contain_text("Loading")

    async def tab_to(self, target: Locator, *, key: str = "Tab") -> None:
        """Press Tab until an element has the focus, as someone without a mouse does."""
        for _ in range(_MOST_TABS):
            if await target.evaluate("element => element === document.activeElement"):
                return
            await self.page.keyboard.press(key)
        raise AssertionError(f"{target} cannot be reached by {key}")

    async def press(self, target: Locator, key: str = "Enter") -> None:
        """Reach an element by Tab, and press a key on it."""
        await self.tab_to(target)
        await self.page.keyboard.press(key)

    async def check_accessibility(self) -> None:
        """Check that axe finds nothing serious on the page as it is now."""
        results = await Axe().run(self.page)
        serious = [
            (each["id"], [node["target"] for node in each["nodes"]])
            for each in results.response["violations"]
            if each["impact"] in ("serious", "critical")
        ]
        assert not serious

    async def check_width(self) -> None:
        """Check that nothing has to be scrolled sideways."""
        width = await self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], width

    async def stored(self) -> dict[str, Any]:
        """Return everything that the browser keeps for the origin."""
        found: dict[str, Any] = await self.page.evaluate(
            "({local: {...localStorage}, session: {...sessionStorage}, cookie: document.cookie})"
        )
        return found


# Opens the console in a browser of its own, with the options of its context.
Visit = Callable[..., Awaitable[Visitor]]
