"""Check the Helm charts: `python -m tools.k8s`.

With --write the golden files and READMEs are written anew; with --translate Envoy Gateway is asked too.
Renders each set of values in deploy/helm/tests/values, and looks at every object: its schema, the policies,
the golden file, the alerts. The last line says how it went; the exit code is 1 where anything is wrong.
"""

import sys
import time
from collections.abc import Iterator, Sequence

from tools.k8s import alerts, gateway, policies, render, schemas, values_table
from tools.k8s.programs import ToolMissing
from tools.k8s.render import CannotRender, Object, ValueSet


def main(*, write: bool, translate: bool) -> int:
    """The exit code."""
    started = time.monotonic()
    wrong: list[str] = []
    everything: list[Object] = []
    for chart in sorted({one.chart for one in render.VALUE_SETS}):
        if write:
            values_table.write(chart)
        elif values_table.is_stale(chart):
            wrong.append(f"{chart}: README.md does not show values.schema.json as it is; --write does")
    for one in render.VALUE_SETS:
        try:
            text = render.render(one)
        except CannotRender as error:
            wrong.append(f"{one}: {error}")
            continue
        if write:
            one.golden.write_text(render.as_golden(text))
        found = render.objects(text)
        everything += found
        wrong += (f"{one}: {line}" for line in problems(one, text, found))
        if translate:
            wrong += (f"{one}: {line}" for line in gateway.problems(found))
        print(f"{one}: {len(found)} objects")
    wrong += alerts.problems(everything)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(wrong)} problems, {time.monotonic() - started:.0f} s")
    invalid = sum(bool(schemas.problems(each)) for each in everything)
    names = alerts.alerts(everything)
    tested = len(names & alerts.with_tests())
    print(f"k8s: objects={len(everything)} invalid={invalid} alerts={len(names)} tested={tested}")
    return 1 if wrong else 0


def problems(one: ValueSet, text: str, found: Sequence[Object]) -> Iterator[str]:
    """What is wrong with a rendered set."""
    yield from render.lint(one)
    differs = list(render.difference(one, text))
    if differs:
        yield "\n".join(["not what its golden file says; --write takes it over", *differs])
    for each in found:
        for line in schemas.problems(each):
            yield f"{each['kind']} {each['metadata']['name']}: {line}"
    yield from policies.problems(found)


if __name__ == "__main__":
    try:
        sys.exit(main(write="--write" in sys.argv[1:], translate="--translate" in sys.argv[1:]))
    except ToolMissing as missing:
        sys.exit(str(missing))
