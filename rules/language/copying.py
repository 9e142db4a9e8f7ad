"""The operator's texts: by key and language, with variants, every placeholder one that can be filled in."""

import re
from collections.abc import Callable, Iterator

from rules.copy import PLACEHOLDER, Variants
from rules.language.nodes import Entry, ListNode, MapNode, Node, Path, Scalar
from rules.nearest import suggest
from rules.placeholders import KNOWN

Complain = Callable[[Node, Path, str], None]

_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Za-z]{2,4})?|yue|default")
_NAME = re.compile(r"[^\W\d]\w*")
_FOREIGN = ("{{", "{%", "{#")
_EXPRESSION = re.compile(r"\s*(?:$|[^\W\d]\w*\s*(?:[.\[!:|(]|$))")


def read_copy(node: Node, path: Path, language: str, complain: Complain) -> dict[str, Variants]:
    """Texts by dotted key and language. A text without a language is in the ``language`` given."""
    if not isinstance(node, MapNode):
        if not (isinstance(node, Scalar) and node.empty):
            complain(node, path, "write texts by name here, such as `rules.no_ads: ...`")
        return {}
    found: dict[str, Variants] = {}
    for key, entry, at in _flat(node, path):
        variants = _by_language(entry, at, language, complain)
        if key in found:
            complain(entry.key, at, f"the text `{key}` is written twice")
        if variants:
            found[key] = variants
    return found


def check_template(text: str) -> Iterator[str]:
    """What is wrong with a template."""
    if "{" not in text:
        return
    wrong = [sign for sign in _FOREIGN if sign in text]
    inner = dict.fromkeys(PLACEHOLDER.findall(text))
    wrong += [f"{{{part[:40]}}}" for part in inner if not _NAME.fullmatch(part) and _EXPRESSION.match(part)]
    if wrong:
        yield f"templates know only {{name}}-placeholders, nothing such as `{wrong[0]}`"
        return
    for name in inner:
        if _NAME.fullmatch(name) and name not in KNOWN:
            yield f"nothing fills in `{{{name}}}`{_near(name)}"


def _near(name: str) -> str:
    near = suggest(name, sorted(KNOWN))
    return near.replace("`", "`{", 1).replace("`?", "}`?") if near else f"; known are {', '.join(sorted(KNOWN))}"


def _flat(node: MapNode, path: Path, prefix: str = "") -> Iterator[tuple[str, Entry, Path]]:
    """Keys inside keys are keys with dots: ``rules: {no_ads: ...}`` is ``rules.no_ads``."""
    for name, entry in node.entries.items():
        at = (*path, name)
        if isinstance(entry.value, MapNode) and entry.value.entries and not _languages(entry.value):
            yield from _flat(entry.value, at, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", entry, at


def _languages(node: MapNode) -> bool:
    """Whether a mapping is one text in several languages."""
    return all(_LANGUAGE.fullmatch(name) for name in node.entries)


def _by_language(entry: Entry, path: Path, language: str, complain: Complain) -> Variants:
    node = entry.value
    if isinstance(node, MapNode):
        if not node.entries:
            complain(node, path, "no text is written here; text that begins with { needs quotes")
        return {
            language if name == "default" else name: texts
            for name, each in node.entries.items()
            if (texts := _texts(each, (*path, name), complain))
        }
    texts = _texts(entry, path, complain)
    return {language: texts} if texts else {}


def _texts(entry: Entry, path: Path, complain: Complain) -> tuple[str, ...]:
    node = entry.value
    if isinstance(node, ListNode):
        if not node.items:
            complain(node, path, "no text is written here")
        items = [(item, (*path, number)) for number, item in enumerate(node.items)]
    else:
        items = [(node, path)]
    texts = []
    for item, at in items:
        if not isinstance(item, Scalar):
            complain(item, at, "write a text here; text that begins with { or [ needs quotes")
        elif item.empty or not item.text.strip():
            complain(
                entry.key if item is node else item, at, "no text is written here; text that begins with # needs quotes"
            )
        else:
            for why in check_template(item.text):
                complain(item, at, why)
            texts.append(item.text.rstrip("\n"))
    return tuple(texts)
