"""What is known of a campaign: who posted it where, and what was said of it. Frozen values, safe to hand about."""

from datetime import datetime
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from rules.detectors.sketch import Sketch

MOST_POSTERS = 32
MOST_LABELS = 16
MOST_AD_KEYS = 16


class Label(Struct, frozen=True):
    """What ``by`` said of a campaign in a group: an advertisement or none. ``bot``: a rule removed it."""

    group: str
    by: str
    ad: bool
    at: datetime
    bot: bool = False


class Poster(Struct, frozen=True):
    """A member who posted a campaign in a group: since when, how often, and whether they had just come or are staff."""

    group: str
    member: str
    first: datetime
    last: datetime
    copies: int = 1
    newcomer: bool = False
    staff: bool = False
    event: int = 0  # the hash of the last one's id, so that it is not counted again after a restart


class Campaign(Struct, frozen=True):
    """What was posted once or more: words, a picture or a way to get in touch, as known at a moment.

    ``group`` and ``message`` are where it was seen first. ``copies`` counts those of members who were forgotten, too.
    """

    id: int
    sketch: Sketch
    first: datetime
    last: datetime
    group: str
    message: str | None = None
    copies: int = 0
    posters: tuple[Poster, ...] = ()
    labels: tuple[Label, ...] = ()
    ad_keys: tuple[int, ...] = ()  # of every message that was said to be this advertisement

    @property
    def said_ad(self) -> tuple[Label, ...]:
        """Who says that it is an advertisement."""
        return tuple(label for label in self.labels if label.ad) if self.labels else ()

    @property
    def said_ham(self) -> tuple[Label, ...]:
        """Who says that it is none."""
        return tuple(label for label in self.labels if not label.ad) if self.labels else ()

    @property
    def by_staff(self) -> bool:
        """Whether one of the staff posted it themselves."""
        return True in [poster.staff for poster in self.posters]

    @property
    def worth_keeping(self) -> bool:
        """Whether it is more than something that somebody said once."""
        return bool(self.labels or self.copies > 1 or self.sketch.keys)


class Match(Struct, frozen=True):
    """An earlier campaign that a message repeats.

    ``likeness`` is that of the words: 1 for the same letters, 0 where only keys or a picture are ``shared`` (their
    kinds). ``new_keys``: the message gives a way to get in touch that the campaign did not.
    """

    campaign: Campaign
    likeness: float = 0.0
    shared: tuple[str, ...] = ()
    new_keys: bool = False
    letters: int = 0


def event_hash(event_id: str) -> int:
    """63 bits that stand for an event's id."""
    return int.from_bytes(blake2b(event_id.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1


def counted(campaign: Campaign, poster: Poster) -> Campaign:
    """The campaign with one more copy by this poster; the poster who was silent longest gives way."""
    others = []
    group, member = poster.group, poster.member
    for known in campaign.posters:
        if known.member == member and known.group == group:
            poster = replace(
                poster,
                first=min(known.first, poster.first),
                last=max(known.last, poster.last),
                copies=known.copies + poster.copies,
                newcomer=known.newcomer and poster.newcomer,
                staff=known.staff or poster.staff,
            )
        else:
            others.append(known)
    return replace(
        campaign,
        last=max(campaign.last, poster.last),
        copies=campaign.copies + 1,
        posters=(*others[-(MOST_POSTERS - 1) :], poster),
    )


def uncounted(campaign: Campaign, event: int) -> Campaign:
    """The campaign as it was before an event, if that was the last one of its poster."""
    poster = next((poster for poster in campaign.posters if poster.event == event), None)
    if poster is None:
        return campaign
    others = tuple(known for known in campaign.posters if known is not poster)
    posters = (*others, replace(poster, copies=poster.copies - 1)) if poster.copies > 1 else others
    return replace(campaign, posters=posters, copies=campaign.copies - 1)


def labelled(campaign: Campaign, label: Label, keys: tuple[int, ...]) -> Campaign:
    """The campaign with this label, in place of what the same person said before in the same group."""
    labels = (*_without(campaign, label.group, label.by), label)[-MOST_LABELS:]
    ad_keys = tuple(dict.fromkeys((*campaign.ad_keys, *keys)))[:MOST_AD_KEYS] if label.ad else campaign.ad_keys
    return _tidied(replace(campaign, labels=labels, ad_keys=ad_keys, last=max(campaign.last, label.at)))


def unlabelled(campaign: Campaign, group: str, by: str) -> Campaign:
    """The campaign without what somebody said of it in a group."""
    return _tidied(replace(campaign, labels=_without(campaign, group, by)))


def without_member(campaign: Campaign, group: str, member: str) -> Campaign:
    """The campaign in which a member of a group is named no more; the copies stay counted."""
    rest = tuple(p for p in campaign.posters if (p.group, p.member) != (group, member))
    return campaign if len(rest) == len(campaign.posters) else replace(campaign, posters=rest)


def moved(campaign: Campaign, old: str, new: str) -> Campaign:
    """The campaign after a group got another id, under which its members may be known already.

    The message keeps its id: the group counts anew, and another message has its number there.
    """
    known = (
        {campaign.group} | {poster.group for poster in campaign.posters} | {label.group for label in campaign.labels}
    )
    if old not in known:
        return campaign
    result = replace(
        campaign,
        group=new if campaign.group == old else campaign.group,
        labels=(),
        posters=(),
    )
    for label in campaign.labels:
        at = new if label.group == old else label.group
        result = replace(result, labels=(*_without(result, at, label.by), replace(label, group=at)))
    for poster in campaign.posters:
        result = counted(result, replace(poster, group=new) if poster.group == old else poster)
    return replace(result, copies=campaign.copies)


def _without(campaign: Campaign, group: str, by: str) -> tuple[Label, ...]:
    return tuple(label for label in campaign.labels if (label.group, label.by) != (group, by))


def _tidied(campaign: Campaign) -> Campaign:
    return campaign if campaign.said_ad or not campaign.ad_keys else replace(campaign, ad_keys=())
