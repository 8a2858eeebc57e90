"""JSON Resume exports."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from exports.json_resume import to_json_resume
from exports.source import Source
from jsonschema import Draft7Validator

from tests.unit.exports.test_blind_cv import TEXT
from tests.unit.scoring.personas import MEDIUM, STRONG, STRONG_JA, WEAK, WEAK_JA

SCHEMA = json.loads((Path(__file__).parents[2] / "support" / "schemas" / "json_resume.json").read_text())
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def export(text: str, *names: str) -> dict[str, Any]:
    """Export a text and check the result against the published schema."""
    found = to_json_resume(Source(text=text, signals=None, names=names, reference="", now=NOW))
    Draft7Validator(SCHEMA, format_checker=Draft7Validator.FORMAT_CHECKER).validate(found)
    return found


@pytest.mark.parametrize("text", [STRONG, MEDIUM, WEAK, STRONG_JA, WEAK_JA], ids=["s", "m", "w", "sj", "wj"])
def test_export_is_valid(text: str) -> None:
    assert export(text)["work"]


def test_fields_of_a_resume() -> None:
    text = TEXT.replace("LS1 4AP", "LS1 4AP | linkedin.com/in/maya-okafor")
    text += "\nSkills\nTools: SQL, Excel\nEnglish (native), German (B2)\n"
    found = export(text)
    assert found["basics"]["name"] == "Maya Okafor"
    assert found["basics"]["email"] == "maya.okafor@example.com"
    assert found["basics"]["phone"] == "+44 20 7946 0958"
    assert found["basics"]["profiles"] == [
        {
            "network": "LinkedIn",
            "username": "maya-okafor",
            "url": "https://www.linkedin.com/in/maya-okafor",
        }
    ]
    assert found["work"] == [
        {
            "name": "Northwind Advisory",
            "position": "Senior Manager",
            "startDate": "2020-04",
            "highlights": ["Led a merger with Okafor's method, saving $2M a year"],
        },
        {
            "name": "Pellworth Partners",
            "position": "Consultant",
            "startDate": "2016-01",
            "endDate": "2020-03",
            "highlights": ["Built 3 models for 4 clients"],
        },
    ]
    (school,) = found["education"]
    assert school == {
        "institution": "Leeds University",
        "studyType": "MSc",
        "area": "Economics",
        "endDate": "2015",
    }
    assert found["skills"] == [{"name": "Tools", "keywords": ["SQL", "Excel"]}]
    assert found["languages"] == [
        {"language": "English", "fluency": "native"},
        {"language": "German", "fluency": "B2"},
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Acme Ltd, Engineer, 2019 - 2021", ("Acme Ltd", "Engineer", "2019", "2021")),
        ("Engineer at Acme | 03/2019 - 04/2021", ("Acme", "Engineer", "2019-03", "2021-04")),
        ("Engineer\tMar 2019 – Apr 2021\nAcme, Inc.", ("Acme, Inc.", "Engineer", "2019-03", "2021-04")),
        ("Acme — Data Engineer (2019 to 2021)", ("Acme", "Data Engineer", "2019", "2021")),
        ("Summer 2019 - Fall 2021: Engineer, Acme", ("Acme", "Engineer", "2019", "2021")),
    ],
)
def test_header_of_a_position(header: str, expected: tuple[str, ...]) -> None:
    (work,) = export(f"Maya Okafor\n\nExperience\n{header}\n- Built 3 models for 4 clients\n")["work"]
    assert (work["name"], work["position"], work["startDate"], work["endDate"]) == expected


def test_uncertain_fields_are_left_out() -> None:
    text = (
        "Maya Okafor\n\nExperience\nGreen Harbour, Blue Meadow, since long\n- Built 3 models for 4 clients\n"
    )
    (work,) = export(text)["work"]
    assert work == {"highlights": ["Built 3 models for 4 clients"]}


def test_name_comes_from_the_table_where_the_text_has_none() -> None:
    text = "Experience\nEngineer, Acme, 2019 - 2021\n- Built 3 models for 4 clients\n"
    assert export(text, "Zoe Quill")["basics"]["name"] == "Zoe Quill"
    assert "basics" not in export(text)


def test_japanese_form_has_employers_and_dates() -> None:
    text = (
        "履歴書\n氏名\t三枝 悠斗\n年\t月\t学歴・職歴\n学歴\n2012\t4\t明望大学 理工学部 入学\n"
        "2016\t3\t明望大学 理工学部 卒業\n職歴\n2016\t10\t北陵ソリューションズ株式会社 入社\n"
        "2020\t3\t北陵ソリューションズ株式会社 退社\n2020\t4\t株式会社青葉データ 入社\n現在に至る\n以上\n"
    )
    found = export(text)
    assert found["basics"]["name"] == "三枝 悠斗"
    assert found["work"] == [
        {"name": "北陵ソリューションズ株式会社", "startDate": "2016-10", "endDate": "2020-03"},
        {"name": "株式会社青葉データ", "startDate": "2020-04"},
    ]


@pytest.mark.parametrize(
    "text", ["ab", "x" * 5_000, "\t\n、。\n漢字", "Name:\nExperience\n-", "1 2 3 ab" * 500], ids=range(5)
)
def test_any_text_gives_a_valid_export(text: str) -> None:
    export(text)
