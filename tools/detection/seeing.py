"""How well pictures are read: ``python -m tools.detection.seeing [POSTERS] [WORDED]`` prints a table."""

import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from bot.pictures.findings import PictureFindings
from bot.pictures.looking import look_at
from bot.pictures.words import reader
from tools.detection.posters import poster
from tools.detection.worded import worded


def main(posters: int = 400, pictures: int = 100) -> None:
    """Look at so many posters and at so many pictures of words."""
    spent: list[float] = []
    for name, share, quality in (("10% of the width, q40", 0.10, 40), ("8%, q40", 0.08, 40), ("10%, q15", 0.10, 15)):
        spent.clear()
        read = 0
        for seed in range(posters):
            made = poster(seed, share, quality)
            read += made.code in _timed(lambda data=made.data: look_at(data), spent).codes  # type: ignore[misc]
        print(f"codes, {name}: {read / posters:.1%} of {posters} read; {_times(spent)}")
    words = reader()
    if words is None:
        print("words: the extra `ocr` is not installed")
        return
    spent.clear()
    likeness, whole = [], 0
    look_at(worded(0).data, words)
    for seed in range(pictures):
        drawn = worded(seed)
        found = _timed(lambda data=drawn.data: look_at(data, words), spent)  # type: ignore[misc]
        likeness.append(SequenceMatcher(None, _plain("".join(drawn.lines)), _plain(found.text), autojunk=False).ratio())
        whole += all(_plain(line) in _plain(found.text) for line in drawn.lines)
    print(
        f"words: {sum(likeness) / pictures:.1%} of the characters, {whole / pictures:.1%} of {pictures} pictures "
        f"without a mistake, {sum(one >= 0.9 for one in likeness) / pictures:.1%} with 90% or more; {_times(spent)}"
    )


def _timed(look: Callable[[], PictureFindings], spent: list[float]) -> PictureFindings:
    begun = time.thread_time()
    found = look()
    spent.append(time.thread_time() - begun)
    return found


def _times(spent: Sequence[float]) -> str:
    ordered = sorted(spent)
    return f"CPU {ordered[len(ordered) // 2] * 1e3:.0f} ms median, {ordered[int(len(ordered) * 0.99)] * 1e3:.0f} ms p99"


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
