"""How much each kind of clue tells: in what share of the advertisements and of the ordinary messages it is found.

``python -m tools.detection.clue_table DATA_DIR [train|dev|test]`` prints figures only, never a message.
"""

import sys
from collections import Counter, defaultdict
from functools import partial

from rules.detectors.extract import clues_in
from rules.detectors.folding import view_of
from rules.detectors.kinds import ClueKind
from tools.detection.data import load

_LANGUAGES = ("zh", "en", "ru")
_HELD_FOR_HAM = ("nus_zh", "nus_en")
_UNSURE = frozenset({"game_zh"})  # much of its ham is ads


def main(folder: str, split: str) -> None:
    """Reads the labelled messages, and prints a table by kind and one by source."""
    rows: Counter[tuple[str, bool]] = Counter()
    found: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
    some: Counter[tuple[str, bool]] = Counter()
    for row in load(folder):
        if row.split != split or row.source in _UNSURE:
            continue
        groups = [(row.lang, row.ad), (row.source, row.ad)]
        rows.update(groups)
        kinds = {clue.kind for clue in clues_in(view_of(row.text))}
        if kinds:
            some.update(groups)
        for kind in kinds:
            found[kind].update(groups)
    print(f"share of messages with the clue, %: ads / ham ({split} rows)\n")
    titles = [*(name.rjust(14) for name in _LANGUAGES), *(name.rjust(8) for name in _HELD_FOR_HAM), " ads/ham"]
    print("kind".ljust(22), *titles)
    for kind in ClueKind:
        counted = found.get(kind, Counter())
        ads = sum(counted[name, True] for name in _LANGUAGES)
        ham = sum(counted[name, False] for name in _LANGUAGES)
        share = partial(_share, counted, rows)
        shares = [f"{share(name, True):6.2f} /{share(name, False):6.2f}" for name in _LANGUAGES]
        quiet = [f"{share(name, False):8.3f}" for name in _HELD_FOR_HAM]
        print(kind.value.ljust(22), *shares, *quiet, f" {ads}/{ham}")
    print("\nmessages with any clue, %")
    for (source, ad), count in sorted(rows.items()):
        print(f"{source.ljust(18)} {'ad' if ad else 'ham':4} {_share(some, rows, source, ad):7.2f} of {count}")


def _share(counted: Counter[tuple[str, bool]], rows: Counter[tuple[str, bool]], name: str, ad: bool) -> float:
    return 100 * counted[name, ad] / rows[name, ad] if rows[name, ad] else 0.0


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "train")
