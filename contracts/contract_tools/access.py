"""The table of Kafka access rules in docs/security.md, generated from the rules."""

from pathlib import Path

from contracts.access import ACCESS_RULES, subscriber_access_rules

from contract_tools.files import ROOT

PAGE = ROOT / "docs" / "security.md"
_BEGIN, _END = "<!-- rights: written by make contracts -->", "<!-- /rights -->"


def page(path: Path = PAGE) -> str:
    """Return the page with an up-to-date table."""
    before, _, rest = path.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{_table()}\n{_END}{after}"


def _table() -> str:
    rows = [*ACCESS_RULES, *subscriber_access_rules("a subscriber", group_prefix="a prefix of its own")]
    lines = ["| user | operations | on | for |", "|---|---|---|---|"]
    names_by_row: dict[tuple[str, str, str, str], list[str]] = {}
    for rule in rows:
        kind: str = "groups with" if rule.is_prefix else rule.resource
        key = (rule.user, ", ".join(rule.operations), kind, rule.purpose)
        names_by_row.setdefault(key, []).append(rule.name if rule.is_prefix else f"`{rule.name}`")
    for (user, operations, kind, why), names in names_by_row.items():
        lines.append(f"| {user} | {operations} | {kind} {', '.join(names)} | {why} |")
    return "\n".join(lines)
