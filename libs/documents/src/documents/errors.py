"""Reasons for rejecting a file, each with an HTTP status and a sentence that the user can act on."""

from typing import ClassVar, Final


class DocumentError(Exception):
    """A file that cannot be accepted. `detail` never quotes the file."""

    code: ClassVar[str] = "document_error"
    status: ClassVar[int] = 422
    message: ClassVar[str] = "The file cannot be read: save it again as PDF, DOCX or TXT."
    # Seconds for a Retry-After header, if a retry can help.
    retry_after: ClassVar[int | None] = None

    def __init__(self, detail: str | None = None) -> None:
        self.detail = detail or self.message
        super().__init__(self.detail)


class EmptyFile(DocumentError):
    code = "empty_file"
    message = "The file is empty: choose the file again, or save it again from the program that made it."


class FileTooLarge(DocumentError):
    code = "file_too_large"
    status = 413
    message = "The file is too large: at most 30 MB are accepted; save it with smaller pictures."


class UnsupportedFileType(DocumentError):
    code = "unsupported_file_type"
    status = 415
    message = "This type of file is not supported: save it as PDF, DOCX or TXT."


class LegacyWordFile(DocumentError):
    code = "legacy_word_file"
    status = 415
    message = "This is a Word file of the old .doc format: open it in Word and save it as .docx or PDF."


class EncryptedFile(DocumentError):
    code = "encrypted_file"
    message = "The file is protected by a password: save a copy without a password and upload that."


class NoText(DocumentError):
    code = "no_text"
    message = (
        "No text can be read from the file, it may hold only pictures or a scan: "
        "export it from the program it was written in, or run text recognition (OCR) on it."
    )


class CorruptFile(DocumentError):
    code = "corrupt_file"
    message = "The file is damaged or incomplete: save or export it again and upload the new file."


class TooManyPages(DocumentError):
    code = "too_many_pages"
    message = "The file has too many pages: at most 30 are accepted; upload a shorter one."


class TooMuchText(DocumentError):
    code = "too_much_text"
    message = "The file holds too much text: at most 100,000 characters are accepted; upload a shorter one."


class TooComplex(DocumentError):
    code = "too_complex"
    message = "The file takes too much time or memory to read: save it again as a simpler PDF, DOCX or TXT."


class ReaderBusy(DocumentError):
    code = "reader_busy"
    status = 503
    message = "Too many files are being read at the moment: try again in a few seconds."
    retry_after = 5


class TooManyOwnFiles(DocumentError):
    code = "own_files_first"
    status = 429
    message = "Your other files are still being read: try again in a few seconds."
    retry_after = 5


BY_CODE: Final = {error.code: error for error in DocumentError.__subclasses__()}
