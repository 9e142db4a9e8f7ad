"""Measure what a group's labels bring where the model never saw anything like the group.

    python -m tools.detection.few_shot DATA_DIR MODELS_DIR [--seeds 5] [--wrong]

MODELS_DIR holds one model for each source, trained without it: ``without-SOURCE.bin``. Each source plays a group: so
many of its advertisements are labelled by two people, so many of its ordinary messages seen, and the rest is scored.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rules.detectors.examples import Example
from rules.detectors.extract import clues_in
from rules.detectors.folding import view_of
from rules.detectors.head import Head
from rules.detectors.model import Look, Model
from tools.detection.data import load

SOURCES = ("tg_zh", "x_janitr", "youtube_en", "sms_uci")
SIZES = ((0, 0), (5, 75), (20, 300), (200, 3000))
RATE = 0.005
ACTS = 4.595  # the log-odds of the band that acts: 99%
MOST = 2000  # messages of each kind that are scored

Wrong = Callable[["Draw"], list[Example]]


@dataclass(frozen=True)
class Figures:
    """Recall where ``RATE`` of the ordinary messages is flagged; what the band that acts finds, and flags wrongly."""

    recall: float
    acted: float
    false: float


@dataclass(frozen=True)
class Draw:
    """One way to part a source: what is labelled, seen and measured on, and what else could be labelled."""

    labelled: Sequence[Look]
    ordinary: Sequence[Look]
    ads: Sequence[Look]
    hams: Sequence[Look]
    other_ads: Sequence[Look]
    other_hams: Sequence[Look]

    def honest(self) -> list[Example]:
        return [Example(look, True, ("ann", "bob")[number % 2]) for number, look in enumerate(self.labelled)]


def looks(model: Model, texts: Sequence[str]) -> list[Look]:
    """What a model makes of texts."""
    seen = []
    for text in texts:
        view = view_of(text)
        seen.append(model.look(view, clues_in(view)))
    return seen


def draws(ads: Sequence[Look], hams: Sequence[Look], size: tuple[int, int], seeds: int) -> Iterator[Draw]:
    """A source parted in as many ways; at most half of either kind is labelled."""
    for seed in range(seeds):
        chance = np.random.default_rng(seed)
        first = [ads[place] for place in chance.permutation(len(ads))]
        second = [hams[place] for place in chance.permutation(len(hams))]
        some, usual = min(size[0], len(first) // 2), min(size[1], len(second) // 2)
        spare, other = first[some : some + 20], second[usual : usual + 20]
        rest, later = first[some + 20 :][:MOST], second[usual + 20 :][:MOST]
        yield Draw(first[:some], second[:usual], rest, later, spare, other)


def figures(head: Head, draw: Draw) -> Figures:
    """What a head finds in one part."""
    ads = np.array([head.adjust(look).logit for look in draw.ads])
    hams = np.sort([head.adjust(look).logit for look in draw.hams])[::-1]
    recall = float((ads > hams[int(RATE * len(hams))]).mean())
    return Figures(recall, float((ads >= ACTS).mean()), float((hams >= ACTS).mean()))


def told(found: Sequence[Figures]) -> str:
    recalls = [one.recall for one in found]
    return (
        f"{np.mean(recalls):.3f} ± {np.std(recalls):.3f} "
        f"({np.mean([one.acted for one in found]):.2f} at {np.mean([one.false for one in found]):.2%})"
    )


def wrongs() -> dict[str, Wrong]:
    """What a third person labels wrongly."""
    return {
        "none": lambda draw: [],
        "20 ordinary as ads": lambda draw: [Example(look, True, "eve") for look in draw.other_hams],
        "20 ads as ordinary": lambda draw: [Example(look, False, "eve") for look in draw.other_ads],
        "both": lambda draw: [
            *(Example(look, True, "eve") for look in draw.other_hams),
            *(Example(look, False, "eve") for look in draw.other_ads),
        ],
    }


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("models", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--wrong", action="store_true", help="twenty wrong labels of a third person beside 20 + 300")
    options = parser.parse_args(arguments)
    rows = load(options.data)
    columns = list(wrongs()) if options.wrong else [f"{ads} ads + {hams} ordinary" for ads, hams in SIZES]
    print(f"Recall at {RATE:.1%} false positives (found, and flagged wrongly, where the probability is 99%)\n")
    print("| source |", " | ".join(columns), "|")
    print("|---|" + "---|" * len(columns))
    for source in SOURCES:
        path = options.models / f"without-{source}.bin"
        if not path.exists():
            print(f"| {source} | no {path} |", file=sys.stderr)
            continue
        model = Model.loads(path.read_bytes())
        own = [row for row in rows if row.source == source]
        ads = looks(model, [row.text for row in own if row.ad])
        hams = looks(model, [row.text for row in own if not row.ad])
        cells = []
        if options.wrong:
            for wrong in wrongs().values():
                parts = draws(ads, hams, (20, 300), options.seeds)
                cells.append(
                    told([figures(Head.of([*part.honest(), *wrong(part)], part.ordinary), part) for part in parts])
                )
        else:
            for size in SIZES:
                parts = draws(ads, hams, size, options.seeds)
                cells.append(told([figures(Head.of(part.honest(), part.ordinary), part) for part in parts]))
        print(f"| {source} |", " | ".join(cells), "|", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
