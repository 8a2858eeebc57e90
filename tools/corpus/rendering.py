"""Run the programs that make files, one at a time, and keep what they made."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tools.corpus.blocks import Page
from tools.corpus.renderers.html import to_html
from tools.corpus.renderers.plain import to_text
from tools.corpus.renderers.typeset import to_latex, to_typst
from tools.corpus.renderers.word import to_docx

RENDERERS: Final = ("text", "docx", "libreoffice", "chromium", "weasyprint", "typst", "latex")
_WORD: Final = (Path(__file__).parent / "renderers" / "word.py").read_bytes()
_SECONDS: Final = 120
# So many files are given to LibreOffice at once, whose start takes longer than a file.
_BATCH: Final = 40


@dataclass(frozen=True, slots=True)
class Source:
    """A page with the bytes that its renderer starts from, and the path of the file to be made."""

    renderer: str
    content: bytes
    language: str
    path: Path


def missing(renderer: str) -> str | None:
    """Return a sentence if a renderer is not installed."""
    programs = {"libreoffice": ("soffice",), "chromium": ("chromium",), "latex": ("pdflatex", "xelatex")}
    for program in programs.get(renderer, ()):
        if not shutil.which(program):
            return f"{renderer} is skipped: the program {program} is not installed."
    if renderer in ("typst", "weasyprint") and find_spec(renderer) is None:
        return f"{renderer} is skipped: the Python package {renderer} is not installed."
    return None


def prepare(page: Page, renderer: str, folder: Path) -> Source:
    """Return what a renderer starts from. The name of the file depends on nothing else."""
    match renderer:
        case "text":
            content = to_text(page).encode()
        case "docx" | "libreoffice":
            content = to_docx(page)
        case "typst":
            content = to_typst(page).encode()
        case "latex":
            content = to_latex(page).encode()
        case _:
            content = to_html(page, renderer).encode()
    ending = {"text": "txt", "docx": "docx"}.get(renderer, "pdf")
    # A DOCX file differs in each run, because it holds the time.
    stable = repr(page).encode() + _WORD if renderer in ("docx", "libreoffice") else content
    digest = hashlib.sha256(stable).hexdigest()[:16]
    return Source(renderer, content, page.persona.language, folder / f"{renderer}-{digest}.{ending}")


def render(sources: Iterable[Source]) -> Iterator[str]:
    """Make the files that do not exist yet. Yield a sentence for each that cannot be made."""
    left = [source for source in sources if not source.path.exists()]
    office = [source for source in left if source.renderer == "libreoffice"]
    for at in range(0, len(office), _BATCH):
        _convert(office[at : at + _BATCH])
    for source in left:
        if source.renderer != "libreoffice":
            _render_one(source)
    yield from (f"{source.path.name} was not made." for source in left if not source.path.exists())


def _convert(sources: list[Source]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for source in sources:
            (folder / f"{source.path.stem}.docx").write_bytes(source.content)
        _run("soffice", f"-env:UserInstallation=file://{name}/profile", "--headless", "--convert-to", "pdf",
             "--outdir", name, *sorted(map(str, folder.glob("*.docx"))), folder=folder)  # fmt: skip
        for source in sources:
            _keep(folder / source.path.name, source)


def _render_one(source: Source) -> None:
    if source.renderer in ("text", "docx"):
        source.path.write_bytes(source.content)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = folder / "page.pdf"
        if source.renderer == "typst":
            made.write_bytes(import_module("typst").compile(source.content))
        elif source.renderer == "weasyprint":
            import_module("weasyprint").HTML(string=source.content.decode()).write_pdf(made)
        elif source.renderer == "latex":
            (folder / "page.tex").write_bytes(source.content)
            program = "pdflatex" if source.language == "en" else "xelatex"
            _run(program, "-interaction=batchmode", "page.tex", folder=folder)
        else:
            (folder / "page.html").write_bytes(source.content)
            _run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                 f"--user-data-dir={name}/profile", f"--print-to-pdf={made}", f"file://{name}/page.html",
                 folder=folder)  # fmt: skip
        _keep(made, source)


def _run(*command: str, folder: Path) -> None:
    subprocess.run(
        ("nice", "-n", "19", *command),
        cwd=folder,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1795305600", "HOME": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=_SECONDS,
        check=False,
    )


def _keep(made: Path, source: Source) -> None:
    if made.exists():
        shutil.move(made, source.path)
