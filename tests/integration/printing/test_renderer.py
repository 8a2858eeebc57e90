"""The PDF renderer: what it prints and refuses, and that none of its processes stays."""

import asyncio
import ctypes
import os
import signal
import sys
import threading
from collections.abc import Iterator
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pypdfium2
import pytest
from printing.errors import PrintingError, RendererBusy, RendererMissing, TooLargeToPrint, Unprintable
from printing.fonts import FONT_FAMILIES
from printing.limits import Limits
from printing.renderer import PdfRenderer

from tests.support.polling import eventually


def page(body: str) -> str:
    return f'<!doctype html><html lang="en"><head><title>Page</title></head><body>{body}</body></html>'


# Takes WeasyPrint more than a minute.
SLOW = page("<table>" + "<tr><td>A cell<td>Another cell</tr>" * 40_000 + "</table>")


def text_of(pdf: bytes) -> str:
    return "\n".join(each.get_textpage().get_text_bounded() for each in pypdfium2.PdfDocument(pdf))


async def workers_of(service: int) -> list[int]:
    """Return the process ids of the workers that a process started."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):  # noqa: ASYNC240 - in memory
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"printing.worker" in command and command[-2] == str(service).encode():
            found.append(int(process.name))
    return found


async def running_workers() -> list[int]:
    return await workers_of(os.getpid())


async def test_text_in_several_scripts_is_printed_with_tags_for_screen_readers() -> None:
    body = "<h1>Résumé</h1><p>職務経歴書</p><p>Привет</p>"
    pdf = await PdfRenderer().render(page(body))
    assert text_of(pdf).split() == ["Résumé", "職務経歴書", "Привет"]
    assert pypdfium2.PdfDocument(pdf).is_tagged()


def fonts_of(pdf: bytes) -> set[str]:
    """Return the names of the fonts that the characters of the first page are drawn with."""
    characters = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    name = ctypes.create_string_buffer(100)
    found = set()
    for index in range(characters.count_chars()):
        pypdfium2.raw.FPDFText_GetFontInfo(characters, index, name, len(name), ctypes.c_int())
        found.add(name.value.decode())
    return found


@pytest.mark.parametrize("text", ["重构核心系统", "핵심시스템을개편", "基幹システム"], ids=["zh", "ko", "ja"])
async def test_no_character_is_printed_as_a_box(text: str) -> None:
    style = escape(f"font-family: {FONT_FAMILIES}")
    pdf = await PdfRenderer().render(page(f'<p style="{style}">{text}</p>'))
    assert text_of(pdf).strip() == text
    # The boxes in place of missing characters are those of the first font, which has none of these scripts.
    assert not [each for each in fonts_of(pdf) if "Liberation" in each]


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    requested: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requested.append(self.path)
            self.send_response(404)
            self.end_headers()

    listener = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listener.server_port}", requested
    listener.shutdown()
    thread.join()
    listener.server_close()


async def test_nothing_is_fetched(server: tuple[str, list[str]], tmp_path: Path) -> None:
    url, requested = server
    secret = tmp_path / "secret.css"
    secret.write_text("p::after { content: 'secret' }")
    body = f"""
        <link rel="stylesheet" href="{url}/style.css"><link rel="stylesheet" href="{secret.as_uri()}">
        <link rel="attachment" href="{secret.as_uri()}"><img alt="" src="{url}/picture.png">
        <style>@import url({url}/more.css); @font-face {{ font-family: x; src: url({url}/font) }}</style>
        <p style="font-family: x">Text</p>"""
    pdf = await PdfRenderer().render(page(body))
    assert text_of(pdf).strip() == "Text"
    assert b"secret" not in pdf
    assert requested == []


@pytest.mark.parametrize(
    ("limits", "html"),
    [
        pytest.param(Limits(html_bytes=100), page("x" * 100), id="html"),
        pytest.param(Limits(pdf_bytes=100), page("x"), id="pdf"),
        pytest.param(Limits(cpu_seconds=2), SLOW, id="time"),
        pytest.param(Limits(memory_bytes=300 * 1024 * 1024), SLOW, id="memory"),
    ],
)
async def test_a_document_over_a_limit_is_refused(limits: Limits, html: str) -> None:
    with pytest.raises(TooLargeToPrint) as refused:
        await PdfRenderer(limits=limits).render(html)
    assert refused.value.retry_after is None
    assert await running_workers() == []


async def test_a_document_that_gets_no_processor_may_be_printed_later() -> None:
    with pytest.raises(RendererBusy) as refused:
        await PdfRenderer(limits=Limits(seconds=0.01)).render(page("x"))
    assert refused.value.retry_after
    assert await running_workers() == []


@pytest.mark.parametrize(
    ("ended_by", "error"),
    [
        pytest.param(signal.SIGSEGV, Unprintable, id="crash"),
        pytest.param(signal.SIGKILL, PrintingError, id="memory of the machine"),
    ],
)
async def test_the_end_of_a_process_is_reported(ended_by: signal.Signals, error: type[PrintingError]) -> None:
    rendering = asyncio.create_task(PdfRenderer().render(SLOW))
    for worker in await eventually(running_workers):
        os.kill(worker, ended_by)
    with pytest.raises(PrintingError) as reported:
        await rendering
    assert type(reported.value) is error


async def test_a_missing_library_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Test with a Python that finds no library, as on a machine without Pango."""
    python = tmp_path / "python"
    python.write_text(
        f"#!{sys.executable}\n"
        "import sys, runpy, cffi\n"
        "def dlopen(*_):\n    raise OSError('cannot load library')\n"
        "cffi.FFI.dlopen = dlopen\n"
        "sys.argv = sys.argv[3:]\n"
        "runpy.run_module('printing.worker', run_name='__main__')\n"
    )
    python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(RendererMissing):
        await PdfRenderer().render(page("x"))


async def test_workers_end_with_a_killed_service() -> None:
    code = (
        "import asyncio, sys\n"
        "from printing.renderer import PdfRenderer\n"
        "asyncio.run(PdfRenderer().render(sys.stdin.read()))\n"
    )
    service = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdin=asyncio.subprocess.PIPE)
    assert service.stdin
    service.stdin.write(SLOW.encode())
    service.stdin.close()
    (worker,) = await eventually(partial(workers_of, service.pid))

    async def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, worker)

    # A lowered priority shows that the worker has tied its life to the service.
    await eventually(priority, until=lambda value: value >= 10)
    session = Path(f"/proc/{worker}/autogroup")
    if session.exists():  # noqa: ASYNC240 - in memory
        assert session.read_text().endswith(" nice 10\n")  # noqa: ASYNC240 - as above
    service.kill()
    await service.wait()
    await eventually(partial(workers_of, service.pid), until=lambda workers: not workers)
