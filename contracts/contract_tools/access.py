"""The table of Kafka's access rules in docs/security.md, from the rules themselves."""

from pathlib import Path

from contracts.access import RIGHTS, rights_of_subscriber

from contract_tools.files import ROOT

PAGE = ROOT / "docs" / "security.md"
_BEGIN, _END = "<!-- rights: written by make contracts -->", "<!-- /rights -->"


def page(path: Path = PAGE) -> str:
    """Return the page with the table as it should be."""
    before, _, rest = path.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{_table()}\n{_END}{after}"


def _table() -> str:
    rows = [*RIGHTS, *rights_of_subscriber("a subscriber", group_prefix="a prefix of its own")]
    lines = ["| user | operations | on | for |", "|---|---|---|---|"]
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for right in rows:
        kind: str = "groups with" if right.is_prefix else right.resource
        key = (right.user, ", ".join(right.operations), kind, right.why)
        alike.setdefault(key, []).append(right.name if right.is_prefix else f"`{right.name}`")
    for (user, operations, kind, why), names in alike.items():
        lines.append(f"| {user} | {operations} | {kind} {', '.join(names)} | {why} |")
    return "\n".join(lines)
