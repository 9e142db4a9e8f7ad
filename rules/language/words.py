"""Pydantic's errors in an operator's words, and the nearest right word for a wrong one."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from rules.language.nodes import ListNode, MapNode, Node, Scalar

_CHINESE = {
    "删除": "delete", "撤回": "delete", "禁言": "mute", "踢出": "kick", "踢": "kick", "移出": "kick", "封禁": "ban",
    "拉黑": "ban", "警告": "warn", "提醒": "remind", "回复": "reply", "发送": "send", "私聊": "send_private",
    "置顶": "pin", "标签": "tag", "积分": "points", "通知": "alert", "链接": "links", "角色": "role",
    "包含": "text_has_any", "关键词": "text_has_any", "并且": "all", "或者": "any", "规则": "rules", "群": "groups",
    "群组": "groups", "名称": "name", "时间": "at", "触发": "when", "条件": "if", "动作": "then", "模式": "mode",
    "消息": "message", "加入": "join", "离开": "leave", "编辑": "edit", "执行": "enforce", "试运行": "shadow",
    "关闭": "off",
}  # fmt: skip
_LONGEST = 64
"""Longer words are no misspelt names, and comparing them takes long."""
_FOR_TEXT = frozenset(
    {"model_type", "model_attributes_type", "dict_type", "tuple_type", "list_type", "set_type", "frozen_set_type"}
)
_SETTINGS = "write settings here (`key: value`), not {}"


def suggest(word: str, right: Iterable[str]) -> str:
    """``; did you mean `mute`?`` where one of the right words is near, else nothing."""
    near = nearest_word(word, right)
    return f"; did you mean `{near}`?" if near else ""


def nearest_word(word: str, right: Iterable[str]) -> str | None:
    """The right word that a wrong one was meant to be, as far as can be told."""
    if len(word) > _LONGEST:
        return None
    known = list(right)
    chinese = _CHINESE.get(word)
    if chinese in known:
        return chinese
    folded = word.strip().lower().replace("-", "_").replace(" ", "_")
    by_fold = {name.lower().replace("-", "_"): name for name in known}
    if folded in by_fold:
        return by_fold[folded]
    near = difflib.get_close_matches(folded, by_fold, 1, 0.7)
    return by_fold[near[0]] if near else None


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
