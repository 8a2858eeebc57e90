"""Text in encodings that are not stated, and with damage."""

import pytest
from documents.encodings.detection import decode_text
from documents.encodings.iso2022jp import decode_iso2022jp
from documents.errors import UnsupportedFileType
from documents.limits import Limits
from documents.parser import parse_file
from documents.sniff import sniff

from tests.support import files

JAPANESE = (
    "職務経歴書\r\n氏名\u3000架空 花子\r\n\r\n■職務要約\r\n法人営業として6年間、新規開拓に従事しました。\r\n"
    "・2018年4月から2021年3月、売上を15％伸ばしました。\r\n"
)
ENGLISH = "Mirela Okonjo\nSenior Engineer, 2018 - 2021\n- Led 12 engineers and cut the cost by 30 %\n"
WESTERN = {
    "French": "Élodie Crépin\nIngénieure à Orléans – 2018\n• Réduit le coût de l’énergie « en été »\n",
    "German": "Jörg Müßig\nGeschäftsführer in München, Straße 5\n• Löste 40 Fälle über Köln\n",
    "Spanish": "Íñigo Muñoz\nDirección de producción, años 2018–2020\n• Lideré la migración más rápida\n",
    "Portuguese": "João Conceição\nGestão de operações em São Paulo\n• Reduzi a exposição à inflação\n",
    "Swedish": "Åsa Öberg\nFöreståndare i Malmö\n• Sänkte kostnaden för nätet\n",
    "English": "José Muñoz’s résumé — “naïve” café, 5 € … don’t\n• Saved £40k – Zürich\n",
}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", [JAPANESE, ENGLISH, *WESTERN.values(), "عربي نص\n2021\n", "한국어 이력서\n경력\n"]
)
def test_utf16_without_byte_order_mark_is_read(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert sniff(data) == "txt"
    assert decode_text(data) == text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_that_lost_its_last_byte_is_read(encoding: str) -> None:
    assert (decode_text(JAPANESE.encode(encoding)[:-1]) or "").startswith(JAPANESE.rstrip())


@pytest.mark.parametrize("encoding", ["iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2004"])
def test_iso_2022_jp_is_read(encoding: str) -> None:
    assert decode_text(JAPANESE.replace("％", "%").encode(encoding)) == JAPANESE.replace("％", "%")


def test_iso_2022_jp_with_characters_of_windows_and_half_width_kana_is_read() -> None:
    assert decode_iso2022jp(b"a \x1b$B-!-j\x1b(B b \x1b(I6E6E\x1b(J c") == "a ①㈱ b ｶﾅｶﾅ c"


def test_escape_sequences_alone_are_not_iso_2022_jp() -> None:
    text = "Mirela \x1b[1mOkonjo\x1b[0m, paid \x1b $ 5\n"
    assert decode_text(text.encode()) == text


@pytest.mark.parametrize("text", WESTERN.values(), ids=WESTERN)
@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "utf-8"])
@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_western_encodings_are_told_apart(text: str, encoding: str, line_end: str) -> None:
    text = text.replace("\n", line_end)
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "text",
    [
        "Mirela Okonjo doesn’t stop — 2018 – 2021\n",
        "growth—which nobody expected—came from Köln\n",
        "• Cut cost\n• Led people\n",
        "ZÜRICH, ÅRHUS\n",
        "À Paris: 5 °C, §4, 10 µm, ½ ±3\n",
    ],
)
def test_windows_1252_is_preferred(text: str) -> None:
    assert decode_text(text.encode("cp1252")) == text


@pytest.mark.parametrize("text", ["Résumé of Mirela\n", "Zürich, Genève\n", "Mirela Okonjo, “naïve”\n"])
def test_one_line_of_mac_roman_is_read(text: str) -> None:
    assert decode_text(text.encode("mac_roman")) == text


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-8"])
def test_japanese_with_a_damaged_byte_is_read(encoding: str) -> None:
    data = (JAPANESE * 5).encode(encoding)
    # The last character is cut, as by a program that counts bytes.
    text = decode_text(data + "職務".encode(encoding)[:-1])
    assert text is not None
    assert text.startswith(JAPANESE * 5)


def test_characters_of_vendors_in_euc_jp_are_read() -> None:
    assert decode_text(JAPANESE.encode("euc_jp") + b"\xad\xa1\n") == JAPANESE + "①\n"


def test_utf8_with_bytes_pasted_from_windows_is_read() -> None:
    data = (WESTERN["French"] * 4).encode() + b"caf\xe9 \x96 2018\n"
    assert decode_text(data) == WESTERN["French"] * 4 + "café – 2018\n"


@pytest.mark.parametrize("nulls", [b"\x00", b"\x00" * 500])
def test_stray_null_bytes_are_dropped(nulls: bytes) -> None:
    data = (ENGLISH * 3).encode() + nulls
    assert sniff(data) == "txt"
    assert decode_text(data) == ENGLISH * 3
    middle = JAPANESE.encode() + b"\x00" + JAPANESE.encode()
    assert decode_text(middle) == JAPANESE * 2


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 40,
        b"\x00\x01\x02\x03" * 300,
        b"abc\x00def",
        bytes((at * 7919 + at // 13) % 256 for at in range(4_001)),
        "\x01\x02\x03\x04".encode("utf-16-le") * 50,
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00\xb8" + b"\x00" * 300 + b"This program",
    ],
)
def test_binary_data_is_no_text(data: bytes) -> None:
    assert decode_text(data) is None


@pytest.mark.parametrize(
    "data",
    [
        b"<!-- saved from Word --><html><body>Resume</body></html>",
        "\ufeff<html>Resume</html>".encode("utf-16"),
        "<html>Resume</html>".encode("utf-16-le"),
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>",
        b"\xef\xbb\xbf<HTML><head></head>",
        b"<meta charset=utf-8><table>",
        b"\n{\\rtf1\\ansi Resume}",
    ],
)
def test_other_documents_with_a_wrong_name_are_rejected_by_name(data: bytes) -> None:
    with pytest.raises(UnsupportedFileType) as caught:
        sniff(data)
    assert "web page" in caught.value.detail or "RTF" in caught.value.detail


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp932", "euc_jp"])
def test_whole_resume_has_the_same_text_in_every_encoding(encoding: str) -> None:
    expected = parse_file(files.japanese_resume_txt(), Limits())["text"]
    text = files.japanese_resume_txt().decode()
    assert parse_file(text.encode(encoding), Limits())["text"] == expected
