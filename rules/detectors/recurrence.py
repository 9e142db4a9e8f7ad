"""What a repetition is worth as evidence: of a known advertisement much, of what a group says to itself nothing."""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from rules.detectors.sightings import Campaign, Match, Poster, event_hash, uncounted
from rules.detectors.sketch import SHORTEST

KNOWN = "campaign.known"
"""Staff of this group, or of two others, said that it is an advertisement."""
REMOVED = "campaign.removed"
"""A rule removed it, or staff of one other group said so."""
CONTACT = "campaign.contact"
"""It leads to where a known advertisement led, in other words; an address or a handle may be named by others, too."""
SPREADING = "campaign.spreading"
"""Several members post it in several groups at the same time."""
OWN = "repeat.own"
STAFF = "repeat.staff"
HAM = "repeat.ham"

AD_WEIGHT = 7.0
HAM_WEIGHT = -6.0
_RULES_VOTE = 0.6
_AT_ONCE = timedelta(hours=12)
# What a shared key is worth beside the same words, where the words differ.
_KEY_WORTH = {
    "code": 0.85,
    "passage": 0.8,
    "number": 0.8,
    "contact": 0.8,
    "picture": 0.75,
    "link": 0.65,
    "email": 0.65,
    "handle": 0.45,
}

_SIGNS = {
    "code": "▦",
    "passage": "¶",
    "number": "#",
    "contact": "☎",
    "picture": "🖼",
    "link": "🔗",
    "email": "✉",
    "handle": "@",
}

_HINTS = frozenset({"link", "email", "handle"})


class Recurrence(Struct, frozen=True):
    """What a match is worth in log-odds, its kind, and what of earlier messages says so.

    ``message`` is the earlier one, if it is known.
    """

    kind: str
    weight: float
    detail: str
    message: str | None = None


def recurrence(
    match: Match | None, now: datetime, group: str, member: str, event_id: str | None = None
) -> Recurrence | None:
    """The evidence in a match for a message that ``member`` posts in ``group``; None where it says nothing.

    ``event_id`` is that of the message itself, should it have been counted already.
    """
    if match is None:
        return None
    if event_id is not None:
        match = replace(match, campaign=uncounted(match.campaign, event_hash(event_id)))
    campaign = match.campaign
    said = _said(campaign, group)
    if said > 0:
        kind = CONTACT if _is_hint(match) else KNOWN if _is_known(campaign, group) else REMOVED
        return _told(kind, AD_WEIGHT * min(said, 1.15) * _closeness(match), _known(match, ad=True), match)
    if said < 0:
        if not match.likeness or match.new_keys:
            return None  # an ordinary text with somebody's number added is not the ordinary text
        weight = HAM_WEIGHT * min(-said, 1.0) * _closeness(match)
        return _told(HAM, weight, _known(match, ad=False), match)
    if campaign.labels:
        return None  # staff disagree
    if campaign.by_staff:
        return _told(STAFF, -1.0, _where(match), match) if match.likeness and not match.new_keys else None
    return _spread(match, now, group, member)


def _said(campaign: Campaign, group: str) -> float:
    """What staff and rules say taken together: about 1 or -1 where one of the group's own staff said so.

    Another group's word counts half, so that two groups must agree; a rule's removal counts less than a person's word.
    Of one group the ads or the others weigh, whichever more say.
    """
    total = 0.0
    for name in {label.group for label in campaign.labels}:
        theirs = [label for label in campaign.labels if label.group == name]
        votes = sum((1.0 if label.ad else -1.0) for label in theirs if not label.bot)
        if any(label.bot and label.ad for label in theirs):
            votes += _RULES_VOTE  # however many rules: they ask the same detector
        total += max(-1.0, min(1.0, votes)) * (1.0 if name == group else 0.5)
    return total


def _is_hint(match: Match) -> bool:
    return not match.likeness and _HINTS.issuperset(match.shared)


def _is_known(campaign: Campaign, group: str) -> bool:
    by_staff = {label.group for label in campaign.said_ad if not label.bot}
    return group in by_staff or len(by_staff) > 1


def _closeness(match: Match) -> float:
    """From 1 for the same words down to .6 for what is just alike; for keys alone what the best of them is worth."""
    by_keys = max((_KEY_WORTH[kind] for kind in match.shared), default=0.0)
    if not match.likeness:
        return by_keys
    if match.letters < SHORTEST:
        return max(0.5 if match.letters >= SHORTEST // 2 else 0.2, by_keys)
    return max(min(1.0, 0.6 + 0.4 * (match.likeness - 0.65) / 0.3), by_keys)


def _spread(match: Match, now: datetime, group: str, member: str) -> Recurrence | None:
    """Several members in several groups at once are a campaign; a group that repeats itself is a habit."""
    posters = match.campaign.posters
    others = [poster for poster in posters if poster.member != member]
    tied = bool(match.shared)
    if not others:
        return _own(match, posters, group) if posters else None
    recent = [poster for poster in others if now - poster.last <= _AT_ONCE]
    members = {poster.member for poster in recent} | {member}
    groups = {poster.group for poster in recent} | {group}
    new = sum(poster.newcomer for poster in recent)
    if len(groups) < 2:
        if not (tied and new >= 2):
            return None
        return _told(SPREADING, 1.0, _where(match), match)
    if len(members) < 3 and not (tied and new):
        return _told(SPREADING, 0.5, _where(match), match) if tied else None
    weight = min(2.0, 0.5 + 0.25 * (len(members) - 2) + 0.25 * (len(groups) - 2) + 0.5 * min(new, 2))
    return _told(SPREADING, weight * (1.5 if tied else 0.6), _where(match), match)


def _own(match: Match, posters: tuple[Poster, ...], group: str) -> Recurrence | None:
    groups = {poster.group for poster in posters} | {group}
    copies = sum(poster.copies for poster in posters)
    if len(groups) > 1:
        return _told(OWN, 0.8 if match.shared else 0.3, _where(match), match)
    return _told(OWN, 0.3, _where(match), match) if copies >= 2 else None


def _told(kind: str, weight: float, detail: str, match: Match) -> Recurrence:
    return Recurrence(kind, round(weight, 3), detail, match.campaign.message)


def _known(match: Match, *, ad: bool) -> str:
    labels = match.campaign.said_ad if ad else match.campaign.said_ham
    return f"{_where(match)}, 🏷 {max(label.at for label in labels):%Y-%m-%d}"


def _where(match: Match) -> str:
    """How much it is like what, since when that is known and how often it came, in signs: staff read many languages."""
    campaign = match.campaign
    how = f"{match.likeness:.0%} ≈" if match.likeness else " + ".join(_SIGNS[kind] for kind in match.shared) + " ="
    told = f"{how} {campaign.message or campaign.group}, {campaign.first:%Y-%m-%d %H:%M}"
    if not campaign.posters:
        return told
    people = len({poster.member for poster in campaign.posters})
    places = len({poster.group for poster in campaign.posters})
    return f"{told}, {campaign.copies}× 👤{people} 👥{places}"
