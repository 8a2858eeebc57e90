"""Hyphens at the end of a row."""

import pytest
from documents.layout.line_breaks import join_rows
from documents.layout.tables.dates import join_date

COMPOUNDS = tuple(
    word
    for line in (
        "order-tracking cycle-count cross-team full-stack self-service end-to-end risk-based store-level",
        "decision-making data-driven cost-saving time-sensitive customer-facing user-friendly award-winning",
        "month-end year-over-year state-of-the-art third-party non-profit e-commerce long-term real-time",
        "cloud-based root-cause post-sales multi-site on-call in-house high-volume event-driven",
        "problem-solving large-scale co-founder x-ray-driven entry-level go-to-market team-building",
        "test-driven front-end B2B-focused Leeds-based second-attempt same-day sales-led high-performance",
        "post-mortem post-mortems ill-defined trunk-based trauma-informed kanban-based in-memory",
        "follow-up follow-ups sign-up check-in kick-off spin-off bug-free click-through hub-and-spoke",
    )
    for word in line.split()
)
BROKEN = tuple(
    word
    for line in (
        "devel-opment manage-ment re-sponsible in-creased cus-tomer opera-tions im-plement-ation analy-sis",
        "pro-cess soft-ware net-work work-flow stake-holders data-base ware-house over-seeing re-search",
        "re-view under-standing with-out for-mat per-formance part-nership perform-ance test-ing cross-ing",
        "plan-ning head-quarters through-put frame-work inter-national co-ordinated pre-sented negoti-ated",
        "Man-agement Soft-ware sup-pliers com-pany man-date",
    )
    for word in line.split()
)


@pytest.mark.parametrize("compound", COMPOUNDS)
def test_hyphen_of_a_compound_is_kept(compound: str) -> None:
    parts = compound.split("-")
    for at in range(1, len(parts)):
        first, second = "-".join(parts[:at]), "-".join(parts[at:])
        assert join_rows(f"Introduced {first}-", f"{second} here", ()) == f"Introduced {compound} here"


@pytest.mark.parametrize("broken", BROKEN)
def test_hyphen_of_a_broken_word_is_removed(broken: str) -> None:
    first, second = broken.split("-", maxsplit=1)[0], "".join(broken.split("-")[1:])
    assert join_rows(f"Led the {first}-", f"{second} here", ()) == f"Led the {first}{second} here"


@pytest.mark.parametrize("broken", ["MANAGE-MENT", "PRE-SENT", "DEVELOP-MENT", "EXPERI-ENCE"])
def test_hyphen_of_a_broken_word_in_capitals_is_removed(broken: str) -> None:
    first, second = broken.split("-")
    assert join_rows(first + "-", second, ()) == first + second


@pytest.mark.parametrize("compound", ["ISO-IEC", "SAP-ABAP", "CROSS-FUNCTIONAL", "REAL-TIME"])
def test_hyphen_between_words_in_capitals_is_kept(compound: str) -> None:
    first, second = compound.split("-")
    assert join_rows(first + "-", second, ()) == compound


def test_words_of_the_document_decide() -> None:
    assert join_rows("a hand-", "over", {"hand-over"}) == "a hand-over"
    assert join_rows("a hand-", "over", {"handover"}) == "a handover"
    assert join_rows("the order-", "book", {"orderbook", "order"}) == "the orderbook"
    assert join_rows("the kafka-", "powered site", {"kafka"}) == "the kafka-powered site"
    assert join_rows("Produkt-", "entwicklung", {"produkt"}) == "Produktentwicklung"


@pytest.mark.parametrize("word", ["start-up", "start-ups", "roll-out", "set-up", "hand-over", "START-UP"])
def test_word_that_is_written_both_ways_is_read_as_the_document_hyphenates(word: str) -> None:
    first, second = word.split("-")
    joined = f"Led a {first}{second} here"
    author = {"led", "start-", "well-", "kafka-", "kafka", "pre-", "order-to-"}
    assert join_rows(f"Led a {first}-", f"{second} here", ()) == f"Led a {word} here"
    assert join_rows(f"Led a {first}-", f"{second} here", author) == f"Led a {word} here"
    assert join_rows(f"Led a {first}-", f"{second} here", {*author, "experi-"}) == joined
    assert join_rows(f"Led a {first}-", f"{second} here", {"led", (first + second).lower()}) == joined


@pytest.mark.parametrize("word", ["re-designed", "bi-weekly", "intra-company", "socio-economic"])
def test_prefix_keeps_its_hyphen_where_the_document_hyphenates_nothing_else(word: str) -> None:
    first, second = word.split("-")
    assert join_rows(f"{first}-", second, {f"{first}-"}) == word
    assert join_rows(f"{first}-", second, {f"{first}-", "experi-"}) == first + second


@pytest.mark.parametrize("name", ["Type-Script", "Java-Script", "Post-greSQL", "Git-Hub", "Power-Point"])
def test_name_with_a_capital_within_is_joined(name: str) -> None:
    first, second = name.split("-")
    assert join_rows(f"Go, {first}-", f"{second}, SQL", ()) == f"Go, {first}{second}, SQL"


