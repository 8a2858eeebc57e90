"""The table of Kafka's access rules in docs/security.md, from the rules themselves."""

from pathlib import Path

from contracts.access import RIGHTS, Right, rights_of_subscriber

from contract_tools.files import ROOT

PAGE = ROOT / "docs" / "security.md"
_BEGIN, _END = "<!-- rights: written by make contracts -->", "<!-- /rights -->"


def page(path: Path = PAGE) -> str:
    """Return the page with the table as it should be."""
    before, _, rest = path.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{_table()}\n{_END}{after}"


def _table() -> str:
    rows = [*RIGHTS, *rights_of_subscriber("a subscriber", group_prefix="its own prefix")]
    lines = ["| user | resource | name | operations | for |", "|---|---|---|---|---|"]
    return "\n".join([*lines, *map(_row, rows)])


def _row(right: Right) -> str:
    name = right.name if right.is_prefix else f"`{right.name}`"
    kind = f"{right.resource}, by prefix" if right.is_prefix else right.resource
    return f"| {right.user} | {kind} | {name} | {', '.join(right.operations)} | {right.why} |"
