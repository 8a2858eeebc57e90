"""Whether records and readers of an older schema still fit a newer one.

Old records stay on a topic for its whole retention, so new readers have to read them; subscribers deploy
when they like, so old readers have to read new records. What holds in both directions is little: within a
major version an optional field may be added, anywhere, and nothing else may change. Everything else,
a longer text or one more word in an enumeration too, makes some reader reject a record.

One exception: an integer without an upper limit may get one that no record was ever beyond.
"""

from collections.abc import Iterator, Mapping

from contract_tools.files import Document, Json

# Says nothing about which values fit.
_ANNOTATIONS = {"$schema", "$defs", "title", "description", "examples"}

# Schema versions that were committed but that no release ever wrote to a topic: git blob -> why it went.
# Nothing else may be named here.
WITHDRAWN: Mapping[str, str] = {
    "4d85eb77476f55518411f269d02e8a497fe245d3": "before 0.1.0: let reports of 13 MB through",
    "59069e6993e513643e32392d1337915d2b538142": "before 0.1.0: the failure's code was a closed list",
    "3e9f8d12b2725a15818a4bf124ebd583470573f7": "before 0.1.0: the failure's code was a closed list",
    "dd7772ba54a481cd8a3eabc5b9c8cf8d537a2600": "before 0.1.0: room for 60 criteria, none for raw answers",
    "a01a3daadc0b681304950bf56bae5f26c943cea4": "before 0.1.0: room for 60 criteria, none for raw answers",
}


# The largest integer of a column: what is beyond it could never be stored, so that no reader loses a record.
_MAX_INTEGER = 2**31 - 1
# Fields whose limit is lower -> why nothing was ever written beyond it. Once set, a limit is as fixed as any.
LIMITED: Mapping[str, str] = {
    "version": "the state machine of an analysis has no more steps up to this event",
    "emission": "at one emission in 30 minutes it takes 57 years; the writer stops counting there",
}


def incompatibilities(old: Document, new: Document) -> list[str]:
    """Say in one sentence each what of `new` breaks a reader or a record of `old`; empty if nothing does."""
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
                f"{place}: {word!r} was taken out, and records hold it"
                for word in before
                if word not in after
            )
            yield from (
                f"{place}: {word!r} is new, and readers reject it" for word in after if word not in before
            )
        elif keyword == "items" and isinstance(before, dict) and isinstance(after, dict):
            yield from _compare(before, after, old_root=old_root, new_root=new_root, at=f"{at}[]")
        elif keyword == "anyOf" and before and after and len(before) == len(after):
            for one, other in zip(before, after, strict=True):
                yield from _compare(one, other, old_root=old_root, new_root=new_root, at=at)
        elif before != after and not (keyword == "maximum" and before is None and _never_exceeded(new, at)):
            yield f"{place}: {keyword} was {_said(before)} and is {_said(after)}"


def _never_exceeded(limited: Document, at: str) -> bool:
    return limited.get("type") == "integer" and (at in LIMITED or limited["maximum"] == _MAX_INTEGER)


def _compare_properties(
    old: Document, new: Document, old_root: Document, new_root: Document, owner: Document, at: str
) -> Iterator[str]:
    for name in sorted(old.keys() | new.keys()):
        place = f"{at}.{name}" if at else name
        if name not in new:
            yield f"{place}: was removed or renamed, and readers count on it"
        elif name in old:
            yield from _compare(old[name], new[name], old_root=old_root, new_root=new_root, at=place)
        elif name in owner.get("required", ()):
            yield f"{place}: is new and required, and older records lack it; give it a default"


def _compare_required(old: Document, new: Document, at: str) -> Iterator[str]:
    before, after = set(old.get("required", ())), set(new.get("required", ()))
    # What is new or gone altogether is said with the properties.
    kept = old.get("properties", {}).keys() & new.get("properties", {}).keys()
    for name in sorted((before ^ after) & kept):
        place = f"{at}.{name}" if at else name
        if name in after:
            yield f"{place}: became required, and older records may lack it"
        else:
            yield f"{place}: is no longer required, and readers count on it"


def _resolve(node: Document, root: Document) -> Document:
    reference = node.get("$ref")
    if reference is None:
        return node
    target: Json = root
    for part in reference.removeprefix("#/").split("/"):
        target = target[part]
    # Keywords beside a reference hold too; the schema behind it may be a reference again.
    return {**_resolve(target, root), **{key: value for key, value in node.items() if key != "$ref"}}


def _said(value: object) -> str:
    return "absent" if value is None else repr(value)
