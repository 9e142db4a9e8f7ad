"""What must never be shown: bot tokens, passwords in URLs, and every value that came from the environment."""

import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from rules.config import Config
from rules.language.environment import NOT_SET, Secret

STRUCK = "•••"
SHORTEST = 4
"""Characters that a value must have to be struck out: a shorter one is no secret, and stands in too many words."""

_TOKEN = re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{10,}")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_PASSWORD = re.compile(r"(?<=://)([^/?#@\s:]*):([^/?#\s]+)@")

_hidden: dict[str, None] = {}  # of this process; grows only


def hide(value: str) -> None:
    """Strike this value out of everything logged from now on."""
    for form in (value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], quote(value, safe="")):
        if len(form) >= SHORTEST:
            _hidden[form] = None


def hide_secrets(config: Config, environ: Mapping[str, str]) -> None:
    """Strike out every value of the environment that a configuration names as ``${NAME}``, and the key of the service
    that gives second opinions, however it is written."""
    for value in (config.storage.database, *(p.model_extra for p in config.platforms.values())):
        for name in _variables(value):
            if name in environ:
                hide(environ[name])
    if config.ads.second_opinion is not None:
        hide(config.ads.second_opinion.key)


def redact(text: str) -> str:
    """The text without secrets: bot tokens, passwords in URLs, and whatever was hidden."""
    for value in sorted(_hidden, key=len, reverse=True):
        text = text.replace(value, STRUCK)
    text = _PASSWORD.sub(rf"\1:{STRUCK}@", text)
    return _TOKEN.sub(STRUCK, text)


class Forgiving(Mapping[str, str]):
    """The environment, with something in place of what is not set: for commands that connect to nothing.

    ``missing`` are the variables that were asked for and are not set.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.missing: dict[str, None] = {}

    def __getitem__(self, name: str) -> str:
        found = self._environ.get(name)
        if not found:
            self.missing[name] = None
        return found or f"{name.casefold()}{NOT_SET}"

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self._environ)

    def __len__(self) -> int:
        return len(self._environ)


def _variables(value: object) -> list[str]:
    if isinstance(value, Secret):
        return _VARIABLE.findall(value.written)
    if isinstance(value, Mapping):
        return [name for part in value.values() for name in _variables(part)]
    if isinstance(value, (list, tuple)):
        return [name for part in value for name in _variables(part)]
    return []
