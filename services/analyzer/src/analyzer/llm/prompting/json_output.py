"""Parse model output as the JSON that the prompt asked for, in whatever shape it can be understood."""

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

Output = TypeVar("Output", bound=BaseModel)

# Valid output is far shorter; parsing more would only cost time.
_MAX_CHARACTERS: Final = 200_000
# Brackets at which no JSON starts; prose about each of 77 bullets has some, and a flood of them costs time.
_MAX_FALSE_STARTS: Final = 200
# Characters that are decoded in vain: a long list that is cut off is decoded again from each bracket before.
_MAX_WASTED_CHARACTERS: Final = 5 * _MAX_CHARACTERS
# Values in one output that are considered, from its end.
_MAX_VALUES: Final = 200
# Text before the end of the reasoning, whose start some servers cut off.
_REASONING: Final = re.compile(r"^.*</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_START: Final = re.compile(r"[{\[]")
# PostgreSQL's JSON type rejects NUL and lone surrogates.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NUMBER: Final = re.compile(r"-?\d{1,9}(?:\.0+)?")
# The field that tells entries of a list apart, and the key of an entry where a model sends an object.
_ID: Final = "id"


class MalformedOutput(Exception):
    """Model output that does not answer the question.

    `fault` describes the problem without quoting the output, so it can be sent back to the model.
    """

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def storable(content: str) -> str:
    """Remove characters that the database cannot store, so a cached response parses like a fresh one."""
    return _UNSTORABLE.sub("", content).strip()


def parse_output(content: str, model: type[Output]) -> Output:
    """Parse and validate model output.

    Text around the JSON is ignored; of several values that fit, the last counts, since models draft before
    they answer. A list may come without its object, and its entries as an object by their ids. Numbers may
    be text. An entry may be repeated if it stays the same.

    Raises:
        MalformedOutput: The content holds no JSON object, or the object fails validation.
    """
    if len(content) > _MAX_CHARACTERS:
        raise MalformedOutput("too long")
    fault = MalformedOutput("it is not a JSON object")
    values = _find_values(_REASONING.sub("", content)) or _find_values(content)
    for value in reversed(values):
        for shaped in _shapes(value, model):
            try:
                return _validate(shaped, model)
            except MalformedOutput as malformed:
                fault = malformed
    raise fault


def _find_values(content: str) -> list[object]:
    """Find the JSON objects and lists in a text, without empty ones and those inside of others."""
    decoder = json.JSONDecoder(strict=False, object_pairs_hook=_object)
    content = _unquote(content)
    found: deque[object] = deque(maxlen=_MAX_VALUES)
    at, false_starts, wasted = 0, 0, 0
    while start := _START.search(content, at):
        if false_starts >= _MAX_FALSE_STARTS or wasted >= _MAX_WASTED_CHARACTERS:
            break
        try:
            value, at = decoder.raw_decode(content, start.start())
        except (ValueError, RecursionError) as error:
            at = start.end()
            false_starts += 1
            # Other errors do not tell how far the decoder came.
            end = error.pos if isinstance(error, json.JSONDecodeError) else len(content)
            wasted += end - start.start()
        else:
            if value:
                found.append(value)
    # Entries one after the other are a list. After a false start they may be what is left of a cut list.
    together = [list(found)] if len(found) > 1 and not false_starts else []
    return [*together, *found]


def _unquote(content: str) -> str:
    """Return the text in a JSON string, for servers that encode the output twice."""
    if content.startswith('"'):
        with suppress(ValueError):
            value: object = json.loads(content)
            return value if isinstance(value, str) else content
    return content


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if found.setdefault(key, value) != value:
            raise ValueError("contradicting values of a key")
    return found


def _shapes(value: object, model: type[BaseModel]) -> Iterator[object]:
    """Yield the values that a value may stand for, the most literal first."""
    lists = [name for name, field in model.model_fields.items() if _is_container(field)]
    only = lists[0] if len(lists) == len(model.model_fields) == 1 else None
    if isinstance(value, list):
        if only:
            yield {only: value}
        return
    if not isinstance(value, dict):
        return
    yield value
    inner = list(value.values())
    if len(inner) == 1 and isinstance(inner[0], dict | list) and not value.keys() & _keys(model):
        yield from _shapes(inner[0], model)
    if only and not value.keys() & _keys(model) and any(isinstance(each, dict) for each in inner):
        yield {only: {key: each for key, each in value.items() if isinstance(each, dict)}}


def _keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def _is_container(field: FieldInfo) -> bool:
    return get_origin(field.annotation) in (tuple, list, dict)


def _validate(value: object, model: type[Output]) -> Output:
    try:
        parsed = model.model_validate(_adapt(value, model))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        # Only indexes and known field names: an unknown key would quote the output.
        known = [str(part) for part in first["loc"] if isinstance(part, int) or part in _field_names(model)]
        raise MalformedOutput(f"at {'.'.join(known) or 'the top'}: {first['type']}") from None
    return parsed


def _adapt(value: object, annotation: Any) -> object:  # noqa: ANN401 - any annotation of a field
    """Bring a value into the form of its annotation where only the form is different."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and isinstance(value, Mapping):
        kinds = {field.alias or name: field.annotation for name, field in annotation.model_fields.items()}
        return {key: _adapt(each, kinds[key]) if key in kinds else each for key, each in value.items()}
    if origin in (tuple, list) and arguments:
        entries = _entries(value, arguments[0])
        return [_adapt(each, arguments[0]) for each in entries] if entries is not None else value
    if origin is dict and isinstance(value, Mapping):
        return {key: _adapt(each, arguments[1]) for key, each in value.items()}
    if origin is Literal:
        return _number(value, arguments)
    if annotation is str and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


def _entries(value: object, kind: Any) -> Iterable[object] | None:  # noqa: ANN401 - an annotation
    """Return the entries of a list, without repetitions of entries that have an id; None if it is no list."""
    has_id = isinstance(kind, type) and issubclass(kind, BaseModel) and _ID in kind.model_fields
    if isinstance(value, Mapping) and has_id and all(isinstance(each, Mapping) for each in value.values()):
        return [{_ID: key, **each} for key, each in value.items()]
    if not isinstance(value, list):
        return None
    return _without_repetitions(value) if has_id else value


def _without_repetitions(entries: list[object]) -> Iterable[object]:
    """Return the entries without those that are there already.

    Raises:
        MalformedOutput: Two entries with the same id differ.
    """
    found = {json.dumps(each, sort_keys=True): each for each in entries}
    ids = [str(each[_ID]) for each in found.values() if isinstance(each, dict) and _ID in each]
    if len(ids) > len(set(ids)):
        raise MalformedOutput("an entry is repeated with another content")
    return found.values()


def _number(value: object, allowed: tuple[object, ...]) -> object:
    """Return the number that a text or a decimal stands for, if it is one of the allowed."""
    if value in allowed and not isinstance(value, float):
        return value
    if isinstance(value, str | float) and _NUMBER.fullmatch(str(value).strip()):
        number = int(float(value))
        return number if number in allowed else value
    return value


def _field_names(model: type[BaseModel]) -> set[str]:
    """Collect field names, including those of nested models."""
    names = set(model.model_fields)
    for field in model.model_fields.values():
        for inner in getattr(field.annotation, "__args__", ()):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                names |= _field_names(inner)
    return names
