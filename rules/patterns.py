"""Patterns of the operator's: RE2 only, so that none can run away, and the words a text must have to match one."""

import re
import unicodedata
import warnings
from functools import reduce
from typing import Any

import re2

from rules.folding import fold

_MEMORY = 8 << 20
_LOOK_AROUND = (("(?=", "look-ahead"), ("(?!", "look-ahead"), ("(?<=", "look-behind"), ("(?<!", "look-behind"))


def compile_pattern(pattern: str) -> Any:
    """An RE2 pattern ready to search UTF-8. Raises ``ValueError`` with what RE2 does not know, or what is wrong."""
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern.encode(), options)
    except re2.error as error:
        raise ValueError(f"the pattern `{pattern}` cannot be used: {_why(pattern, error)}") from None


def _why(pattern: str, error: Exception) -> str:
    for sign, name in _LOOK_AROUND:
        if sign in pattern:
            return f"{name} `{sign}...)` is not supported; write a second condition under all: or none: instead"
    if re.search(r"\\[1-9]|\(\?P=", pattern):
        return "back-references are not supported; write the repeated part out"
    if re.search(r"[*+?}]\+|\(\?>", pattern):
        return "possessive and atomic groups are not supported, nor are they needed: no pattern can run away"
    said = error.args[0] if error.args else error
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)


def needed_phrases(pattern: str) -> frozenset[str]:
    """Folded phrases of which a folded text must hold one for the pattern to match it; empty where none are sure.

    They let the one pass over the phrases of all rules answer for most patterns. Only letters that folding treats one
    by one are relied on: ASCII and Chinese. It holds for the text as written too where that is in composed form (NFC).
    """
    if "[[" in pattern or "[:" in pattern:  # RE2's [[:alpha:]], which Python's parser reads as something else
        return frozenset()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = re._parser.parse(pattern)  # type: ignore[attr-defined]
    except (re.error, OverflowError, RecursionError):
        return frozenset()  # RE2 knows more than Python: \pN, \Q..\E, \x{10FFFF}
    try:
        return _needed(parsed) or frozenset()
    except RecursionError:
        return frozenset()


def _needed(parsed: Any) -> frozenset[str] | None:
    """The best set of phrases that a sequence needs: the one whose shortest phrase is longest."""
    found: list[frozenset[str]] = []
    run: list[str] = []

    def close() -> None:
        phrase = fold("".join(run))
        run.clear()
        if _is_telling(phrase):
            found.append(frozenset({phrase}))

    for operation, value in parsed:
        name = str(operation)
        if name == "LITERAL":
            sign = chr(value)
            if _is_steady(sign):
                run.append(sign)
            else:
                close()
            continue
        if name == "AT":  # \b, ^, $ take up no room
            continue
        close()
        inner = _inside(name, value)
        if inner:
            found.append(inner)
    close()
    return max(found, key=lambda phrases: min(map(len, phrases))) if found else None


def _inside(name: str, value: Any) -> frozenset[str] | None:
    if name == "SUBPATTERN":
        return _needed(value[3])
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        return _needed(value[2]) if value[0] >= 1 else None
    if name == "BRANCH":
        branches = [_needed(branch) for branch in value[1]]
        if all(branches):
            return reduce(frozenset.union, (branch for branch in branches if branch))
    return None


def _is_steady(sign: str) -> bool:
    return (sign.isascii() and sign.isprintable()) or unicodedata.name(sign, "").startswith("CJK UNIFIED")


def _is_telling(phrase: str) -> bool:
    return len(phrase) > 1 or (bool(phrase) and not phrase.isascii())
