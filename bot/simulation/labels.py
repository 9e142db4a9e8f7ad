"""The words of demo and chat themselves, by language."""

from datetime import date
from pathlib import Path

import yaml

LANGUAGES = ("en", "zh-CN")
_SPOKEN = {"中文": "zh", "汉语": "zh", "简体中文": "zh", "chinese": "zh", "英文": "en", "英语": "en", "english": "en"}
_HERE = Path(__file__).parent


class Labels:
    """Words by key; ``labels("joined", names="Ann")`` fills them in."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words: dict[str, str] = yaml.safe_load((_HERE / f"labels.{language}.yaml").read_text(encoding="utf-8"))

    def __call__(self, key: str, **values: object) -> str:
        return self._words[key].format(**values)

    def day(self, moment: date) -> str:
        """The day of the week, short."""
        return self._words["weekdays"].split()[moment.weekday()]


def language_of(wanted: str) -> str:
    """The language that a person means by ``zh``, ``zh_CN`` or ``en-GB``. Raises ``ValueError``."""
    main = wanted.strip().replace("_", "-").partition("-")[0].casefold()
    main = _SPOKEN.get(main, main)
    for language in LANGUAGES:
        if language.partition("-")[0] == main:
            return language
    raise ValueError(f"there is no `{wanted}` here; write one of en, zh")
