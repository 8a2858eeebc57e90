"""Remember for a while which formats and options a model server refuses."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

# From the strictest to the loosest; a server that refuses one gets the next.
FORMATS: Final = ("json_schema", "json_object", "text")
# Keywords of a schema that some strict servers refuse.
BOUNDS: Final = ("maxLength", "maxItems")
# Servers are upgraded and models replaced: what was refused is tried again after this time.
_REMEMBER_SECONDS: Final = 15 * 60
# Time for one call to find out whether the server accepts it now, while the others go on without it.
_PROBE_SECONDS: Final = 60
# Failures in a row that make a format unusable, where one failure may be bad luck.
_STRIKES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestForm:
    """How a question is put: the output format, and the options that accompany it.

    `limit` is the token limit, sent by the name `limit_name`; None sends none. With `bounds`, the schema
    limits the length of texts and lists, which keeps small models from writing without end.
    """

    format: str = FORMATS[0]
    bounds: bool = True
    temperature: bool = True
    seed: bool = True
    limit_name: str = "max_completion_tokens"
    limit: int | None

    def options(self, *, name: str, schema: Mapping[str, Any], seed: int) -> dict[str, Any]:
        """Build the options of a request."""
        options: dict[str, Any] = {}
        if self.temperature:
            options["temperature"] = 0
        if self.seed:
            options["seed"] = seed
        if self.limit is not None:
            options[self.limit_name] = self.limit
        if self.format == "json_schema":
            allowed = schema if self.bounds else _without_bounds(schema)
            named = {"name": name, "strict": True, "schema": allowed}
            options["response_format"] = {"type": "json_schema", "json_schema": named}
        elif self.format == "json_object":
            options["response_format"] = {"type": "json_object"}
        return options


def _without_bounds(schema: Any) -> Any:  # noqa: ANN401 - parts of a schema are any JSON
    if isinstance(schema, Mapping):
        return {name: _without_bounds(each) for name, each in schema.items() if name not in BOUNDS}
    return schema


@dataclass(slots=True)
class _Refusal:
    """A refused field of a request: the value to use instead, and until when."""

    value: Any
    until: float


@dataclass(slots=True)
class ServerFeatures:
    """Memory of what the server of one model refuses: the value to use for each field of a `RequestForm`."""

    clock: Callable[[], float] = time.monotonic
    _refusals: dict[str, _Refusal] = field(default_factory=dict)
    _strikes: dict[str, int] = field(default_factory=dict)
    _hopeless_until: float = 0

    @property
    def is_hopeless(self) -> bool:
        """Tell whether the server refused every form a moment ago."""
        return self.clock() < self._hopeless_until

    def known(self) -> Mapping[str, Any]:
        """Return what to leave out now. What expired is left in once: that call probes the server."""
        now = self.clock()
        values = {}
        for name, refusal in self._refusals.items():
            if now < refusal.until:
                values[name] = refusal.value
            else:
                refusal.until = now + _PROBE_SECONDS
        return values

    def remember(self, changes: Mapping[str, Any]) -> None:
        """Remember what the server needs."""
        until = self.clock() + _REMEMBER_SECONDS
        for name, value in changes.items():
            self._refusals[name] = _Refusal(value, until)

    def strike(self, refused: str) -> bool:
        """Count a failure with a format, and tell whether it is one too many."""
        self._strikes[refused] = self._strikes.get(refused, 0) + 1
        return self._strikes[refused] >= _STRIKES

    def accepted(self, form: RequestForm) -> None:
        """Forget what the server has just accepted."""
        self._hopeless_until = 0
        self._strikes.pop(form.format, None)
        for name, refusal in list(self._refusals.items()):
            if _is_stricter(form, name, refusal.value):
                del self._refusals[name]

    def forget_limit(self) -> None:
        """Forget a lowered token limit, which was too low for an answer."""
        self._refusals.pop("limit", None)

    def give_up(self) -> None:
        """Note that the server refused every form, so that the next calls do not try them all again."""
        self._hopeless_until = self.clock() + _PROBE_SECONDS


def _is_stricter(form: RequestForm, name: str, refused_to: Any) -> bool:  # noqa: ANN401 - a field's value
    """Tell whether a form has more in a field than what the server was thought to need."""
    used = getattr(form, name)
    if name == "format":
        return FORMATS.index(used) < FORMATS.index(refused_to)
    if form.limit is None and name.startswith("limit"):
        return False
    if name == "limit":
        return refused_to is None or used > refused_to
    return bool(used != refused_to)
