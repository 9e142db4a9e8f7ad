"""What speaks for an advertisement besides the text: the model learned from texts alone, so these weights are set.

They are log-odds, meant for somebody of whom nothing is known. None of them alone makes a message certain.
"""

from collections.abc import Mapping, Sequence

from rules.detectors.clues import Clue
from rules.verdict import Reason

WEIGHTS: Mapping[str, float] = {
    "qr": 3.0,
    "qr.contact": 2.5,
    "qr.invite": 2.5,
    "qr.pay": 2.0,
    "card": 2.0,
    "file.ad": 2.0,
    "file.program": 3.0,
    "forward.channel": 1.0,
    "button.link": 2.0,
    "link.disguised": 2.0,
    "name.link": 1.5,
    "name.contact": 2.0,
    "name.ad": 2.0,
    "bio.link": 1.0,
    "bio.contact": 1.5,
    "elsewhere": 1.0,
}
AT_MOST = 6.0
"""What all of it together may weigh: several signs of one poster are not independent."""


def unwritten(clues: Sequence[Clue]) -> tuple[Reason, ...]:
    """The reasons that stand in no text, each kind once; together at most ``AT_MOST``."""
    found: dict[str, Reason] = {}
    for clue in clues:
        weight = WEIGHTS.get(clue.kind)
        if weight is not None and clue.kind not in found:
            found[clue.kind] = Reason(clue.kind, weight, clue.detail)
    heavy = sum(reason.weight for reason in found.values())
    if heavy <= AT_MOST:
        return tuple(found.values())
    return tuple(Reason(one.kind, one.weight * AT_MOST / heavy, one.detail) for one in found.values())
