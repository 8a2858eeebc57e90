"""`tools.words` detects docstrings and names that the style guide forbids."""

from pathlib import Path

import pytest

from tools import words


def offences(path: Path, source: str) -> list[str]:
    path.write_text(source)
    return list(words.check(path))


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(words, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "opening", ["What it does.", "of the rows.", "'Whether' it ends.", "\n    Where it is."]
)
@pytest.mark.parametrize(
    "scope", ["", "class Offset:\n    ", "def run():\n    ", "async def run():\n    ", "OFFSET = 1\n"]
)
def test_docstring_with_a_forbidden_opening_is_reported(root: Path, scope: str, opening: str) -> None:
    (offence,) = offences(root / "offset.py", f'{scope}"""{opening}"""')
    assert offence.startswith(f"offset.py:{2 if scope else 1}: the docstring opens with")


@pytest.mark.parametrize(
    ("name", "word"),
    [("Lately", "lately"), ("NewsItem", "news"), ("OpenLetters", "letter"), ("_HTTPNews", "news")],
)
def test_class_with_a_forbidden_word_is_reported(root: Path, name: str, word: str) -> None:
    (offence,) = offences(root / "offset.py", f"class {name}:\n    pass\n")
    assert offence == f"offset.py:1: {name} holds '{word}'; write '{words.NAMES[word]}'"


def test_module_with_a_forbidden_word_is_reported(root: Path) -> None:
    (offence,) = offences(root / "public_news.py", "")
    assert offence == "public_news.py: the module's name holds 'news'; write 'public event'"


def test_plain_names_and_docstrings_pass(root: Path) -> None:
    source = '"""Return it."""\nclass DeadLetters:\n    """Assign offsets."""\nclass Newsletter:\n    x = 1\n'
    assert offences(root / "dead_letters.py", source) == []
