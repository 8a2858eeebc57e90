"""Read the positions of a resume: employer, title, dates and bullets."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from scoring.language.dates import DateRange
from scoring.language.text import Span
from scoring.resume.resume import Resume
from scoring.resume.work_history import Entry

from exports.structure.headers import Period, names_in, period_of

Order = Literal["title first", "company first"]
_TITLE = re.compile(
    r"(?i)\b(?:accountant|actuary|administrator|advis[eo]r|analyst|apprentice|architect|assistant"
    r"|associate|attorney|auditor|banker"
    r"|barista|buyer|captain|cashier|chef|chief|clerk|coach|consultant|controller|coordinator|counsel"
    r"|counsellor|designer|developer"
    r"|director|doctor|driver|editor|electrician|engineer|executive|expert|fellow|founder|head of"
    r"|intern|instructor|journalist|lawyer"
    r"|lead|leader|lecturer|librarian|manager|mechanic|member of|midwife|nurse|officer|operator|owner"
    r"|partner|pharmacist|physician"
    r"|planner|president|principal|producer|professor|programmer|recruiter|representative|researcher"
    r"|salesperson|scientist|secretary"
    r"|specialist|staff|strategist|supervisor|surgeon|teacher|technician|tester|therapist|trader"
    r"|trainee|translator|trustee|tutor"
    r"|vp|volunteer|waiter|waitress|welder|writer|c[etfoim]o|ciso)s?\b"
    r"|エンジニア|コンサルタント|アナリスト|マネージャ|マネジャー|デザイナ|プログラマ|ディレクター"
    r"|アドバイザー|リーダー|スタッフ|アシスタント"
    r"|スペシャリスト|アーキテクト|オペレーター|インターン|看護師|教師|講師|研究員|研究者|会計士|弁護士"
    r"|薬剤師|営業(?!所)|主任|係長|課長|部長|室長"
    r"|店長|所長|社長|取締役|執行役員|担当$|プロデューサー|パートナー|バイヤー|プランナー"
    r"|サイエンティスト|管理者|責任者|助手|教諭"
)
_COMPANY = re.compile(
    r"(?i)\b(?:inc|llc|ltd|limited|gmbh|ag|corp|corporation|co|company|group|bank|university|college"
    r"|school|institute|hospital|plc"
    r"|solutions|technologies|systems|holdings|partners|associates|ministry|agency|labs?|studios?"
    r"|consulting|advisory|services|industries"
    r"|foundation|council|clinic|trust|capital|ventures|media|insurance|airlines|logistics|payments"
    r"|analytics)\b\.?$"
    r"|株式会社|有限会社|合同会社|合資会社|[(（]株[)）]|㈱|大学|法人|銀行|病院|協会|公庫|機構|役所"
    r"|市役所|県庁|組合"
)
# A table's own headings, and the ends of a list of dates.
_NO_NAME = re.compile(
    r"^(?:期間|会社名|役職|業務内容|職務内容|会社名・役職|所属|現在に至る|以上|在籍中?|年|月|職歴|学歴"
    r"|present|current)$",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s*(?:に)?(?:入社|入行|入職|入庁)$")
_LEFT = re.compile(r"\s*(?:を)?(?:一身上の都合により|会社都合により)?\s*(?:退社|退職|退行|退庁)$")
_STATE = re.compile(r"[A-Z]{2}")
_MOST_PARTS: Final = 3
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Work:
    """A position. What could not be read for certain is None."""

    name: str | None
    position: str | None
    period: Period | None
    highlights: tuple[str, ...]


def find_work(resume: Resume) -> list[Work]:
    """Return the positions of a resume in the order in which they are written."""
    drafts = [draft for entry in resume.positions for draft in _drafts(resume, entry)]
    order = _usual_order(drafts)
    return [
        Work(*_title_and_company(names, order), period, highlights) for names, period, highlights in drafts
        if names or period or highlights
    ]  # fmt: skip


_Draft = tuple[list[str], Period | None, tuple[str, ...]]


def _drafts(resume: Resume, entry: Entry) -> Iterator[_Draft]:
    bullets = tuple(_one_line(resume, bullet.span) for bullet in entry.bullets)
    ranges = resume.ranges_in(entry)
    if any(_JOINED.search(resume.text[span.start : span.end]) for span in entry.header):
        yield from _joined_and_left(resume, entry, ranges)
        return
    in_header = [each for each in ranges if any(span.start <= each.start < span.end for span in entry.header)]
    if len(in_header) <= 1:
        period = period_of(in_header[0]) if in_header else None
        yield _names(resume, entry.header), period, bullets
        return
    # Positions without bullets between them: each range of dates has its lines.
    groups = _by_range(entry.header, in_header)
    for at, (spans, found) in enumerate(groups):
        yield _names(resume, spans), period_of(found), bullets if at == len(groups) - 1 else ()


def _by_range(header: Sequence[Span], ranges: Sequence[DateRange]) -> list[tuple[list[Span], DateRange]]:
    """Divide the lines of a header among its ranges. Lines come before their dates if the first one does."""
    dated = [next((each for each in ranges if span.start <= each.start < span.end), None) for span in header]
    starts_with_dates = dated[0] is not None
    groups: list[tuple[list[Span], DateRange]] = []
    waiting: list[Span] = []
    for span, found in zip(header, dated, strict=True):
        if found is not None:
            groups.append(([*waiting, span] if not starts_with_dates else [span], found))
            waiting = []
        elif starts_with_dates:
            groups[-1][0].append(span)
        else:
            waiting.append(span)
    return groups


def _joined_and_left(resume: Resume, entry: Entry, ranges: Sequence[DateRange]) -> Iterator[_Draft]:
    """Read a table of 入社 and 退社, where a line has one date."""
    for span in entry.header:
        for line in resume.text[span.start : span.end].splitlines():
            company = next((part for part in names_in_text(resume, span, line) if _JOINED.search(part)), None)
            if company is None:
                continue
            start = span.start + resume.text[span.start : span.end].index(line)
            found = next((each for each in ranges if start <= each.start < start + len(line)), None)
            yield [_JOINED.sub("", company)], period_of(found) if found else None, ()


def names_in_text(resume: Resume, span: Span, line: str) -> list[str]:
    """Return the parts of one line of a span."""
    start = span.start + resume.text[span.start : span.end].index(line)
    return names_in(resume, [Span(start, start + len(line))])


def _names(resume: Resume, spans: Sequence[Span]) -> list[str]:
    return _without_places([name for name in names_in(resume, spans) if not _NO_NAME.match(name)])


def _without_places(names: Sequence[str]) -> list[str]:
    """Leave out the place in "Initech, Austin, TX, Engineer", where a title and an employer remain."""
    states = [at for at, name in enumerate(names) if at > 0 and _STATE.fullmatch(name)]
    places = {place for at in states for place in (at - 1, at)}
    rest = [name for at, name in enumerate(names) if at not in places]
    return rest if len(rest) > 1 else list(names)


def _kind(name: str) -> Literal["title", "company"] | None:
    is_company = _COMPANY.search(name) is not None
    if _TITLE.search(name) and not is_company:
        return "title"
    return "company" if is_company and not _TITLE.search(name) else None


def _usual_order(drafts: Sequence[_Draft]) -> Order | None:
    """Return which of the two comes first in most positions where it is certain."""
    orders: Counter[Order] = Counter()
    for names, _, _ in drafts:
        kinds = [_kind(name) for name in names[:2]]
        if len(names) >= 2:
            if kinds[0] == "title" or kinds[1] == "company":
                orders["title first"] += 1
            elif kinds[0] == "company" or kinds[1] == "title":
                orders["company first"] += 1
    if not orders:
        return None
    (first, count), *others = orders.most_common()
    return first if not others or count > 2 * others[0][1] else None


def _title_and_company(names: Sequence[str], usual: Order | None) -> tuple[str | None, str | None]:
    """Return the company and the title, or None for what is not certain."""
    names = [name for name in names if len(name) <= _LONGEST_NAME]
    if len(names) == 1:
        kind = _kind(names[0])
        return (names[0] if kind == "company" else None), (names[0] if kind == "title" else None)
    if not 2 <= len(names) <= _MOST_PARTS + 1:
        return None, None
    first, second = names[0], names[1]
    kinds = _kind(first), _kind(second)
    if kinds == ("title", "title"):
        # "Manager, Sales Engineering, Acme"
        company = next((name for name in names[2:] if _kind(name) == "company"), None)
        if company is None and usual is None:
            return None, None
        return (
            (company, first) if company else ((second, first) if usual == "title first" else (first, second))
        )
    if kinds[0] == "title" or kinds[1] == "company":
        return second, first
    if kinds[0] == "company" or kinds[1] == "title":
        return first, second
    if usual is None:
        return None, None
    return (second, first) if usual == "title first" else (first, second)


def _one_line(resume: Resume, span: Span) -> str:
    text = resume.text[span.start : span.end]
    return text.replace("\n", "") if resume.is_japanese else " ".join(text.split())
