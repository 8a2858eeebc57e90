"""Loaded by schemathesis: ids that exist, what is no failure, and a curl line for each that is.

The folder of the run, in FUZZ_FOLDER, has the seeds and gets the failures.
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
# What the run of the other document found.
_EARLIER = [(FOLDER / "failures.txt").read_text()] if (FOLDER / "failures.txt").exists() else []
_FAILURES: dict[str, str] = {}
AnyCase = Case[Any]
# Envoy's parser does not know it; it says 400 where a service would say 405.
UNKNOWN_TO_THE_GATEWAY = "QUERY"


@schemathesis.hook
def flatmap_path_parameters(
    context: HookContext, path_parameters: dict[str, Any] | None
) -> st.SearchStrategy[dict[str, Any] | None]:
    """Put ids that exist for most generated ones; what is no id at all stays."""
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
    """Whether it is one; if so, write down how to see it again."""
    if _is_meant(failure, case, response):
        return False
    token = str(response.request.headers["Authorization"]).removeprefix("Bearer ")
    told = (
        f"{failure.title}: {case.method} {case.path} answered {response.status_code}",
        *failure.message.splitlines(),
        response.text[:500],
        case.as_curl_command().replace(token, "'\"$TOKEN\"'"),
    )
    # Of those that differ only in what was sent, the shortest.
    key, text = f"{failure.title} {case.method} {case.operation.path}", "\n    ".join(told)
    if key not in _FAILURES or len(text) < len(_FAILURES[key]):
        _FAILURES[key] = text
        (FOLDER / "failures.txt").write_text("\n\n".join(_EARLIER + list(_FAILURES.values())) + "\n")
    return True


def _is_meant(failure: Failure, case: AnyCase, response: Response) -> bool:
    kind = type(failure).__name__
    if kind == "RejectedPositiveData":
        # Refused for what it means (a file that is no resume, a cursor that no list gave), not for its form.
        return "code" in response.json()
    if kind == "AcceptedNegativeData":
        # JSON and forms are read as the existing backend reads them: "5" is a number, and so is 5.0; in a
        # form everything is text anyway.
        said = failure.message.lower()
        return "incorrect type" in said or "violates `type`" in said
    return kind == "UnsupportedMethodResponse" and case.method == UNKNOWN_TO_THE_GATEWAY


def _is_id(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True
