"""The language in which a command speaks to the operator: that of their file, else that of their terminal."""

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

CHINESE, ENGLISH = "zh-CN", "en"
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_DEFAULTS = re.compile(r"^defaults\s*[:：](?P<all>.*(?:\n(?:[ \t#].*)?)*)", re.MULTILINE)
_LANGUAGE = re.compile(r"\blanguage\s*[:：]\s*[\"'“]?(?P<name>[A-Za-z]{2,3}\b|中文|简体中文)")
_MOST = 200_000
"""Characters of a file that are looked at."""


class Speech:
    """What a command says, in one language: ``speech("rule", 2)`` is ``2 rules`` or ``2 条规则``."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = _words(language)

    def __call__(self, key: str, **values: object) -> str:
        return self._words[key].format(**values)

    def many(self, count: int, noun: str) -> str:
        """So many of something."""
        return self(noun if count == 1 else f"{noun}s", count=f"{count:,}")

    def word(self, name: str) -> str:
        """A word of the program's own, such as a mode or a capability; itself where there is no other for it."""
        return self._words.get(f"word.{name}", name.replace("_", " "))


def speech_for(file: Path, wanted: str | None = None, environ: Mapping[str, str] = os.environ) -> Speech:
    """The speech for a file: the language ``wanted``, else that of the file's defaults, else that of the terminal."""
    return Speech(_spoken(wanted or _written(file) or _of_terminal(environ)))


def _spoken(name: str) -> str:
    return CHINESE if name.casefold().startswith(("zh", "中", "简")) else ENGLISH


def _written(file: Path) -> str | None:
    """The ``defaults.language`` of a file that may be too damaged for YAML."""
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            text = opened.read(_MOST)
    except OSError:
        return None
    section = _DEFAULTS.search(text)
    found = _LANGUAGE.search(section["all"]) if section is not None else None
    return found["name"] if found is not None else None


def _of_terminal(environ: Mapping[str, str]) -> str:
    return next((environ[name] for name in _VARIABLES if environ.get(name)), ENGLISH)


@cache
def _words(language: str) -> dict[str, str]:
    path = Path(__file__).with_name(f"speech.{language}.yaml")
    words: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return words
