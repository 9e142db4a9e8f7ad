"""Types and defaults of settings in plain words, out of their JSON Schema."""

from typing import Annotated, Any, get_args, get_origin

import yaml
from pydantic import BaseModel

_NUMBERS = {"integer": "a whole number", "number": "a number"}
_REFERRED = {
    "Condition": "a condition",
    "Action": "an action",
    "Timing": "a timing",
    "Under": "`{ under: NUMBER }`",
}
_PLURAL = {
    "a text": "texts",
    "a whole number": "whole numbers",
    "a number": "numbers",
    "a duration": "durations",
    "a time of day": "times of day",
    "a condition": "conditions",
    "an action": "actions",
}


_BY_VALIDATOR = {
    "parse_time": "a time of day",
    "_day_start": "a time of day",
    "parse_days": "days",
    "_zone": "a time zone, such as `Asia/Shanghai`",
}


def field_words(model: type[BaseModel], name: str, part: dict[str, Any]) -> str:
    """What a field's value is."""
    field = model.model_fields[name]
    found = [_BY_VALIDATOR[func] for func in _validators(field.annotation, field.metadata) if func in _BY_VALIDATOR]
    if not found:
        return type_words(part)
    several = any("array" in str(way.get("type")) for way in part.get("anyOf", ()))
    return f"{found[0]}, or a list of them" if several and found[0] != "days" else found[0]


def _validators(annotation: Any, metadata: Any = ()) -> list[str]:
    """The names of the functions by which a type is read, however deep they stand."""
    names = [getattr(getattr(each, "func", None), "__name__", "") for each in metadata]
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return names + _validators(inner, more)
    for inner in get_args(annotation):
        names += _validators(inner)
    return names


def type_words(part: dict[str, Any]) -> str:
    """What a value of this schema is, as in "a text, or a list of texts"."""
    if "$ref" in part:
        return _referred(str(part["$ref"]).rpartition("/")[2])
    if "const" in part:
        return f"`{part['const']}`"
    if "enum" in part:
        return _or([f"`{value}`" for value in part["enum"]])
    for key in ("anyOf", "oneOf"):
        if key in part:
            ways = [each for each in part[key] if each.get("type") != "null"]
            return ", or ".join(dict.fromkeys(type_words(each) for each in ways))
    kind = part.get("type")
    if isinstance(kind, list):  # what editors take a text without quotes for
        return "a text"
    if "30s" in part.get("examples", ()):
        return "a duration"
    if "08:00" in part.get("examples", ()):
        return "a time of day"
    if "1 per 6h" in part.get("examples", ()):
        return "a quota"
    if part.get("format") == "date":
        return "a date"
    if kind == "array":
        return "a list of " + _many(type_words(part.get("items") or part.get("prefixItems", [{}])[0]))
    if kind == "object":
        inner = part.get("additionalProperties")
        return "names, each with " + type_words(inner) if isinstance(inner, dict) else "settings"
    if kind == "boolean":
        return "`true` or `false`"
    if kind in _NUMBERS:
        return _NUMBERS[kind] + _bounds(part)
    return "a text" if kind is not None else "anything"


def default_words(model: type[BaseModel], name: str) -> str:
    """What holds where a setting is not written."""
    field = model.model_fields[name]
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ((), {}, "", frozenset()):
        return ""
    if isinstance(value, BaseModel):
        return ""
    made = model.model_construct().model_dump(mode="json", include={name})
    text = yaml.safe_dump(made[name], default_flow_style=True, allow_unicode=True, width=10**6)
    return f"`{text.removesuffix('...' + chr(10)).strip()}`"


def _referred(name: str) -> str:
    return _REFERRED.get(name, "settings, see below")


def _bounds(part: dict[str, Any]) -> str:
    low = part.get("minimum", part.get("exclusiveMinimum"))
    high = part.get("maximum", part.get("exclusiveMaximum"))
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if low is not None:
        return f", {'more than' if 'exclusiveMinimum' in part else 'at least'} {low}"
    return f", at most {high}" if high is not None else ""


def _many(words: str) -> str:
    for one, many in _PLURAL.items():
        if words.startswith(one):
            return words.replace(one, many, 1)
    return words


def _or(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
