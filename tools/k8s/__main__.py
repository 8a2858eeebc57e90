"""Checks the Helm charts: `make k8s-check`, which takes about 1 minute once Helm is built.

It renders each set of values in deploy/helm/tests/values and checks every object against its schema, the
policies, the golden file and the tests of alerts. `--write` updates the golden files and READMEs.
`--translate` also has Envoy Gateway translate the routes, whose tool takes minutes to build. The last line
has the totals, and the exit code is 1 if there is a problem.
"""

import sys
import time
from collections.abc import Iterator, Sequence

from tools.k8s import alerts, gateway, policies, render, schemas, values_table
from tools.k8s.e2e.commands import INFRA_VALUES, OBJECTS, VALUES
from tools.k8s.programs import ToolMissing
from tools.k8s.render import CannotRender, Object, ValueSet


def main(*, write: bool, translate: bool) -> int:
    """Run all checks and return the exit code."""
    started = time.monotonic()
    wrong: list[str] = []
    everything: list[Object] = []
    for chart in sorted({one.chart for one in render.VALUE_SETS}):
        if write:
            values_table.write(chart)
        elif values_table.is_stale(chart):
            wrong.append(
                f"{chart}: README.md is not up to date with values.schema.json; update it with --write"
            )
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
    for name, found in e2e_objects():
        everything += found
        wrong += (f"{name}: {line}" for each in found for line in invalid_fields(each))
        print(f"{name}: {len(found)} objects")
    wrong += alerts.problems(everything)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(wrong)} problems, {time.monotonic() - started:.0f} s")
    invalid = sum(bool(schemas.problems(each)) for each in everything)
    names = alerts.alerts(everything)
    tested = len(names & alerts.with_tests())
    print(f"k8s: objects={len(everything)} invalid={invalid} alerts={len(names)} tested={tested}")
    return 1 if wrong else 0


def e2e_objects() -> Iterator[tuple[str, list[Object]]]:
    """Yield what `make k8s-e2e` applies: the objects of the charts with its values, and its own.

    Raises:
        CannotRender: Its values are not valid.
        ToolMissing: Helm cannot be built.
    """
    for chart, values in (("resume-review", VALUES), ("resume-review-infra", INFRA_VALUES)):
        yield f"{chart} (k8s-e2e)", render.objects(render.render_with(chart, values))
    yield "k8s-e2e", render.objects(OBJECTS.read_text())


def invalid_fields(one: Object) -> Iterator[str]:
    """Yield what the schema of an object finds."""
    yield from (f"{one['kind']} {one['metadata']['name']}: {line}" for line in schemas.problems(one))


def problems(one: ValueSet, text: str, found: Sequence[Object]) -> Iterator[str]:
    """Yield the problems of a rendered set of values."""
    yield from render.lint(one)
    differs = list(render.difference(one, text))
    if differs:
        yield "\n".join(["differs from its golden file; accept the change with --write", *differs])
    for each in found:
        yield from invalid_fields(each)
    yield from policies.problems(found)


if __name__ == "__main__":
    try:
        sys.exit(main(write="--write" in sys.argv[1:], translate="--translate" in sys.argv[1:]))
    except ToolMissing as missing:
        sys.exit(str(missing))
