"""The sandboxed worker that prints one document: HTML as input, PDF as output.

Only `printing.renderer` starts it.
"""

from collections.abc import Callable

from sandbox.errors import Refused
from sandbox.worker import work

from printing.errors import RendererMissing


def _load(_: None) -> Callable[[bytes], bytes]:
    try:
        import weasyprint  # noqa: PLC0415 - within the limits
        from weasyprint.urls import URLFetcher  # noqa: PLC0415 - as above
    except OSError:
        raise Refused(RendererMissing.code) from None

    def to_pdf(html: bytes) -> bytes:
        document = weasyprint.HTML(string=html.decode(), url_fetcher=URLFetcher(allowed_protocols={"data"}))
        pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
        return pdf

    return to_pdf


if __name__ == "__main__":
    work(_load)
