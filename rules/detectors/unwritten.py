"""What speaks for an advertisement besides the text: the model learned from texts alone, so these weights are set.

They are log-odds, meant for somebody of whom nothing is known. None of them alone makes a message certain whose words
say nothing. What codes and cards say is among the words that the model judges: these weigh that it was a code, or a
card.
"""

from collections.abc import Mapping, Sequence

from rules.detectors.clues import Clue
from rules.verdict import Reason

WEIGHTS: Mapping[str, float] = {
    "qr.wechat": 3.5,
    "qr.payment": 3.0,
    "qr.link": 3.5,
    "qr.other": 2.5,
    "contact.card": 2.0,
    "media.card": 1.0,
    "file.program": 3.0,
    "file.name": 2.0,
    "origin.channel": 1.0,
    "origin.elsewhere": 1.0,
    "button.link": 2.0,
    "link.masked": 2.0,
    "link.hidden": 2.0,
    "name.link": 2.5,
    "name.contact": 2.5,
    "name.trade": 2.0,
    "name.call": 1.5,
}
ORDINARY = 1.5
"""What a code weighs that leads to an ordinary site: people also post surveys, articles and appointments so."""
INVITING = 4.5
"""What a code weighs that leads into another group."""
_ORDINARY_LINKS = frozenset({"link.known", "link.other", "link.many"})
AT_MOST = 6.0
"""What all of it together may weigh: several signs of one poster are not independent."""


def unwritten(clues: Sequence[Clue]) -> tuple[Reason, ...]:
    """The reasons that stand in no text, each kind once; together at most ``AT_MOST``."""
    found: dict[str, Reason] = {}
    links = {str(clue.kind) for clue in clues if clue.kind.startswith("link.")}
    for clue in clues:
        weight = WEIGHTS.get(clue.kind)
        if clue.kind == "qr.link" and links <= _ORDINARY_LINKS:
            weight = ORDINARY
        elif clue.kind == "qr.link" and "link.invite" in links:
            weight = INVITING
        if weight is not None and clue.kind not in found:
            found[clue.kind] = Reason(str(clue.kind), weight, clue.detail)
    heavy = sum(reason.weight for reason in found.values())
    if heavy <= AT_MOST:
        return tuple(found.values())
    return tuple(Reason(one.kind, one.weight * AT_MOST / heavy, one.detail) for one in found.values())
