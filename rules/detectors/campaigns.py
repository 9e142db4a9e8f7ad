"""The campaign memory: which messages are copies of one another, who posted them where, and what was said of them."""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from rules.detectors import sightings
from rules.detectors.keys import kind_of
from rules.detectors.nearby import NearPictures, NearTexts
from rules.detectors.sightings import Campaign, Label, Match, Poster
from rules.detectors.sketch import Sketch, kept

MOST_CAMPAIGNS = 50_000
_MOST_EVENTS = 10_000
_MOST_PICTURES = 20_000
_A_DAY = timedelta(days=1)
_SEVERAL = 3
_FEWEST_MARKS = 4
_MOST_OF = 0.75  # of an advertisement's marks make a message one that holds it
_BY_KEYS = 0.6  # how alike two messages count as that share a way to get in touch, though not the words


class CampaignMemory:
    """What was posted, bounded: when it is full, what was seen once goes first, what was labelled last, oldest first.

    Not safe for several threads: ``bot.detection.campaigns`` guards it. What it gives out is frozen.
    """

    def __init__(self, most: int = MOST_CAMPAIGNS) -> None:
        self._texts = NearTexts(most)
        self._pictures = NearPictures(min(most, _MOST_PICTURES))
        self._campaigns: dict[int, Campaign] = {}  # by place
        self._places: dict[int, int] = {}  # by campaign id
        self._free = list(range(most, 0, -1))
        self._exact: dict[int, int] = {}
        self._keys: dict[int, int] = {}
        self._marks: dict[int, int] = {}  # of what was said to be an advertisement
        self._cleared: dict[int, dict[int, bool]] = {}  # keys of ordinary messages, by place: whether somebody said so
        # Places by when they were seen last: said once, posted again, labelled. Each may use so much when it is full.
        self._tiers: tuple[OrderedDict[int, None], ...] = (OrderedDict(), OrderedDict(), OrderedDict())
        self._shares = (most // 4, most // 4, 0)
        self._asked: tuple[Sketch | None, list[tuple[int, float]]] = (None, [])  # a message is matched, then counted
        self._events: OrderedDict[int, int] = OrderedDict()  # counted ones, and the campaign of each

    def __len__(self) -> int:
        return len(self._campaigns)

    def __iter__(self) -> Iterator[Campaign]:
        return iter(tuple(self._campaigns.values()))

    def get(self, id_: int) -> Campaign | None:
        """A campaign by its id."""
        place = self._places.get(id_)
        return None if place is None else self._campaigns[place]

    def match(self, sketch: Sketch) -> Match | None:
        """The campaign that a message repeats: what somebody said something of, then the likest, then the commonest."""
        best: Match | None = None
        best_rank: tuple[float, ...] = ()
        for place, likeness in self._alike(sketch):
            campaign = self._campaigns[place]
            shared = self._shared(sketch, campaign)
            if not likeness and not shared:
                continue
            new_keys = any(key not in campaign.sketch.keys and key not in campaign.ad_keys for key in sketch.keys)
            telling = bool(campaign.said_ad) or bool(campaign.labels and likeness and not new_keys)
            rank = (float(telling), likeness or _BY_KEYS, campaign.copies)
            if rank > best_rank:
                best_rank = rank
                best = Match(campaign, likeness, shared, new_keys, sketch.letters)
        return best

    def see(
        self,
        sketch: Sketch,
        group: str,
        member: str,
        at: datetime,
        event_id: str,
        *,
        message: str | None = None,
        newcomer: bool = False,
        staff: bool = False,
    ) -> tuple[int, ...]:
        """Count a message, once for each event: the ids of the campaigns that it belongs to.

        These are its own words' and those of the contacts and pictures in it. A short text alone is none.
        """
        event = sightings.event_hash(event_id)
        if event in self._events:
            return ()
        alike = self._alike(sketch)
        places = [place for place, likeness in alike if likeness][:1]
        others = [place for place, likeness in alike if not likeness]
        poster = Poster(group, member, at, at, newcomer=newcomer, staff=staff, event=event)
        added = None
        if not places and (sketch.grams or sketch.keys or sketch.pictures):
            added = self._add(Campaign(event, kept(sketch), at, at, group, message, 1, (poster,)))
            places.append(added)
            others = [place for place in others if place != added]  # whose place it took, the memory being full
        places += others
        for place in places:
            if place != added:
                self._put(place, sightings.counted(self._campaigns[place], poster))
        ids = tuple(self._campaigns[place].id for place in places)
        self._note(event, ids[0] if ids else 0)
        return ids

    def label(
        self, sketch: Sketch, ad: bool | None, by: str, group: str, at: datetime, *, bot: bool = False
    ) -> int | None:
        """Note what ``by`` says of a message, None to take it back: the id of the campaign, made if need be."""
        place = self._labelled_by(sketch, group, by) if ad is None else self._of_label(sketch, ad)
        if place is None:
            if ad is None or not sketch:
                return None
            id_ = sightings.event_hash(f"label:{sketch.packed().hex()}")
            place = self._add(Campaign(id=id_, sketch=kept(sketch), first=at, last=at, group=group))
        campaign = self._campaigns[place]
        if ad is None:
            campaign = sightings.unlabelled(campaign, group, by)
        else:
            keys = tuple(key for key in sketch.keys if not self._is_common(key, place))
            campaign = sightings.labelled(campaign, Label(group, by, ad, at, bot), keys)
        self._put(place, campaign)
        return campaign.id

    def load(self, campaigns: Iterable[Campaign]) -> None:
        """Know what was stored. Those seen last come last, so that they are the ones that stay."""
        for campaign in campaigns:
            place = self._places.get(campaign.id)
            if place is None:
                self._add(campaign)
            else:
                self._put(place, campaign)
            for poster in campaign.posters:
                self._note(poster.event, campaign.id)

    def forget(self, group: str, member: str) -> None:
        """Name a member of a group in no campaign any more."""
        for place, campaign in self._campaigns.items():
            self._campaigns[place] = sightings.without_member(campaign, group, member)

    def moved(self, old: str, new: str) -> None:
        """A group has another id from now on."""
        for place, campaign in self._campaigns.items():
            self._campaigns[place] = sightings.moved(campaign, old, new)

    def drop_before(self, at: datetime) -> int:
        """Let go of the campaigns that were seen last before a moment; how many."""
        old = [place for place, campaign in self._campaigns.items() if campaign.last < at]
        for place in old:
            self._drop(place)
        return len(old)

    def _alike(self, sketch: Sketch) -> list[tuple[int, float]]:
        """Places with the likeness of the words, 0 where only a key or a picture is shared; the likest first."""
        if self._asked[0] is sketch:
            return self._asked[1]
        found: dict[int, float] = {}
        if sketch.exact and (place := self._exact.get(sketch.exact)) is not None:
            found[place] = 1.0
        if sketch.grams:
            for near, likeness in self._texts.find(sketch.grams):
                found.setdefault(near, likeness)
        for key in sketch.keys:
            if (place := self._keys.get(key)) is not None:
                found.setdefault(place, 0.0)
        for value in sketch.pictures:
            for near, _ in self._pictures.find(value):
                found.setdefault(near, 0.0)
        for near in self._within(sketch):
            found.setdefault(near, 0.0)
        self._asked = (sketch, list(found.items()))
        return self._asked[1]

    def _within(self, sketch: Sketch) -> list[int]:
        """The places of advertisements that stand in a message among other words."""
        if not self._marks or not sketch.runs:
            return []
        met = Counter(place for run in sketch.runs if (place := self._marks.get(run)) is not None)
        return [
            place
            for place, count in met.items()
            if count >= _FEWEST_MARKS and count >= _MOST_OF * len(self._campaigns[place].sketch.marks)
        ]

    def _of_label(self, sketch: Sketch, ad: bool) -> int | None:
        """The place that a label belongs to: the same words', or near copies of which nobody says otherwise."""
        for place, likeness in self._alike(sketch):
            campaign = self._campaigns[place]
            if likeness == 1.0 or (not likeness and not sketch.exact):
                return place
            if likeness and not (campaign.said_ham if ad else campaign.said_ad):
                return place
        return None

    def _labelled_by(self, sketch: Sketch, group: str, by: str) -> int | None:
        for place, likeness in self._alike(sketch):
            said = any((label.group, label.by) == (group, by) for label in self._campaigns[place].labels)
            if said and (likeness or not sketch.exact):
                return place
        return None

    def _shared(self, sketch: Sketch, campaign: Campaign) -> tuple[str, ...]:
        """The kinds of what both have and no ordinary message has."""
        theirs = campaign.ad_keys if campaign.said_ad else campaign.sketch.keys
        staff_said = any(not label.bot for label in campaign.said_ad)
        kinds = {kind_of(key): None for key in sketch.keys if key in theirs and not self._is_cleared(key, staff_said)}
        if sketch.pictures and campaign.sketch.pictures:
            near = {place for value in sketch.pictures for place, _ in self._pictures.find(value)}
            if self._places.get(campaign.id) in near:
                kinds["picture"] = None
        if sketch.runs and campaign.said_ad and self._places.get(campaign.id) in self._within(sketch):
            kinds["passage"] = None
        return tuple(kinds)

    def _is_common(self, key: int, place: int) -> bool:
        """Whether several members have given a key in other words for days, and nobody minded."""
        owner = self._keys.get(key, place)
        campaign = self._campaigns[owner]
        if owner == place or campaign.said_ad or campaign.last - campaign.first < _A_DAY:
            return False
        return len({poster.member for poster in campaign.posters}) >= _SEVERAL

    def _is_cleared(self, key: int, staff_said: bool) -> bool:
        """Whether a key is one of ordinary messages: as was said, or (unless staff said otherwise) as staff use it."""
        clearing = self._cleared.get(key)
        return clearing is not None and (not staff_said or any(clearing.values()))

    def _add(self, campaign: Campaign) -> int:
        self._asked = (None, [])
        if not self._free:
            self._drop(self._least())
        place = self._free.pop()
        self._places[campaign.id] = place
        sketch = campaign.sketch
        if sketch.exact:
            self._exact[sketch.exact] = place
        if sketch.grams:
            self._texts.put(place, sketch.grams)
        for value in sketch.pictures:
            self._pictures.put(place, value)
        for key in sketch.keys:
            self._keys.setdefault(key, place)
        self._put(place, campaign)
        return place

    def _put(self, place: int, campaign: Campaign) -> None:
        """Have a campaign at its place, as the one that was seen last."""
        before = self._campaigns.get(place)
        self._campaigns[place] = campaign
        if campaign.labels or campaign.by_staff or (before is not None and (before.labels or before.by_staff)):
            self._weigh(place, campaign)
        tier = 2 if campaign.labels else int(campaign.copies > 1)
        for other in self._tiers if before is not None else ():
            other.pop(place, None)
        self._tiers[tier][place] = None

    def _weigh(self, place: int, campaign: Campaign) -> None:
        """Have what was said of a campaign count for its keys and marks."""
        self._unclear(place)
        ad = bool(campaign.said_ad)
        for key in campaign.ad_keys:
            self._keys[key] = place
        for mark in campaign.sketch.marks:
            if ad:
                self._marks[mark] = place
            elif self._marks.get(mark) == place:
                del self._marks[mark]
        said = bool(campaign.said_ham)
        if not ad and (said or campaign.by_staff):
            for key in campaign.sketch.keys:
                self._cleared.setdefault(key, {})[place] = said
        self._asked = (None, [])

    def _unclear(self, place: int) -> None:
        for key in self._campaigns[place].sketch.keys:
            clearing = self._cleared.get(key)
            if clearing is not None and clearing.pop(place, None) is not None and not clearing:
                del self._cleared[key]

    def _drop(self, place: int) -> None:
        self._asked = (None, [])
        self._unclear(place)
        campaign = self._campaigns.pop(place)
        del self._places[campaign.id]
        sketch = campaign.sketch
        if sketch.exact and self._exact.get(sketch.exact) == place:
            del self._exact[sketch.exact]
        if sketch.grams:
            self._texts.drop(place)
        if sketch.pictures:
            self._pictures.drop(place)
        for mark in sketch.marks:
            if self._marks.get(mark) == place:
                del self._marks[mark]
        for key in (*sketch.keys, *campaign.ad_keys):
            if self._keys.get(key) == place:
                del self._keys[key]
        for tier in self._tiers:
            tier.pop(place, None)
        self._free.append(place)

    def _least(self) -> int:
        for tier, share in zip(self._tiers, self._shares, strict=True):
            if len(tier) > share:
                return next(iter(tier))
        raise AssertionError("a full memory that holds nothing")

    def _note(self, event: int, campaign: int) -> None:
        self._events[event] = campaign
        if len(self._events) > _MOST_EVENTS:
            self._events.popitem(last=False)
