"""Hooks for schemathesis: they insert existing ids, filter expected failures and record the others.

FUZZ_FOLDER is the folder of the run, with the seeds and the recorded failures.
"""

import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure

FOLDER = Path(os.environ["FUZZ_FOLDER"])
SEEDS: dict[str, list[str]] = json.loads((FOLDER / "seeds.json").read_text())
# Failures of the other document, which was fuzzed before.
_EARLIER = [(FOLDER / "failures.txt").read_text()] if (FOLDER / "failures.txt").exists() else []
_FAILURES: dict[str, str] = {}
AnyCase = Case[Any]
# Envoy's parser does not know this method and answers 400 instead of 405.
UNKNOWN_TO_THE_GATEWAY = "QUERY"


@schemathesis.hook
def flatmap_path_parameters(
    context: HookContext, path_parameters: dict[str, Any] | None
) -> st.SearchStrategy[dict[str, Any] | None]:
    """Replace most generated ids by existing ones; invalid ids stay."""
    if not path_parameters or context.operation is None:
        return st.just(path_parameters)
    own = SEEDS.get(f"{context.operation.method.upper()} {context.operation.path}")
    return st.fixed_dictionaries(
        {
            name: st.sampled_from([*(own or SEEDS.get(name, [])), value]) if _is_id(value) else st.just(value)
            for name, value in path_parameters.items()
        }
    )


@schemathesis.hook
def filter_failure(context: HookContext, failure: Failure, case: AnyCase, response: Response) -> bool:
    """Return False for expected behaviour; record a real failure with a curl command."""
    if _is_expected(failure, case, response):
        return False
    token = str(response.request.headers["Authorization"]).removeprefix("Bearer ")
    lines = (
        f"{failure.title}: {case.method} {case.path} answered {response.status_code}",
        *failure.message.splitlines(),
        response.text[:500],
        case.as_curl_command().replace(token, "'\"$TOKEN\"'"),
    )
    # Keep the shortest of the failures that differ only in the request.
    key, text = f"{failure.title} {case.method} {case.operation.path}", "\n    ".join(lines)
    if key not in _FAILURES or len(text) < len(_FAILURES[key]):
        _FAILURES[key] = text
        (FOLDER / "failures.txt").write_text("\n\n".join(_EARLIER + list(_FAILURES.values())) + "\n")
    return True


def _is_expected(failure: Failure, case: AnyCase, response: Response) -> bool:
    kind = type(failure).__name__
    if kind == "RejectedPositiveData":
        # Rejected for its meaning, such as a file that is no resume or an invalid cursor, not for its form.
        return "code" in response.json()
    if kind == "AcceptedNegativeData":
        # JSON and forms are parsed as by the legacy backend: "5" and 5.0 are integers, and forms have only
        # text.
        message = failure.message.lower()
        return "incorrect type" in message or "violates `type`" in message
    return kind == "UnsupportedMethodResponse" and case.method == UNKNOWN_TO_THE_GATEWAY


def _is_id(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True
