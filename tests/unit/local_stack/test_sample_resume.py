"""The sample resume of the demo."""

from pathlib import Path

import pypdfium2
from local_stack.demo import sample_resume


def test_sample_resume_has_two_readable_pages(tmp_path: Path) -> None:
    path = sample_resume.write(tmp_path / "folder" / "resume.pdf")
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)]
    assert len(pages) == 2
    assert "mariko.ellison@example.com" in pages[0]
    assert "Purdue University" in pages[1]
