"""Read plain text in the encodings that resumes use."""

from documents.encodings.detection import decode_text
from documents.errors import TooMuchText, UnsupportedFileType
from documents.layout.lines import Line
from documents.layout.normalize import LINE_BREAKS, tag_characters
from documents.layout.running_lines import is_page_number
from documents.limits import Limits
from documents.parsed_file import ParsedFile

# The limit applies after white space was dropped. A text longer than this multiple is rejected before that.
_MAX_WITH_WHITE_SPACE = 5


def read_text(data: bytes, *, limits: Limits) -> ParsedFile:
    """Return the lines of a text file.

    Raises:
        UnsupportedFileType, TooMuchText
    """
    text = decode(data)
    if len(text) > _MAX_WITH_WHITE_SPACE * limits.text_characters:
        raise TooMuchText
    return ParsedFile(
        file_type="txt",
        lines=[Line(text=line) for line in LINE_BREAKS.split(text) if not is_page_number(line)],
        hidden_characters=len(tag_characters(text)),
        hidden_text=tag_characters(text),
    )


def decode(data: bytes) -> str:
    """Return the text of a file in any encoding that `decode_text` knows.

    Raises:
        UnsupportedFileType: the bytes are not text in one of these encodings.
    """
    text = decode_text(data)
    if text is None:
        raise UnsupportedFileType
    return text
