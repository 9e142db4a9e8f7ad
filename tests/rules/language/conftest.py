"""Files in memory, and loading as the tests want it."""

import fnmatch
from collections.abc import Callable, Mapping

import pytest

from rules.builtin import builtin_steps
from rules.errors import ConfigError
from rules.language import FileProblem, Loaded, load
from rules.language.saying import phrasebook

BASE = """\
version: 1
platforms:
  tg: { type: telegram }
groups:
  reading: { platform: tg, chat: "-1001", tags: [public] }
  staff: { platform: tg, chat: "-1002" }
"""


class MemoryFiles:
    """Files that are in memory."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self.files = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise FileProblem("there is no such file")
        return self.files[path]

    def glob(self, pattern: str) -> list[str]:
        return sorted(fnmatch.filter(self.files, pattern))


Load = Callable[..., Loaded]


@pytest.fixture
def base() -> str:
    """The sections that most tests need: platforms and groups. It has six lines."""
    return BASE


@pytest.fixture
def loading() -> Load:
    """Loads ``config.yaml`` of this text (and other files by name)."""

    def run(
        text: str | bytes,
        more: Mapping[str, str | bytes] | None = None,
        environ: Mapping[str, str] | None = None,
        copy_keys: tuple[str, ...] | None = None,
    ) -> Loaded:
        files = MemoryFiles({"config.yaml": text, **(more or {})})
        return load("config.yaml", files, builtin_steps(), environ or {}, copy_keys)

    return run


@pytest.fixture
def complaints(loading: Load) -> Callable[..., list[str]]:
    """The complaints about a text, as they are printed; every one of them can be said in Chinese, too."""
    chinese = phrasebook("zh-CN")
    assert chinese is not None

    def run(text: str | bytes, **more: object) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            loading(text, **more)
        english_only = [each.message for each in caught.value.complaints if chinese.say(each.message) is None]
        assert english_only == [], "write these in rules/language/chinese.py"
        return [str(complaint) for complaint in caught.value.complaints]

    return run
