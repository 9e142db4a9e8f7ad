"""The copy library: every text by key, in languages, with variants that do not repeat; and the filling of placeholders.

A template knows one thing, ``{name}``: the name is looked up among the text's parameters. There are no expressions,
attributes, loops or filters, so nothing an operator (or a member's name) writes can reach anything else.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rules.text import Text

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
LONGEST = 20_000
"""Characters that a rendered text may have; what is beyond is cut."""

Variants = Mapping[str, tuple[str, ...]]  # by language


@dataclass(frozen=True, slots=True)
class CopyBook:
    """Texts by key and language: the built-in ones, the operator's over them, a group's own over those."""

    texts: Mapping[str, Variants] = field(default_factory=dict)
    by_group: Mapping[str, Mapping[str, Variants]] = field(default_factory=dict)
    fallback: str = "en"

    def variants(self, key: str, language: str, group: str = "") -> tuple[str, ...]:
        """The variants of a text in a language: that very one, its main language (zh for zh-CN), the fallback, any."""
        for texts in (self.by_group.get(group, {}), self.texts):
            found = texts.get(key)
            if found:
                return _in_language(found, language, self.fallback)
        return ()

    def __contains__(self, key: object) -> bool:
        return key in self.texts

    def render(self, text: Text, language: str, group: str = "", turn: Callable[[str], int] | None = None) -> str:
        """The words of a text. ``turn(key)`` says how often a key was used before: variants take turns by it."""
        template = text.literal
        if template is None:
            key = text.key or ""
            variants = self.variants(key, language, group)
            if not variants:
                return key
            template = variants[(turn(key) if turn and len(variants) > 1 else 0) % len(variants)]
        if "{" not in template:
            return template[:LONGEST]

        def fill(match: re.Match[str]) -> str:
            name = match.group(1)
            if name not in text.params:
                return match.group(0)
            value = text.params[name]
            if isinstance(value, Text):
                return self.render(value, language, group, turn)
            if isinstance(value, tuple):
                return "\n".join(self.render(part, language, group, turn) for part in value)
            return str(value)

        return PLACEHOLDER.sub(fill, template)[:LONGEST]


def _in_language(found: Variants, language: str, fallback: str) -> tuple[str, ...]:
    for name in (language, language.split("-", maxsplit=1)[0], fallback, fallback.split("-", maxsplit=1)[0]):
        if name in found:
            return found[name]
    main = language.split("-", maxsplit=1)[0]
    for name, variants in found.items():
        if name.split("-")[0] == main:
            return variants
    return next(iter(found.values()))
