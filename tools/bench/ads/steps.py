"""What a look at a message costs, part by part; and what the oddest messages cost."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np

from bot.classification.classifier import Classifier
from bot.classification.measures import Scores
from bot.detection.campaigns import Campaigns
from bot.detection.shipped import shipped_model
from rules.detectors.extract import clues_in
from rules.detectors.folding import View, view_of
from rules.detectors.head import Example, Head
from rules.detectors.looking import examine
from rules.detectors.sketch import sketch_of
from tools.bench.ads.figures import ROUNDS, cpu
from tools.bench.ads.rows import labelled, parts
from tools.bench.result import Figure
from tools.detection.data import Row

MESSAGES = 1_500
TAUGHT = (20, 300)
"""Advertisements and ordinary messages that the head was made of."""
ALLOWED = 50.0
"""Milliseconds of CPU within which there is a verdict on anything."""
PARTS = ("fold", "sounds", "clues", "features and model", "head", "sketch and near copies")
_AT = datetime(2026, 10, 7, 4, tzinfo=UTC)
_MILLION = 1_000_000
ODD = {
    "10 MB of talk": "and then we walked home by the lake, " * 270_000,
    "10 MB of one letter": "a" * 10 * _MILLION,
    "10 MB of Chinese without a blank": "我们明天在图书馆见面" * _MILLION,
    "10 MB of links": "https://shop.example/a?b=c " * 380_000,
    "a letter with 1,000,000 accents": "a" + "\u0301\u0489" * (_MILLION // 2),
    "1,000 letters with 50 accents each": ("a" + "\u0337" * 50) * 1_000,
    "nothing but emoji": "👩‍👩‍👧‍👦🔥💰🇨🇳" * 2_000,
    "halves of surrogate pairs": "\ud83d free \udcb0" * 1_000,
    "nothing but invisible signs": "\u200b\u2060" * 10_000,
    "digits in every script": "١٢٣四五陆⑦🄇９" * 2_000,
    "nothing at all": "",
}
"""Texts that nobody writes in good faith."""


def steps() -> Iterator[Figure]:
    """Everything that is measured here."""
    rows = labelled()[0]
    tried = [row for part in parts(rows) for row in part.tried]
    known = [row for part in parts(rows) for row in part.learned]
    texts, head = [row.text for row in tried[:: max(1, len(tried) // MESSAGES)]], head_of(known)
    took = np.min([timed(texts, head) for _ in range(ROUNDS)], axis=0)
    for name, times in zip(PARTS, took.T, strict=True):
        yield Figure(name, float(np.median(times)), "µs", note=f"p99 {np.percentile(times, 99):,.0f} µs")
    whole = took.sum(axis=1)
    yield Figure("all of it, median", float(np.median(whole)), "µs", 150, note=f"{len(whole):,} messages")
    yield Figure("all of it, p99", float(np.percentile(whole, 99)), "µs", 600)
    yield from odd_ones()


def head_of(rows: Sequence[Row]) -> Head:
    """The head of a group that taught some."""
    model = shipped_model()
    of_either = ([row for row in rows if row.ad is ad][:most] for ad, most in zip((True, False), TAUGHT, strict=True))
    return Head.of(Example(examine(model, row.text).look, row.ad, "staff") for some in of_either for row in some)


def timed(texts: Sequence[str], head: Head) -> Scores:
    """Microseconds of CPU by message and part."""
    model, campaigns = shipped_model(), Campaigns()
    examine(model, "warm")
    took = np.zeros((len(texts), len(PARTS)))
    for number, text in enumerate(texts):
        view, took[number, 0] = cpu(view_of, text)
        _, took[number, 1] = cpu(getattr, view, "pinyin")
        clues, took[number, 2] = cpu(clues_in, view)
        look, took[number, 3] = cpu(model.look, view, clues)
        _, took[number, 4] = cpu(head.adjust, look)
        _, took[number, 5] = cpu(_again, campaigns, view, str(number))
    return took


def _again(campaigns: Campaigns, view: View, event: str) -> None:
    campaigns.look(sketch_of(view), "group", event, _AT, event)


def odd_ones() -> Iterator[Figure]:
    """Milliseconds of CPU for a verdict with its reasons; more than one try, since the first reads tables."""
    classifier = Classifier(shipped_model())
    for name, text in ODD.items():
        tries = [cpu(classifier.classify, text) for _ in range(3)]
        if not all(0 <= told.score <= 1 for told, _ in tries):
            raise AssertionError(f"{name}: there was to be a probability")
        yield Figure(name, min(took for _, took in tries) / 1000, "ms", ALLOWED, note=f"{tries[0][0].score:.1%}")
