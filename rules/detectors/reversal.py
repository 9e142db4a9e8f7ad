"""Lines that were written backwards, told by which way more of the commonest words are in them."""

import re
from functools import cache

from rules.detectors import tables

_HAN = re.compile("[㐀-鿿]")
_LONG_WORDS = re.compile("[a-zа-я]{3,}")
_SPACED = (
    "the and you for are this that with have from your what will just not can all free money earn join "
    "group channel contact click link here now more make daily profit investment crypto bitcoin trading "
    "work home online telegram whatsapp want need get best new only send message please how who when was "
    "but they there и в не на что это как для вас мы вы он она они так все есть или уже от до за по из "
    "если только будет можно нужно работа заработок доход деньги день пишите лс канал группа бесплатно "
    "удаленно онлайн человек набор партнеров"
)
_WORDS = frozenset(word for word in _SPACED.split() if len(word) > 2)
_TURNED = frozenset(word[::-1] for word in _WORDS)


_NOTHING = -1_000_000  # no word of the text, nor of a line of it, is one turned round


def turned_round(text: str) -> str:
    """The text turned round, or those of its lines that read better backwards, or "" if none does."""
    more = _more_backwards(text)
    if more > 0:
        return text[::-1]
    if more == _NOTHING or "\n" not in text:
        return ""
    lines = text.split("\n")
    turned = [line[::-1] if _more_backwards(line) > 0 else line for line in lines]
    return "\n".join(turned) if turned != lines else ""


def _more_backwards(text: str) -> int:
    """How many more common words are in the text turned round than as it is; mostly there is none at all."""
    if len(text) < 4:
        return _NOTHING
    words = _LONG_WORDS.findall(text)
    backwards = len(_TURNED.intersection(words)) if words else 0
    pairs: set[str] = set()
    if _HAN.search(text) is not None:
        pairs = set(map(str.__add__, text, text[1:]))
        backwards += len(_turned_pairs() & pairs)
    if not backwards:
        return _NOTHING
    return backwards - len(_WORDS.intersection(words)) - (len(_pairs() & pairs) if pairs else 0)


@cache
def _pairs() -> frozenset[str]:
    return frozenset(tables.PAIRS[at : at + 2] for at in range(0, len(tables.PAIRS), 2))


@cache
def _turned_pairs() -> frozenset[str]:
    return frozenset(pair[::-1] for pair in _pairs())
