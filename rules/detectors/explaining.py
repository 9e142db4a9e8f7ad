"""An opinion on advertisements in plain words: how sure, what spoke for it in order of weight, and how it was read."""

from collections.abc import Container
from unicodedata import normalize

from rules.detectors.folding import view_of
from rules.detectors.judging import band
from rules.text import Text, key, say
from rules.verdict import Reason, Verdict
from rules.wording import excerpt

MOST = 6
"""Reasons that are told; the weightiest."""
_LEAST = 0.1
_LONGEST = 160
_OPEN, _CLOSE = "【", "】"


def explained(verdict: Verdict, raw: str | None, known: Container[str]) -> tuple[Text, ...]:
    """A line each: the probability, the reasons, the text with its telling characters marked, and as it was read.

    ``raw`` is the text as it was written, None where it is no longer kept; ``known`` are the keys of the copy library.
    """
    sure = key("ads.why.sure", value=f"{verdict.score:.1%}", name=key(f"ads.band.{band(verdict.score)}"))
    lines = [sure, *(line for reason in _told(verdict) if (line := _line(reason, known)) is not None)]
    if raw and verdict.score >= _LEAST:
        marks = [reason for reason in verdict.reasons if reason.start >= 0 and reason.end <= len(raw)]
        lines.append(key("ads.why.written", text=_whole(marked(raw, marks))))
        folded = view_of(raw).text
        if _differs(raw, folded):
            lines.append(key("ads.why.read", text=excerpt(folded, _LONGEST)))
    return tuple(lines)


def reason_words(reason: Reason, known: Container[str]) -> Text:
    """What a reason is, without how much it weighs."""
    for name in (f"ads.reason.{reason.kind}", f"clue.{reason.kind}"):
        if name in known:
            return key(name)
    return say("{text}", text=reason.kind)


def marked(raw: str, reasons: list[Reason]) -> str:
    """The beginning of a text with the stretches that were telling in brackets."""
    inside = [False] * min(len(raw), _LONGEST)
    for reason in reasons:
        for place in range(max(reason.start, 0), min(reason.end, len(inside))):
            inside[place] = True
    parts, before = [], False
    for sign, telling in zip(raw, inside, strict=False):
        if telling is not before:
            parts.append(_OPEN if telling else _CLOSE)
        parts.append(sign)
        before = telling
    return "".join(parts) + (_CLOSE if before else "") + ("…" if len(raw) > len(inside) else "")


def _told(verdict: Verdict) -> list[Reason]:
    """The weightiest reasons that say something, then signs that the words' weight covers."""
    heavy = [reason for reason in verdict.reasons if abs(reason.weight) >= _LEAST and reason.kind != "base"]
    light = [reason for reason in verdict.reasons if not reason.weight]
    return (heavy + light)[:MOST]


def _line(reason: Reason, known: Container[str]) -> Text | None:
    words = reason_words(reason, known)
    if not reason.weight:
        return key("ads.why.sign", name=words, text=_detail(reason))
    return key("ads.why.reason", value=f"{reason.weight:+.1f}", name=words, text=_detail(reason))


def _detail(reason: Reason) -> Text:
    return key("ads.why.detail", text=_whole(excerpt(reason.detail, 80))) if reason.detail.strip() else say("")


def _whole(text: str) -> str:
    """Text with question marks for halves of characters, which no platform takes."""
    return text.encode(errors="replace").decode()


def _differs(raw: str, folded: str) -> bool:
    """Whether reading it took more than putting capitals, wide punctuation and blanks aside."""
    return "".join(normalize("NFKC", raw).casefold().split()) != "".join(folded.split())
