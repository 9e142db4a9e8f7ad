"""Pydantic's errors in an operator's words."""

from collections.abc import Mapping
from typing import Any

from rules.language.nodes import ListNode, MapNode, Node, Scalar
from rules.nearest import suggest

_FOR_TEXT = frozenset(
    {"model_type", "model_attributes_type", "dict_type", "tuple_type", "list_type", "set_type", "frozen_set_type"}
)
_SETTINGS = "write settings here (`key: value`), not {}"


def short(text: str, length: int = 40) -> str:
    """A text on one line, cut."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def kind(node: Node | None) -> str:
    """What is written, in a word."""
    if isinstance(node, ListNode):
        return "a list"
    if isinstance(node, MapNode):
        return "a mapping"
    return "nothing" if node is None or node.empty else "a text"


def fits(error_type: str, node: Node) -> bool:
    """Whether an error of one branch of a union concerns what is written (a text, a list, a mapping)."""
    if isinstance(node, Scalar):
        return error_type not in _FOR_TEXT
    if isinstance(node, MapNode):
        return not error_type.endswith(("_parsing", "int_type", "float_type", "bool_type", "string_type"))
    return not error_type.endswith(("_parsing", "int_type", "float_type", "bool_type", "model_type", "dict_type"))


def reword(error: Mapping[str, Any], node: Node, quote: bool) -> str:
    """What to tell the operator. ``quote`` is whether what they wrote may be repeated (a secret may not)."""
    name, context = error["type"], error.get("ctx", {})
    instead = _instead(node, quote)
    if name == "value_error":
        return str(context.get("error", error["msg"]))
    if name == "extra_forbidden":
        return "this key is not known here"
    if name in ("literal_error", "enum"):
        return _one_of(str(context.get("expected", "")), node, instead)
    if isinstance(node, Scalar) and node.empty:
        return "nothing is written here" + ("" if node.text else "; text that begins with # needs quotes")
    if name.startswith("int_"):
        return f"write a whole number{instead}"
    if name.startswith(("float_", "decimal_", "finite_")):
        return f"write a number{instead}"
    if name.startswith("bool_"):
        return f"write true or false{instead}"
    if name.startswith("string_"):
        return _string(name, context, node, instead)
    if name.startswith(("date_", "datetime_")):
        return f"write a date such as 2026-12-31{instead}"
    if name.startswith("time_"):
        return 'write a time of day such as "08:00" or "21:30"' if name != "time_delta_parsing" else "write a duration"
    if name in ("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"):
        return f"write a list such as [a, b]{instead}"
    if name in ("dict_type", "mapping_type", "model_type", "model_attributes_type", "is_instance_of"):
        return _SETTINGS.format(kind(node))
    limits = {"greater_than_equal": ("ge", "{} or more"), "less_than_equal": ("le", "{} or less")}
    limits |= {"greater_than": ("gt", "more than {}"), "less_than": ("lt", "less than {}")}
    if name in limits:
        key, words = limits[name]
        return f"write {words.format(context.get(key))}{instead}"
    if name == "too_short":
        return f"write at least {context.get('min_length')} here"
    if name == "too_long":
        return f"write at most {context.get('max_length')} here"
    return str(error["msg"]) if quote else "this cannot be used here"


def _instead(node: Node, quote: bool) -> str:
    if isinstance(node, Scalar):
        return f", not `{short(node.text)}`" if quote and not node.empty else ""
    return f", not {kind(node)}"


def _string(name: str, context: Mapping[str, Any], node: Node, instead: str) -> str:
    if name == "string_type":
        hint = "; text that begins with { needs quotes" if isinstance(node, MapNode) else ""
        return f"write a text here, not {kind(node)}{hint}"
    if name == "string_pattern_mismatch":
        if context.get("pattern") == r"^[\w.-]{1,64}$":
            return f"write a name of letters, digits, `_`, `-` and `.` without spaces{instead}"
        return f"write something of the form {context.get('pattern')}{instead}"
    if name == "string_too_short":
        return f"write at least {context.get('min_length')} characters"
    if name == "string_too_long":
        return f"write at most {context.get('max_length')} characters"
    return f"write a text{instead}"


def _one_of(expected: str, node: Node, instead: str) -> str:
    words = [word.strip().strip("'") for word in expected.replace(" or ", ", ").split(",")]
    near = suggest(node.text, words) if isinstance(node, Scalar) else ""
    return f"write one of {', '.join(words)}{instead}{near}" if len(words) > 1 else f"write {words[0]}{instead}"
