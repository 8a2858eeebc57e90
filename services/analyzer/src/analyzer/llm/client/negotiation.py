"""Find a form of a request that the model server accepts, one refusal at a time."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from analyzer.llm.client.refusals import SERVER_ERROR, BadRequest
from analyzer.llm.client.server_features import BOUNDS, FORMATS, RequestForm, ServerFeatures
from analyzer.llm.responses import FailureReason

# Refusals that no other form of the request changes.
_NO_MODEL: Final = re.compile(
    r"model_not_found|deploymentnotfound|no endpoints found (?:for|matching)|not_found_error.*\bmodel"
    r"|\b(?:no such|unknown|invalid|unrecognized|a valid) (?:model|deployment)\b"
    r"|\b(?:model|deployment)s?\b.{0,120}\b(?:not exist|not found|not_found|not available|no access)"
)
_NO_ACCESS: Final = re.compile(
    r"api[ _-]?key|credential|unauthori[sz]ed|authenticat|permission|billing|credit balance|quota"
)
_FILTERED: Final = re.compile(r"content_filter|content management policy|content policy|responsibleai")
_CONTEXT: Final = re.compile(
    r"context[ _](?:length|size|window|limit)|n_ctx|exceed_context|too long: \d+ tokens"
)
_TOO_LONG: Final = re.compile(r"too long|too large a prompt|prompt is too large")
# Words about the format. What else such a refusal names is part of the schema or of its explanation.
_FORMAT: Final = re.compile(r"response_format|response_schema|json_schema|\bschema\b|grammar|json mode")
_BOUND: Final = re.compile("|".join(BOUNDS).lower())
# The model's output did not fit the format, which another attempt or a looser format may change.
_NOT_IN_FORMAT: Final = re.compile(r"json_validate_failed|failed to (?:generate|validate) json")
_LIMITS: Final = ("max_completion_tokens", "max_tokens")
_LIMIT: Final = re.compile(r"max_(?:completion_|output_|new_)?tokens|(?:completion|output) tokens")
_LIMIT_VALUE: Final = re.compile(
    r"too (?:large|big|high|many)|at most|maximum|less than|exceed|range|greater than|\d > \d|<= ?\d"
)
# What servers say about the room for an answer: the room itself, or the size of the context (or another
# limit) with the tokens that the prompt uses or that the request asks for.
_ROOM: Final = tuple(
    map(
        re.compile,
        (
            r"\d+ > (?P<size>\d+) - (?P<used>\d+)",
            r"(?P<used>\d+) \+ \d+ > (?P<size>\d+)",
            r"context length is (?:only )?(?P<size>\d+).*request has (?P<used>\d+) input",
            r"context length is (?:only )?(?P<size>\d+).*requested (?:about )?(?P<asked>\d+)",
            r"limit:? (?P<size>\d+) (?:used:? \d+ )?requested:? (?P<asked>\d+)",
            r"afford (?P<room>\d+)",
        ),
    )
)
# Numbers that stand alone or end a range. Those of a name ("gpt-4-0613") or of a date say nothing.
_NUMBER: Final = re.compile(r"(?<![\w.-])(?:\d+-)?(\d+)(?![\w-]|\.\d)")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# Limits that are themselves too high.
_EXCLUSIVE: Final = re.compile(
    r"(?:less than|below|under|\blt|exclusive_?maximum|<)[:\s]*(\d+)|(\d+) ?\(exclusive\)|\[\d+, ?(\d+)\)"
)
# An answer needs a few hundred tokens: with less room the resume does not fit.
_FEWEST_TOKENS: Final = 256
# Servers that count the token limit as used, in credits or per minute, answer with these.
_LIMIT_STATUSES: Final = (402, 413)
# Limit for servers that refuse a higher one without saying what they accept.
_LOW_LIMIT: Final = 1_024


class Negotiation:
    """The forms of one request: each refusal leads to the next form, until nothing is left to change.

    A refusal that names its cause is remembered at once. Without a cause, formats are loosened first, then
    options left out; only the change that helped is remembered.
    """

    def __init__(
        self, features: ServerFeatures, *, limit: int, body: Mapping[str, Any], attempts: int = 1
    ) -> None:
        """Start with the strictest form that the server is not known to refuse.

        Args:
            features: What is known about the server.
            limit: The token limit.
            body: Fields of the request that the settings decide, which are not sent twice.
            attempts: Attempts that are left if the server fails.
        """
        self.attempts = attempts
        self.reason = FailureReason.REJECTED
        self._features = features
        fixed: dict[str, Any] = {name: False for name in ("temperature", "seed") if name in body}
        if any(name in body for name in _LIMITS):
            fixed["limit"] = None
        if "response_format" in body:
            fixed["format"] = FORMATS[-1]
        form = replace(RequestForm(limit=limit), **features.known())
        if form.limit is not None:
            form = replace(form, limit=min(form.limit, limit))
        self.form = replace(form, **fixed)
        self._guess: dict[str, Any] = {}

    def learn_from(self, refusal: BadRequest) -> bool:
        """Change the form after a refusal; return False if no other form is worth a request."""
        said = refusal.complaint
        if refusal.status == SERVER_ERROR:
            return self._survive_server_error()
        if self._is_final(refusal):
            return False
        if _NOT_IN_FORMAT.search(said):
            return self._strike_format(self._looser())
        if self.form.bounds and _BOUND.search(said):
            return self._change(bounds=False)
        if refusal.param.startswith("response_format"):
            return self._change_something()
        if (room := self._room(said)) is not None:
            return self._fit(room)
        named = refusal.param or said
        for name in ("temperature", "seed"):
            if getattr(self.form, name) and re.search(rf"\b{name}\b", named):
                return self._change(**{name: False})
        if self.form.limit is not None and _LIMIT.search(named):
            return self._change_limit(said)
        return self._change_something()

    def accepted(self) -> None:
        """Remember what made the server accept the request."""
        self._features.remember(self._guess)
        self._features.accepted(self.form)

    def _is_final(self, refusal: BadRequest) -> bool:
        """Tell whether the refusal is about the model, the key or the text, and keep the reason."""
        said = refusal.complaint
        if _FILTERED.search(said):
            self.reason = FailureReason.FILTERED
            return True
        if self._room(said) is not None:
            return False
        if _CONTEXT.search(said) and not _LIMIT.search(said):
            self.reason = FailureReason.CONTEXT
            return True
        if refusal.status in _LIMIT_STATUSES:
            return True
        if _FORMAT.search(said):
            return False
        return any(pattern.search(said) for pattern in (_NO_MODEL, _NO_ACCESS, _TOO_LONG))

    def _survive_server_error(self) -> bool:
        """Ask in a looser format after a server error; the last attempt asks for plain text."""
        self.attempts -= 1
        return self._strike_format(self._looser() if self.attempts > 1 else FORMATS[-1])

    def _fit(self, room: int) -> bool:
        if room < _FEWEST_TOKENS:
            self.reason = FailureReason.CONTEXT
            return False
        if not self.form.limit or room >= self.form.limit:
            return self._change_something()
        return self._change(limit=room)

    def _change(self, **changes: Any) -> bool:  # noqa: ANN401 - fields of a form
        """Change the form because of a named cause."""
        self.form = replace(self.form, **changes)
        self._features.remember(changes)
        return True

    def _guess_at(self, **changes: Any) -> bool:  # noqa: ANN401 - as above
        self.form = replace(self.form, **changes)
        self._guess = changes
        return True

    def _looser(self) -> str:
        return FORMATS[min(FORMATS.index(self.form.format) + 1, len(FORMATS) - 1)]

    def _strike_format(self, looser: str) -> bool:
        """Ask in a looser format; remember it only if the server has failed at the stricter one before."""
        if self.form.format == looser:
            return False
        if self._features.strike(self.form.format):
            return self._guess_at(format=looser)
        self.form = replace(self.form, format=looser)
        return True

    def _change_limit(self, said: str) -> bool:
        """Lower the limit if its value is refused, send it by its older name, or leave it out."""
        limit = self.form.limit or 0
        if _LIMIT_VALUE.search(said) and limit > _LOW_LIMIT:
            accepted = [each for each in _accepted_limits(said) if _LOW_LIMIT <= each < limit]
            return self._change(limit=max(accepted, default=_LOW_LIMIT))
        if self.form.limit_name == _LIMITS[0]:
            return self._change(limit_name=_LIMITS[1])
        if limit > _LOW_LIMIT:
            return self._change(limit=_LOW_LIMIT)
        return self._change(limit=None)

    def _change_something(self) -> bool:
        """Make the next change that may help, where the server does not say what it refuses."""
        if self._features.is_hopeless:
            return False
        if self.form.format != FORMATS[-1]:
            return self._guess_at(format=self._looser())
        if self.form.temperature or self.form.seed:
            return self._guess_at(temperature=False, seed=False)
        limit = self.form.limit
        if limit is not None and self.form.limit_name == _LIMITS[0]:
            return self._guess_at(limit_name=_LIMITS[1])
        if limit is not None:
            return self._guess_at(limit=_LOW_LIMIT if limit > _LOW_LIMIT else None)
        self._features.give_up()
        return False

    def _room(self, said: str) -> int | None:
        """Return the tokens that the server leaves for an answer, if it says so."""
        for pattern in _ROOM:
            if found := pattern.search(said.replace(",", "")):
                numbers = {name: int(number) for name, number in found.groupdict().items()}
                if "room" in numbers:
                    return numbers["room"]
                if "used" in numbers:
                    return numbers["size"] - numbers["used"]
                return (self.form.limit or 0) - (numbers["asked"] - numbers["size"])
        return None


def _accepted_limits(said: str) -> list[int]:
    """Return the numbers in a refusal that may be the highest limit that the server accepts."""
    said = _THOUSANDS.sub("", said)
    too_high = {number for found in _EXCLUSIVE.findall(said) for number in found}
    return [int(number) - (number in too_high) for number in _NUMBER.findall(said)]
