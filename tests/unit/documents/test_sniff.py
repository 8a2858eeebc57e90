"""File types and text encodings are detected from the bytes."""

import pytest
from documents.errors import (
    DocumentError,
    EmptyFile,
    EncryptedFile,
    LegacyWordFile,
    UnsupportedFileType,
)
from documents.plain_text import decode
from documents.sniff import sniff

from tests.support import files
from tests.support.documents import rejected_files


def test_supported_types_are_detected() -> None:
    assert sniff(files.strong_resume_pdf()) == "pdf"
    assert sniff(b"junk before the header\n" + files.strong_resume_pdf()) == "pdf"
    assert sniff(files.strong_resume_docx()) == "docx"
    assert sniff(files.strong_resume_txt()) == "txt"
    assert sniff(files.japanese_resume_txt("utf-16")) == "txt"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (rejected_files.empty(), EmptyFile),
        (b" \r\n\t\x00", EmptyFile),
        (rejected_files.legacy_doc(), LegacyWordFile),
        (rejected_files.encrypted_docx(), EncryptedFile),
        (rejected_files.legacy_doc()[:512] + "Workbook".encode("utf-16-le"), UnsupportedFileType),
        (rejected_files.rtf(), UnsupportedFileType),
        (rejected_files.png(), UnsupportedFileType),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", UnsupportedFileType),
        (b"\x00\x00\x00\x18ftypheic", UnsupportedFileType),
        (b"<!DOCTYPE html><html><body>Resume</body></html>", UnsupportedFileType),
        (bytes(range(256)) * 4, UnsupportedFileType),
    ],
)
def test_other_types_are_rejected(data: bytes, error: type[DocumentError]) -> None:
    with pytest.raises(error) as caught:
        sniff(data)
    assert caught.type is error
    assert caught.value.detail.endswith(".")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
def test_japanese_encodings_are_decoded(encoding: str) -> None:
    assert decode(files.japanese_resume_txt(encoding)) == files.japanese_resume_txt().decode()


@pytest.mark.parametrize("text", ["Résumé — “naïve” café, 5 €", "José Muñoz\nÄnderungsmanagement, Zürich"])
def test_windows_1252_is_decoded(text: str) -> None:
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize("data", [b"abc\x00def", bytes(range(1, 256)) * 10, b"\x81\x8d\x8f\x90\x9d" * 20])
def test_binary_data_is_rejected(data: bytes) -> None:
    with pytest.raises(UnsupportedFileType):
        decode(data)
