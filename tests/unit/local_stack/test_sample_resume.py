"""The resume that the demo makes up."""

from pathlib import Path

import pypdfium2
from local_stack.demo import sample_resume


def test_two_pages_of_text_that_a_parser_reads(tmp_path: Path) -> None:
    path = sample_resume.write(tmp_path / "folder" / "resume.pdf")
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)]
    assert len(pages) == 2
    assert "mariko.ellison@example.com" in pages[0]
    assert "Purdue University" in pages[1]
