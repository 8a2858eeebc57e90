"""Compatibility check between two versions of an event schema.

Old records stay on a topic for its whole retention, so new readers must read them. Subscribers deploy at
their own pace, so old readers must read new records. Within a major version, only one change is compatible
in both directions: adding an optional field. Any other change makes some reader reject a record, even a
longer text or one more value in an enumeration.

There is one exception: an integer without an upper limit may get a limit that no record ever exceeded.
"""

from collections.abc import Iterator, Mapping

from contract_tools.files import Document, Json

# Keywords that do not affect validation.
_ANNOTATIONS = {"$schema", "$defs", "title", "description", "examples"}

# Schema versions that were committed although no release ever wrote them to a topic, by git blob, with the
# reason for the withdrawal. Other versions must not be listed here.
WITHDRAWN: Mapping[str, str] = {
    "4d85eb77476f55518411f269d02e8a497fe245d3": "before 0.1.0: let reports of 13 MB through",
    "59069e6993e513643e32392d1337915d2b538142": "before 0.1.0: the failure's code was a closed list",
    "3e9f8d12b2725a15818a4bf124ebd583470573f7": "before 0.1.0: the failure's code was a closed list",
    "dd7772ba54a481cd8a3eabc5b9c8cf8d537a2600": "before 0.1.0: room for 60 criteria, none for raw answers",
    "a01a3daadc0b681304950bf56bae5f26c943cea4": "before 0.1.0: room for 60 criteria, none for raw answers",
}


# The largest value of an integer column. A larger value could never be stored, so no reader loses a record.
_MAX_INTEGER = 2**31 - 1
# Fields with a lower limit, with the reason why no record ever exceeded it. Once set, the limit is fixed.
LIMITED: Mapping[str, str] = {
    "version": "the state machine of an analysis has no more steps before this event",
    "emission": "one emission every 30 minutes reaches it after 57 years; the writer stops counting there",
}


def incompatibilities(old: Document, new: Document) -> list[str]:
    """Return one sentence for each change in `new` that breaks a reader or a record of `old`."""
    return list(_compare(old, new, old_root=old, new_root=new, at=""))


def _compare(
    old: Document, new: Document, *, old_root: Document, new_root: Document, at: str
) -> Iterator[str]:
    old, new = _resolve(old, old_root), _resolve(new, new_root)
    place = at or "the event"
    for keyword in sorted((old.keys() | new.keys()) - _ANNOTATIONS):
        before, after = old.get(keyword), new.get(keyword)
        if keyword == "properties":
            yield from _compare_properties(before or {}, after or {}, old_root, new_root, new, at)
        elif keyword == "required":
            yield from _compare_required(old, new, at)
        elif keyword == "enum" and before is not None and after is not None:
            yield from (
                f"{place}: {word!r} was removed, and records contain it"
                for word in before
                if word not in after
            )
            yield from (
                f"{place}: {word!r} was added, and readers reject it" for word in after if word not in before
            )
        elif keyword == "items" and isinstance(before, dict) and isinstance(after, dict):
            yield from _compare(before, after, old_root=old_root, new_root=new_root, at=f"{at}[]")
        elif keyword == "anyOf" and before and after and len(before) == len(after):
            for one, other in zip(before, after, strict=True):
                yield from _compare(one, other, old_root=old_root, new_root=new_root, at=at)
        elif before != after and not (keyword == "maximum" and before is None and _never_exceeded(new, at)):
            yield f"{place}: {keyword} was {_described(before)} and is {_described(after)}"


def _never_exceeded(limited: Document, at: str) -> bool:
    return limited.get("type") == "integer" and (at in LIMITED or limited["maximum"] == _MAX_INTEGER)


def _compare_properties(
    old: Document, new: Document, old_root: Document, new_root: Document, owner: Document, at: str
) -> Iterator[str]:
    for name in sorted(old.keys() | new.keys()):
        place = f"{at}.{name}" if at else name
        if name not in new:
            yield f"{place}: was removed or renamed, and readers rely on it"
        elif name in old:
            yield from _compare(old[name], new[name], old_root=old_root, new_root=new_root, at=place)
        elif name in owner.get("required", ()):
            yield f"{place}: is new and required, but older records lack it; give it a default"


def _compare_required(old: Document, new: Document, at: str) -> Iterator[str]:
    before, after = set(old.get("required", ())), set(new.get("required", ()))
    # Added and removed fields are reported with the properties.
    kept = old.get("properties", {}).keys() & new.get("properties", {}).keys()
    for name in sorted((before ^ after) & kept):
        place = f"{at}.{name}" if at else name
        if name in after:
            yield f"{place}: became required, but older records may lack it"
        else:
            yield f"{place}: is no longer required, but readers rely on it"


def _resolve(node: Document, root: Document) -> Document:
    reference = node.get("$ref")
    if reference is None:
        return node
    target: Json = root
    for part in reference.removeprefix("#/").split("/"):
        target = target[part]
    # Keywords beside a reference apply too, and the referenced schema may be a reference itself.
    return {**_resolve(target, root), **{key: value for key, value in node.items() if key != "$ref"}}


def _described(value: object) -> str:
    return "absent" if value is None else repr(value)
