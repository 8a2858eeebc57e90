"""Check the Helm charts: `python -m tests.k8s`; with --write the golden files and READMEs are written anew.

Renders each set of values in deploy/helm/tests/values, and looks at every object: its schema, the policies,
the golden file, the alerts. The last line says how it went; the exit code is 1 where anything is wrong.
"""

import sys
import time

from tests.k8s import alerts, policies, readme, render, schemas
from tests.k8s.render import CannotRender, Object
from tests.k8s.tools import ToolMissing


def main(*, write: bool) -> int:
    """The exit code."""
    started = time.monotonic()
    wrong: list[str] = []
    everything: list[Object] = []
    invalid = 0
    for chart in sorted({one.chart for one in render.SETS}):
        if write:
            readme.write(chart)
        elif readme.is_stale(chart):
            wrong.append(f"{chart}: README.md does not show values.schema.json as it is; --write does")
    for one in render.SETS:
        try:
            wrong += (f"{one}: {line}" for line in render.lint(one))
            text = render.render(one)
        except CannotRender as error:
            wrong.append(f"{one}: {error}")
            continue
        if write:
            one.golden.write_text(render.as_golden(text))
        differs = list(render.difference(one, text))
        if differs:
            wrong.append(
                "\n".join([f"{one} is not what its golden file says; --write takes it over", *differs])
            )
        found = render.objects(text)
        everything += found
        for each in found:
            said = schemas.problems(each)
            invalid += bool(said)
            wrong += (f"{one}: {each['kind']} {each['metadata']['name']}: {line}" for line in said)
        wrong += (f"{one}: {line}" for line in policies.problems(found))
        print(f"{one}: {len(found)} objects")
    wrong += alerts.problems(everything)
    names = alerts.alerts(everything)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(wrong)} problems, {time.monotonic() - started:.0f} s")
    tested = len(names & alerts.with_tests())
    print(f"k8s: objects={len(everything)} invalid={invalid} alerts={len(names)} tested={tested}")
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main(write="--write" in sys.argv[1:]))
    except ToolMissing as missing:
        sys.exit(str(missing))
