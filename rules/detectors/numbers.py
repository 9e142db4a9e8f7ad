"""Digits that were written as words or letters: as digits again, where they stand in what looks like a number."""

import re

from rules.detectors.stages import Stage, always

_CHINESE = dict(zip("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789", strict=True))
_DIGITS = str.maketrans(_CHINESE)
_SIGNS = "".join(_CHINESE)
_ANY = re.compile(f"[{_SIGNS}]")
_RUN = re.compile(f"[0-9{_SIGNS}]+")
_NEEDED = re.compile(f"[{_SIGNS}][0-9{_SIGNS}]|[a-z0-9][{_SIGNS}]")  # a single digit is a word
_COUNTING = re.compile(f"[十百千万亿第{_SIGNS}]")
_LATIN_SIGN = re.compile("[a-z]")
_O = re.compile("(?<![a-z0-9])(?=[0-9o]{3})(?:[0-9]+o[0-9o]*|o+[0-9][0-9o]*)(?![a-z0-9])")
_O_NEEDED = re.compile("[0-9]o|o[0-9]")


def _said(match: "re.Match[str]") -> str:
    """The run in digits: three or more Chinese ones, or one among others; 2019一个 is left as it is."""
    run, text = match.group(), match.string
    if run.isascii():
        return run
    before, after = (
        text[match.start() - 1 : match.start()] if match.start() else "",
        text[match.end() : match.end() + 1],
    )
    if _COUNTING.match(before) or _COUNTING.match(after):
        return run
    if _LATIN_SIGN.match(before) and _LATIN_SIGN.match(after):
        return run.translate(_DIGITS)
    said = len(_ANY.findall(run))
    if said == len(run):
        latin = before.isascii() and before.isalnum()
        return run.translate(_DIGITS) if said > 2 or (latin and said > 1) or (said > 1 and "零" in run[1:]) else run
    if said == 1 and not (run[0].isascii() and run[-1].isascii()):
        return run
    return run.translate(_DIGITS)


def _with_noughts(match: "re.Match[str]") -> str:
    return match.group().replace("o", "0")


def _may_have_noughts(text: str) -> bool:
    return "o" in text and _O_NEEDED.search(text) is not None


STAGES = (
    Stage("digits", _NEEDED.search, _RUN, always(_said)),
    Stage("digits", _may_have_noughts, _O, always(_with_noughts)),
)
