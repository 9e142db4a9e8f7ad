"""From an opinion to a decision: what the group's settings and the member's record make of a detector's evidence.

The detector's verdict is about the message. Who wrote it, where, and what the operator allows is weighed here, purely,
when a rule asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from rules.contacts import FoundContact
from rules.detectors.judging import log_odds, probability
from rules.detectors.opinion import reach
from rules.detectors.settings import AdSettings
from rules.detectors.trust import is_trusted
from rules.errors import NotKnownYet
from rules.events import Event, MessageEdited
from rules.facts import Facts
from rules.links import FoundLink, address_of, covered
from rules.verdict import Reason, Verdict

COLD = "cold"
"""The kind of reason by which a detector says that it has not seen enough of the group yet; its detail is `57/200`."""
KNOWN = frozenset({"campaign.known", "taught.ad"})
"""Reasons that staff gave themselves: they hold in a group that is not warm yet, and for everybody."""
NEVER_TRUSTED = (
    *("qr", "campaign", "origin", "button", "file", "contact", "media.card", "link.hidden", "link.disguised", "joined"),
)
"""Kinds of evidence that are looked at whoever sends it (with all that stands below them)."""
FOREIGN = (
    *("contact.wechat", "contact.qq", "contact.phone", "contact.whatsapp", "contact.email", "contact.telegram"),
    *("contact.disguised", "contact.card", "media.card", "call.profile"),
)
"""Kinds of ways to get in touch that nothing the operator allows excuses. A mention (``contact.handle``) is none."""
SCAMS = (
    *("trade.gambling", "trade.loan", "trade.adult", "trade.crypto", "trade.invest", "trade.job", "trade.documents"),
    *("trade.invoice", "trade.drugs", "trade.traffic", "trade.prize", "campaign", "taught.ad"),
)
"""Kinds that are unwanted in a marketplace, too."""
TRUSTED = -3.0
MARKET = -2.5


@dataclass(frozen=True, slots=True)
class Weighed:
    """The probability that counts, and why it differs from the detector's (a key of ``seen``, or empty).

    ``reach`` is by how much an opinion that is awaited may change its log-odds, downwards and upwards.
    """

    score: float
    because: str = ""
    reach: tuple[float, float] = (0.0, 0.0)

    def is_at_least(self, share: float) -> bool:
        """Whether it is so sure. Raises ``NotKnownYet`` where that is up to an opinion which is not there yet."""
        if self.awaits(share):
            raise NotKnownYet("an opinion is awaited")
        return self.score >= share

    def awaits(self, share: float) -> bool:
        """Whether it is up to an opinion that is not there yet whether it is so sure."""
        if self.reach == (0.0, 0.0):
            return False
        logit, (down, up) = log_odds(self.score), self.reach
        return probability(logit + down) < share <= probability(logit + up)


def weigh(verdict: Verdict, event: Event, facts: Facts) -> Weighed:
    """What a verdict on advertisements comes to in this group, for this member, now."""
    ads = facts.settings.ads
    kinds = [reason.kind for reason in verdict.reasons]
    if facts.member.id and facts.member.id in ads.allowed_members:
        return Weighed(0.0, "allowed_member")
    if any(_is_open(name, event, facts) for name in ads.windows):
        return Weighed(0.0, "window")
    known = not KNOWN.isdisjoint(kinds)
    if COLD in kinds and not known:
        return Weighed(0.0, "cold")
    if not known and _is_allowed(verdict, facts, ads):
        return Weighed(0.0, "allowed")
    logit, because = log_odds(verdict.score), ""
    if ads.marketplace and not any(_below(kind, SCAMS) for kind in kinds):
        logit, because = logit + MARKET, "marketplace"
    trusted = ads.trust is not None and not known and is_trusted(facts.member, event.at, ads.trust)
    if trusted and not _is_looked_at_anyway(event, kinds, facts, ads):
        logit, because = logit + TRUSTED, "trusted"
    if ads.shift:
        logit, because = logit + ads.shift, because or "sensitivity"
    score = probability(logit) if because else verdict.score
    return Weighed(score, because) if known else Weighed(score, because, reach(verdict))


def _is_open(name: str, event: Event, facts: Facts) -> bool:
    window = facts.settings.windows.get(name)
    return window is not None and window.contains(facts.settings.local(event.at))


def _is_allowed(verdict: Verdict, facts: Facts, ads: AdSettings) -> bool:
    """Whether the operator's list covers the message: whoever adds a foreign contact to it is not covered.

    The detector reads what is disguised better than the rules' own reading does, so both are asked.
    """
    if not ads.allowed_links and not ads.allowed_phrases:
        return False
    reading = facts.reading
    if _foreign(reading.links, ads) or _contacts(reading.contacts) or any(media.codes for media in reading.shown):
        return False
    if any(_is_foreign(reason, ads) for reason in verdict.reasons):
        return False
    if reading.links:
        return True
    return any(phrase in reading.folded for phrase in ads.allowed_phrases)


def _foreign(links: Iterable[FoundLink], ads: AdSettings) -> bool:
    return any(not covered(link, ads.allowed_links) for link in links)


def _is_foreign(reason: Reason, ads: AdSettings) -> bool:
    if reason.kind == "link.disguised":
        return _foreign(address_of(f"https://{reason.detail}"), ads)
    own_link = reason.kind == "contact.telegram" and "/" in reason.detail
    return not own_link and _below(reason.kind, FOREIGN)


def _contacts(contacts: tuple[FoundContact, ...]) -> bool:
    return any(contact.kind != "telegram" or "/" not in contact.words for contact in contacts)


def _is_looked_at_anyway(event: Event, kinds: list[str], facts: Facts, ads: AdSettings) -> bool:
    if isinstance(event, MessageEdited) or any(_below(kind, NEVER_TRUSTED) for kind in kinds):
        return True
    reading = facts.reading
    if _foreign(reading.links, ads) or reading.contacts:
        return True
    message = reading.message
    return message is not None and (message.forward is not None or message.elsewhere is not None)


def _below(kind: str, families: tuple[str, ...]) -> bool:
    return any(kind == family or kind.startswith(family + ".") for family in families)