@pytest.mark.parametrize(
    "word", ["with-in", "re-main", "inter-face", "work-flow", "net-work", "over-all", "out-put", "back-log"]
)
def test_word_that_is_written_one_way_is_joined_in_any_document(word: str) -> None:
    first, second = word.split("-")
    assert join_rows(f"{first}-", second, {"well-"}) == first + second


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("nadia-", "fenwick@example.com"),
        ("nadia.fenwick@north-", "moor.example"),
        ("linkedin.com/in/nadia-", "fenwick"),
        ("https://github.com/nadia-", "f/stock-forecast"),
        ("www.nadia-", "fenwick.example"),
        ("linkedin.com/in/", "nadia-fenwick"),
        ("https://github.com/nadia/", "stock-forecast"),
    ],
)
def test_addresses_keep_their_hyphen(first: str, second: str) -> None:
    assert join_rows(first, second, ()) == first + second
    assert join_rows(f"Mail: {first}", f"{second} Leeds", ()) == f"Mail: {first}{second} Leeds"


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("期間：２０１７年４月～２０", "２１年３月", "期間：２０１７年４月～２０２１年３月"),
        ("担当はＡＷ", "Ｓの運用", "担当はＡＷＳの運用"),
        ("a 3-", "year plan", "a 3-year plan"),
        ("from 2019-", "2021 in", "from 2019-2021 in"),
        ("from 2019 -", "2021 in", "from 2019 - 2021 in"),
        ("COVID-", "19 response", "COVID-19 response"),
        ("pre- and post-", "sales support", "pre- and post-sales support"),
        ("for pre-", "and post-sales", "for pre- and post-sales"),
        ("Ein- und", "Verkauf", "Ein- und Verkauf"),
        ("a plain", "row", "a plain row"),
        ("日本", "語", "日本語"),
    ],
)
def test_other_rows(first: str, second: str, joined: str) -> None:
    assert join_rows(first, second, ()) == joined


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("Ran A/", "B tests", "Ran A/B tests"),
        ("HTML/", "CSS", "HTML/CSS"),
        ("Python /", "Go", "Python / Go"),
        ("横浜市西区みなとみらい1-", "5", "横浜市西区みなとみらい1-5"),
        ("栄3-", "2-1", "栄3-2-1"),
        ("2019 -", "2021", "2019 - 2021"),
    ],
)
def test_slash_and_numbers_break_without_a_space(first: str, second: str, joined: str) -> None:
    assert join_rows(first, second, ()) == joined


# Names of tools, which no list of words holds.
TOOLS = ("GCP", "Kubernetes", "Terraform", "Tableau", "Salesforce", "COBOL", "kintone")
# A space between two words, which a row may end at as well.
PAIRS = (
    ("Power", "BI"),
    ("Ruby", "on"),
    ("Google", "Analytics"),
    ("Spring", "Boot"),
    ("Adobe", "Illustrator"),
    ("machine", "learning"),
    ("Kafka", "cluster"),
    ("AWS", "certified"),
    ("work", "flow"),
)


@pytest.mark.parametrize("tool", TOOLS)
def test_latin_word_that_a_japanese_row_cuts_is_mended(tool: str) -> None:
    for at in range(1, len(tool)):
        text, more = f"基盤：Go、{tool[:at]}", f"{tool[at:]}、SQL"
        # The document holds the word between Japanese letters elsewhere.
        assert join_rows(text, more, {f"月間利用者のための{tool.lower()}へ"}) == f"基盤：Go、{tool}、SQL"


@pytest.mark.parametrize("cut", ["Kube|rnetes", "Tab|leau", "Snowfl|ake", "Post|greSQL", "finan|ce"])
def test_parts_that_are_no_words_are_one_word_if_the_row_is_full(cut: str) -> None:
    first, second = cut.split("|")
    assert join_rows(f"基盤：{first}", f"{second}、SQL", (), is_full=True) == f"基盤：{first}{second}、SQL"


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_words_that_a_japanese_row_ends_between_stay_apart(first: str, second: str) -> None:
    text = f"ツール：Excel、{first}"
    assert join_rows(text, f"{second}、SQL", {"excel", "sql"}, is_full=True) == f"{text} {second}、SQL"


def test_parts_that_are_no_words_stay_apart_if_the_row_has_room() -> None:
    assert join_rows("基盤：numpy", "pandas、SQL", ()) == "基盤：numpy pandas、SQL"


@pytest.mark.parametrize("cut", ["GC|P", "SQ|L", "Redi|s", "kinton|e"])
def test_letter_that_goes_with_a_mark_to_the_next_row_is_mended(cut: str) -> None:
    first, second = cut.split("|")
    assert join_rows(f"基盤：{first}", f"{second}、Go", ()) == f"基盤：{first}{second}、Go"


def test_capital_letter_behind_a_small_one_is_a_word() -> None:
    assert join_rows("言語：Visual", "C、Go", ()) == "言語：Visual C、Go"


@pytest.mark.parametrize("dash", ["–", "—"])
def test_dash_without_a_space_before_it_gets_none_behind_it(dash: str) -> None:
    assert join_rows(f"Leeds | Jun 2014{dash}", "Oct 2017", ()) == f"Leeds | Jun 2014{dash}Oct 2017"
    assert join_rows(f"Leeds | Jun 2014 {dash}", "Oct 2017", ()) == f"Leeds | Jun 2014 {dash} Oct 2017"
    assert join_date(f"Jun 2014{dash}", "Oct 2017") == f"Jun 2014{dash}Oct 2017"


def test_latin_text_is_cut_nowhere_without_a_hyphen() -> None:
    assert join_rows("Built with Kuber", "netes", {"kubernetes"}, is_full=True) == "Built with Kuber netes"


@pytest.mark.parametrize(
    ("first", "second"), [("分析、", "SQL、Excel"), ("言語：", "Go"), ("SQL", "、Excel"), ("（", "A")]
)
def test_marks_of_full_width_need_no_space(first: str, second: str) -> None:
    assert join_rows(first, second, ()) == first + second
