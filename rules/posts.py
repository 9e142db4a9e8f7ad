"""What the bot posts to a whole group: digests, the leaderboard, the group's rules. Empty sections are left out."""

from collections.abc import Sequence
from datetime import date, timedelta

from rules.digest import Digest, Quoted, Ranked
from rules.facts import GroupSettings
from rules.text import Param, Text, key
from rules.wording import excerpt, plain_name, spoken_day

MEDALS = ("🥇", "🥈", "🥉")
MOST = 5
"""Lines in a section of a digest."""
QUOTE = 60
"""Characters of a message quoted in a digest."""


def digest_text(digest: Digest, period: str, settings: GroupSettings, group: str = "") -> Text:
    """A digest as it is posted; ``group`` is what to call the group. Where nothing happened, it says so."""
    last_day = spoken_day(date.fromisoformat(settings.day(digest.until - timedelta(microseconds=1))))
    title = key(f"digest.title_{period}", group=group or settings.name or settings.key, date=last_day)
    sections = [*_figures(digest), *_lists(digest)]
    if not sections:
        sections = [key("digest.nothing")]
    return _lines([title, *sections], apart=True)


def leaderboard_text(digest: Digest, period: str, top: int = 10) -> Text:
    """Who took part most in a digest's stretch of time."""
    if not digest.top:
        return key("leaderboard.empty")
    return key(f"leaderboard.title_{period}", items=ranked(digest.top[:top]))


def house_rules_text(house_rules: Sequence[str], form: str, params: dict[str, Param]) -> Text:
    """The group's rules from their copy keys, as ``rules.short`` or ``rules.full``; ``params`` is filled in each."""
    return Text(key=f"rules.{form}", params={**params, "rules": rules_alone(house_rules, params)})


def agenda_text(agenda: Sequence[tuple[str, str]]) -> Param:
    """What is on in the group day by day, a line each."""
    return tuple(key("house.on", time=time, text=what) for time, what in agenda) or key("house.nothing_on")


def rules_alone(house_rules: Sequence[str], params: dict[str, Param]) -> Param:
    """The group's rules without a heading, a line each."""
    items = tuple(
        key("house.item", number=number, text=Text(key=name, params=params))
        for number, name in enumerate(house_rules, start=1)
    )
    return items or key("house.none")


def ranked(members: Sequence[Ranked]) -> tuple[Text, ...]:
    """Members in their order, with medals for the first three."""
    return tuple(
        key(
            "digest.ranked",
            place=MEDALS[place] if place < len(MEDALS) else f"{place + 1}.",
            name=plain_name(member.name) or member.member.rpartition(":")[2],
            count=member.count,
        )
        for place, member in enumerate(members)
    )


def _figures(digest: Digest) -> list[Text]:
    lines: list[Text] = []
    if digest.messages == 1:
        lines.append(key("digest.message_one"))
    elif digest.messages and digest.active_members == 1:
        lines.append(key("digest.messages_one", count=digest.messages))
    elif digest.messages:
        lines.append(key("digest.messages", count=digest.messages, total=digest.active_members))
    if digest.busiest_hour is not None and digest.messages > MOST:
        lines.append(key("digest.busiest", time=f"{digest.busiest_hour:02d}:00"))
    if digest.new_members:
        lines.append(
            key("digest.new_member" if digest.new_members == 1 else "digest.new_members", count=digest.new_members)
        )
    if digest.checkins:
        lines.append(key("digest.checkins", count=digest.checkins))
    return [_lines(lines)] if lines else []


def _lists(digest: Digest) -> list[Text]:
    sections = (
        ("digest.top", ranked(digest.top[:MOST])),
        ("digest.most_replied", _quotes(digest.most_replied)),
        ("digest.introductions", _quotes(digest.introductions)),
        ("digest.links", tuple(key("digest.linked", link=link) for link in digest.links[:MOST])),
        ("digest.unanswered", _quotes(digest.unanswered, counted=False)),
    )
    return [key(name, items=items) for name, items in sections if items]


def _quotes(quoted: Sequence[Quoted], *, counted: bool = True) -> tuple[Text, ...]:
    lines = []
    for quote in quoted[:MOST]:
        name = "digest.quoted"
        if counted and quote.count:
            name = "digest.quoted_once" if quote.count == 1 else "digest.quoted_count"
        lines.append(key(name, name=plain_name(quote.name), text=excerpt(quote.text, QUOTE), count=quote.count))
    return tuple(lines)


def _lines(parts: Sequence[Text], *, apart: bool = False) -> Text:
    """Texts one a line, or one a paragraph."""
    items: list[Text] = []
    for part in parts:
        if items and apart:
            items.append(Text(literal=""))
        items.append(part)
    return Text(literal="{items}", params={"items": tuple(items)})
