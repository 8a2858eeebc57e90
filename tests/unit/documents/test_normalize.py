"""Normalization and counting of extracted text."""

import pytest
from documents.layout.normalize import count_unknown_characters, count_words, normalize_line, tag_characters
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("trailing \t ", "trailing"),
        ("a\x00b\x07c\x1bd", "abcd"),
        ("zero\u200bwidth\ufeff soft\u00adhyphen", "zerowidth softhyphen"),
        ("2019\xad2021, Jan \xad Mar, \xad item", "2019-2021, Jan - Mar, - item"),
        ("co\xadoperation man\xadage\xad", "cooperation manage"),
        ("\ufffd item", "• item"),
        ("Jan 2019 \ufffd Mar 2021, 2017\ufffd\ufffd\ufffd2019", "Jan 2019 – Mar 2021, 2017–2019"),
        ("don\ufffdt caf\ufffd", "don’t caf"),
        ("Py\u200dth\u200con", "Python"),
        ("می\u200cخواهم \U0001f468\u200d\U0001f4bb", "می\u200cخواهم \U0001f468\u200d\U0001f4bb"),
        ("left\u202eright", "leftright"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("pair \ud83d\ude80", "pair 🚀"),
        ("か\u3099くせい", "がくせい"),
        ("⼤学で⽇本語", "大学で日本語"),
        ("神田 \ufa19 太郎", "神田 \ufa19 太郎"),
        ("e\ufb03cient \ufb01rst", "efficient first"),
        ("\uf0b7 item", "• item"),
        ("icon \ue123 here", "icon   here"),
        ("“quoted” – it’s", "“quoted” – it’s"),
        ("no\xa0break", "no break"),
        ("氏名　山田", "氏名　山田"),
        ("ｶﾀｶﾅ ＡＢＣ", "ｶﾀｶﾅ ＡＢＣ"),
        ("hidden\U000e0049\U000e0067", "hidden"),
    ],
)
def test_line_is_normalized(given_text: str, expected: str) -> None:
    assert normalize_line(given_text) == expected


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_normalized_line_can_be_stored_and_is_stable(text: str) -> None:
    once = normalize_line(text)
    assert "\x00" not in once
    assert "\n" not in once
    assert once.encode().decode() == once
    assert normalize_line(once) == once


def test_words_and_special_characters_are_counted() -> None:
    assert count_words("Led a cross-functional team of 14 (C++, Go) — 38% faster") == 10
    assert count_words("要件定義と設計 in Python") == 6
    assert len(tag_characters("a\U000e0041b")) == 1
    assert count_unknown_characters("\ue001 \uf0b7 \ufffd") == 2
