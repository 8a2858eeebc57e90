"""The largest value that a schema allows."""

from contract_tools.files import Document, Json

# JSON escapes this character to six bytes, the maximum.
_WORST_CHARACTER = "\x01"
_OF_A_FORMAT = {
    "uuid": "40000000-0000-4000-8000-000000000103",
    "date-time": "2026-11-20T18:30:15.123456+09:00",
}


class UnboundedError(Exception):
    """The schema has no limit at the place in the message."""


def largest_value(schema: Document, *, words: str = _WORST_CHARACTER) -> Json:
    """Build the value: every list and text at its limit, every optional field present.

    Texts repeat `words`, by default the character that takes the most bytes.

    Raises:
        UnboundedError: there is no largest.
    """
    return _largest_value(schema, schema, "the event", words)


def _largest_value(node: Document, root: Document, at: str, words: str) -> Json:
    if "$ref" in node:
        return _largest_value(root["$defs"][node["$ref"].rpartition("/")[2]], root, at, words)
    if "anyOf" in node:
        return _largest_value(
            next(one for one in node["anyOf"] if one.get("type") != "null"), root, at, words
        )
    if "enum" in node:
        return max(node["enum"], key=len)
    if node["type"] == "object":
        return {
            name: _largest_value(part, root, f"{at}.{name}", words)
            for name, part in node["properties"].items()
        }
    if "maxItems" in node:
        return [_largest_value(node["items"], root, f"{at}[]", words)] * node["maxItems"]
    return _largest_scalar(node, at, words)


def _largest_scalar(node: Document, at: str, words: str) -> Json:
    match node["type"]:
        case "string" if "format" in node:
            return _OF_A_FORMAT[node["format"]]
        case "string" if "maxLength" in node:
            length = node["maxLength"]
            return "a" * length if "pattern" in node else (words * length)[:length]
        case "integer":
            return node.get("maximum", 2**63 - 1)
        case "number":
            # The maximum number of digits of a double.
            return node["maximum"] * 0.12345678901234568 if "maximum" in node else 1.2345678901234567e-300
        case "boolean":
            return False
    raise UnboundedError(f"{at} has no limit")
