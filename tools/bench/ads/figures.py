"""Recall and cost of the detector beside its baselines: the same messages, in one run, on one core."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import thread_time_ns
from typing import ParamSpec, TypeVar

import numpy as np

from bot.classification.classifier import Classifier
from bot.classification.measures import Flags, Scores, recall_at
from bot.detection.campaigns import Campaigns
from bot.detection.shipped import shipped_model
from tools.bench.ads.baselines import NEEDED, Scorer, baselines
from tools.bench.ads.rows import Part, labelled, parts
from tools.bench.result import Figure

OURS = "ours"
RATES = (0.001, 0.005)
ONE_BY_ONE = 300
"""Messages that each baseline is timed on, as they come in a group: one at a time."""
ROUNDS = 3
"""How often each message is timed; the least counts, since other programs can only add to it."""
Given = ParamSpec("Given")
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Scored:
    """What one of them says of messages, and microseconds of CPU for each that it was timed on."""

    scores: Scores
    took: Sequence[float]


def figures() -> Iterator[Figure]:
    """Everything that is measured here."""
    rows, origin, real = labelled()
    costs: dict[str, list[float]] = {}
    for number, part in enumerate(parts(rows)):
        found = {OURS: ours(part.texts)} | {
            name: beside(learn(part.learned), part.texts) for name, learn in baselines().items()
        }
        for name, one in found.items():
            costs.setdefault(name, []).extend(one.took)
        yield from recalls(part, found, "" if number else f"; {origin}", aimed=real)
    yield from _costs(costs)


def ours(texts: Sequence[str]) -> Scored:
    """The shipped detector, with nothing taught, and with a look for copies among the messages before."""
    classifier = Classifier(shipped_model())
    classifier.score("warm", Campaigns(), "warm")
    rounds = []
    for _ in range(ROUNDS):
        memory = Campaigns()
        rounds.append([cpu(classifier.score, text, memory, str(number)) for number, text in enumerate(texts)])
    took = np.array([[took for _, took in timed] for timed in rounds]).min(axis=0)
    return Scored(np.array([score for score, _ in rounds[0]]), took.tolist())


def beside(score: Scorer, texts: Sequence[str]) -> Scored:
    """A baseline: all texts at once for the scores, some one by one for the cost."""
    score(texts[:1])
    some = texts[:ONE_BY_ONE]
    took = [min(cpu(score, [text])[1] for _ in range(ROUNDS)) for text in some]
    return Scored(score(texts), took)


def cpu(run: Callable[Given, Thing], *args: Given.args, **kwargs: Given.kwargs) -> tuple[Thing, float]:
    """What comes of it, and the microseconds of this thread's CPU that it took."""
    began = thread_time_ns()
    done = run(*args, **kwargs)
    return done, (thread_time_ns() - began) / 1000


def recalls(part: Part, found: Mapping[str, Scored], about: str = "", *, aimed: bool = True) -> Iterator[Figure]:
    """For each share of ordinary messages flagged: our recall with the best baseline's for its aim, and each ratio."""
    ads: Flags = np.array([row.ad for row in part.tried])
    told = (
        f"{int(ads.sum()):,} ads, {int((~ads).sum()):,} ordinary; baselines learned from {len(part.learned):,}{about}"
    )
    yield Figure(f"{part.name}: messages", len(part.tried), "", note=told)
    for rate in RATES:
        recall = {name: recall_at(one.scores, ads, rate) for name, one in found.items()}
        mine = recall.pop(OURS)
        what = f"{part.name}: recall at {rate:.1%}"
        yield Figure(f"{what}, {OURS}", mine, "", max(recall.values()) if aimed else None, more=True)
        for name, theirs in recall.items():
            yield Figure(f"  {name}", theirs, "", note=f"ours finds {times(mine, theirs)} as many")


def times(mine: float, theirs: float) -> str:
    """How many times as many one is as the other."""
    return f"{mine / theirs:.2f} times" if theirs else "infinitely" if mine else "0 times"


def _costs(costs: Mapping[str, Sequence[float]]) -> Iterator[Figure]:
    middle = {name: float(np.median(took)) for name, took in costs.items()}
    slow = {name: float(np.percentile(took, 99)) for name, took in costs.items()}
    note = "fold, clues, model, near copies" if len(costs) > 2 else NEEDED
    yield Figure("CPU of a message, median, ours", middle[OURS], "µs", 150, note=note)
    yield Figure("CPU of a message, p99, ours", slow[OURS], "µs", 600)
    for name in [name for name in costs if name != OURS]:
        ratio = f"{middle[name] / middle[OURS]:.2f} times ours; p99 {slow[name]:,.0f} µs, {slow[name] / slow[OURS]:.2f}"
        yield Figure(f"  {name}", middle[name], "µs", note=f"{ratio} times ours")
