"""The documents name files, commands and settings that exist, and their diagrams parse."""

import re
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import analyzer.settings
import mermaidx
import pytest
import request_api.create_topics
import request_api.settings
import results_api.settings
from local_stack.paths import ROOT
from pydantic_settings import BaseSettings

DOCUMENTS = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "tools/README.md")),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "deploy").rglob("*.md"),
        *(ROOT / "contracts").rglob("*.md"),
    ]
)
_TOP_FOLDERS = ("services", "libs", "contracts", "deploy", "tools", "tests", "docs", ".ci")
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
# A path in a code span, without the placeholders of a command line.
_PATH = re.compile(
    r"(?<![\w/.:<{$@~-])(?:[\w.-]+/)*[\w.-]+\.(?:py|md|yaml|yml|json|txt|toml|sh|sql|svg|tpl)(?![\w<{*])"
)
_FOLDER = re.compile(rf"(?<![\w/.:-])(?:{'|'.join(map(re.escape, _TOP_FOLDERS))})/[\w./-]*")
_MAKE = re.compile(r"\bmake (?:-s |-n )?([a-z][a-z0-9-]+)")
_MODULE = re.compile(r"\bpython -m ([a-z_]+(?:\.[a-z_]+)*)")
_MERMAID = re.compile(r"^```mermaid\n(.*?)^```", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# Files that readers create, and names of other programs.
_FOREIGN_FILES = {"values.yaml", "infra.yaml"}
_FOREIGN_NAME = re.compile(
    r"kafka-[a-z-]+\.sh|[\w.-]*keda\.sh|deploy/(?:SERVICE|request-api|analyzer|results-api)\b"
)


@cache
def repository_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return [line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


@cache
def product_sources() -> str:
    return "".join(
        (ROOT / file).read_text(encoding="utf-8")
        for file in repository_files()
        if file.startswith(("libs/", "services/")) and file.endswith(".py")
    )


@cache
def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z0-9-]*)(?=[^=\n]*:(?!=))", makefile, re.MULTILINE)) | {
        f"test-{kind}" for kind in ("unit", "contract", "integration", "e2e")
    }


def code_of(text: str) -> str:
    return "\n".join(match.group() for match in _CODE.finditer(text))


def anchors_of(path: Path) -> set[str]:
    """Return the anchors that code hosts make of the headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_lead_to_files_and_headings_that_exist(document: Path) -> None:
    for link in _LINK.findall(document.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        target, _, anchor = link.partition("#")
        path = (document.parent / target).resolve() if target else document
        assert path.exists(), f"{name_of(document)} links to {target}"
        if anchor:
            assert anchor in anchors_of(path), f"{name_of(document)} links to {link}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_named_paths_exist(document: Path) -> None:
    code = _FOREIGN_NAME.sub("", code_of(document.read_text(encoding="utf-8")))
    files = repository_files()
    for path in _PATH.findall(code):
        if path in _FOREIGN_FILES:
            continue
        # Paths may be shortened, as commands/submit_analysis.py is.
        assert any(f"/{file}".endswith(f"/{path}") for file in files), f"{name_of(document)} names {path}"
    for folder in _FOLDER.findall(code):
        assert (ROOT / folder.rstrip("/.")).exists() or any(f"/{folder}" in f"/{file}" for file in files), (
            f"{name_of(document)} names {folder}"
        )


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_named_commands_exist(document: Path) -> None:
    code = code_of(document.read_text(encoding="utf-8"))
    for target in _MAKE.findall(code):
        assert target in make_targets(), f"{name_of(document)} names make {target}"
    for module in _MODULE.findall(code):
        assert module == "pytest" or find_spec(module), f"{name_of(document)} names python -m {module}"


@pytest.mark.parametrize("runbook", sorted((ROOT / "deploy" / "runbooks").glob("*.md")), ids=name_of)
def test_log_messages_in_runbooks_exist(runbook: Path) -> None:
    lines = re.findall(r"^- Logs.*(?:\n  .*)*", runbook.read_text(encoding="utf-8"), re.MULTILINE)
    # Words with spaces and no punctuation of JSON: a message, not a field.
    for message in re.findall(r"`([\w',-]+(?: [\w',-]+)+)`", "".join(lines)):
        assert message in product_sources(), f"{name_of(runbook)} names the log message {message}"


def test_index_lists_every_document() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in _LINK.findall(index.read_text())}
    # Decisions and runbooks are listed by their folders.
    documents = {path for path in (ROOT / "docs").rglob("*.md") if "decisions" not in path.parts} - {index}
    assert not [name_of(path) for path in documents - linked]


@pytest.mark.parametrize(
    "settings",
    [
        analyzer.settings.Settings,
        request_api.settings.Settings,
        results_api.settings.Settings,
        request_api.create_topics.Settings,
    ],
    ids=lambda settings: settings.__module__,
)
def test_every_setting_is_documented(settings: type[BaseSettings]) -> None:
    pages = "".join(
        (ROOT / "docs" / name).read_text(encoding="utf-8")
        for name in ("configuration.md", "model.md", "security.md")
    )
    missing = [name for name in settings.model_fields if name.upper() not in pages]
    assert not missing, "Describe them in docs/configuration.md"


def diagrams() -> list[tuple[str, str]]:
    return [
        (f"{name_of(document)}:{number}", diagram)
        for document in DOCUMENTS
        for number, diagram in enumerate(_MERMAID.findall(document.read_text(encoding="utf-8")))
    ]


@pytest.mark.parametrize("diagram", [pytest.param(text, id=name) for name, text in diagrams()])
def test_mermaid_diagrams_parse(diagram: str) -> None:
    # Mermaid itself, in an embedded JavaScript engine.
    assert mermaidx.render(diagram).svg().startswith("<svg")


def test_broken_mermaid_diagram_is_detected() -> None:
    with pytest.raises(RuntimeError, match="Parse error"):
        mermaidx.render("flowchart LR\n  a[One --> b[Two]\n").svg()


def test_architecture_has_both_diagrams() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    kinds = [diagram.split(maxsplit=1)[0] for diagram in _MERMAID.findall(text)]
    assert {"flowchart", "sequenceDiagram"} <= set(kinds)


def test_pictures_are_small() -> None:
    for picture in (ROOT / "docs" / "images").iterdir():
        assert picture.stat().st_size < 200_000, f"{picture.name} is too large for a README"


@pytest.mark.parametrize("target", ["score", "demo"])
@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("~/cv.pdf", "/home/jane/cv.pdf"),
        ("~/my cv.pdf", "/home/jane/my cv.pdf"),
        ("/srv/cv.pdf", "/srv/cv.pdf"),
        ("old~/my  cv.pdf", "old~/my  cv.pdf"),
    ],
)
def test_a_tilde_before_a_resume_is_the_home_folder(target: str, given: str, read: str) -> None:
    command = ["make", "--dry-run", target, f"RESUME={given}", "HOME=/home/jane"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert f'"{read}"' in done.stdout
