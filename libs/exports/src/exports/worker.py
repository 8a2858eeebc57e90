"""The sandboxed worker that makes one export: a resume as JSON as input, the file as output.

Only `exports.exporter` starts it. The first line of the output is JSON: `{"has_name"}`.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.errors import Refused
from sandbox.worker import work

from exports.errors import NoWords
from exports.source import Source


def _load(_: None) -> Callable[[bytes], bytes]:
    from scoring.resume.resume import NotAssessable  # noqa: PLC0415 - within the limits

    def answer(data: bytes) -> bytes:
        request: dict[str, Any] = json.loads(data)
        source = Source(
            text=request["text"],
            signals=request["signals"],
            names=tuple(request["names"]),
            reference=request["reference"],
            now=datetime.fromisoformat(request["now"]),
        )
        try:
            head, file = _export(source, request["format"], request["font_families"])
        except NotAssessable:
            raise Refused(NoWords.code) from None
        return json.dumps(head).encode() + b"\n" + file

    return answer


def _export(source: Source, form: str, font_families: str) -> tuple[dict[str, Any], bytes]:
    # Each format loads only what it needs: python-docx takes a quarter of a second.
    if form == "json-resume":
        from exports.json_resume import to_json_resume  # noqa: PLC0415 - see above

        return {}, json.dumps(to_json_resume(source), ensure_ascii=False).encode()
    from exports.blind.compose import compose  # noqa: PLC0415 - see above

    blind = compose(source)
    if form == "html":
        from exports.blind.html_page import to_html  # noqa: PLC0415 - see above

        return {"has_name": blind.has_name}, to_html(blind, font_families=font_families).encode()
    from exports.blind.docx_file import to_docx  # noqa: PLC0415 - see above

    return {"has_name": blind.has_name}, to_docx(blind)


if __name__ == "__main__":
    work(_load)
