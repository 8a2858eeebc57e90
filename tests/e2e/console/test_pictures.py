"""The pictures of the documents: `make pictures` takes them anew."""

import io
import os
from pathlib import Path
from typing import Literal

import pytest
from local_stack.demo import sample_resume
from PIL import Image
from playwright.async_api import Page, expect

from tests.e2e.console.visitor import Visit

MOST_BYTES = 150_000
THEMES: dict[str, Literal["light", "dark"]] = {"console.png": "light", "console-dark.png": "dark"}


async def take(page: Page, path: Path) -> None:
    """Take a picture with a palette, which takes a third of the bytes."""
    picture = Image.open(io.BytesIO(await page.screenshot(animations="disabled")))
    picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(os.environ.get("PICTURES") or tmp_path)


async def test_pictures_of_the_sample_resume(visit: Visit, token: str, tmp_path: Path, folder: Path) -> None:
    visitor = await visit(viewport={"width": 1280, "height": 900})
    page = visitor.page
    await visitor.sign_in(token)
    await visitor.add_candidate(sample_resume.FIRST_NAME, sample_resume.LAST_NAME)
    await visitor.choose("resume.pdf", sample_resume.write(tmp_path / "resume.pdf").read_bytes())
    await visitor.analyse(industry="Strategy and technology")
    await visitor.sees_report()
    await page.locator("button.quote:visible").first.click()
    await expect(page.locator("mark.active").first).to_be_in_viewport()
    # The scores at the top of the report, beside the evidence in the text.
    await page.evaluate("scrollTo(0, 0)")
    for name, theme in THEMES.items():
        await page.emulate_media(color_scheme=theme)
        await take(page, folder / name)
        assert 20_000 < (folder / name).stat().st_size < MOST_BYTES
