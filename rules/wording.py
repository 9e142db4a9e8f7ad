"""How actions put things: the operator's words or a text's key, with what may be filled in, told to whom it concerns.

What members write (names, messages) only ever becomes a parameter, never a template: so braces in a name stay braces.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Annotated

from msgspec.structs import replace
from pydantic import AfterValidator

from rules.capability import Capability
from rules.effects import Notice, SendPrivate, SendText
from rules.events import Event, member_of, message_of, subject_of
from rules.facts import Facts
from rules.placeholders import KNOWN, unknown_in
from rules.step import RuleContext
from rules.text import Param, Text, key
from rules.values import Button

BRIEF = timedelta(minutes=5)
"""How long a notice to one member stands in the group."""
EXCERPT = 200
"""Characters of a message that are quoted to staff."""

_KEY = re.compile(r"[a-z_]+(\.[\w-]+)+")


def is_key(text: str) -> bool:
    """Whether a text in the file names a text of the copy library, rather than being one."""
    return _KEY.fullmatch(text) is not None


def _known(text: str) -> str:
    for name in unknown_in(text):
        near = get_close_matches(name, KNOWN, 1)
        advice = f"did you mean `{{{near[0]}}}`?" if near else f"known are {', '.join(sorted(KNOWN))}"
        raise ValueError(f"nothing fills in `{{{name}}}`; {advice}")
    return text


Words = Annotated[str, AfterValidator(_known)]
"""A pydantic field for something to say: a text's key (``rules.no_ads``), or the words themselves."""


def copy_keys(*texts: str | None) -> Iterable[tuple[str, str]]:
    """What a step refers to by these texts, for ``Step.refers``."""
    return [("copy", text) for text in texts if text is not None and is_key(text)]


def wording(text: str, event: Event, facts: Facts, rule: RuleContext, **more: Param) -> Text:
    """A text of the file, with everything that may be filled in."""
    params = filling(event, facts, rule, **more)
    return Text(key=text, params=params) if is_key(text) else Text(literal=text, params=params)


def filling(event: Event, facts: Facts, rule: RuleContext, **more: Param) -> dict[str, Param]:
    """What every text may hold: the member's, group's and rule's names, the day; and ``more``."""
    return {
        "name": name_of(event, facts),
        "group": group_name(event, facts),
        "chat": facts.settings.key,
        "rule": rule.name or rule.id,
        "date": facts.today,
        **rule.params,
        **more,
    }


def name_of(event: Event, facts: Facts) -> str:
    """What to call the member an event is about."""
    member = member_of(event)
    state = facts.member
    names = (member.name, member.username) if member is not None else ()
    for name in (*names, state.name, state.username):
        if name and (shown := plain_name(name)):
            return shown
    return (member.id if member is not None else state.id).rpartition(":")[2]


def group_name(event: Event, facts: Facts) -> str:
    """What to call the group."""
    return facts.settings.name or event.group.name or facts.group.name or facts.settings.key


def listed(names: Sequence[str], facts: Facts) -> str:
    """Names one after the other, as the group's language does it."""
    return ("、" if facts.settings.language.startswith(("zh", "ja")) else ", ").join(names)


def gathered(names: Sequence[str], most: int, facts: Facts) -> Param:
    """Several people in a sentence: at most so many by name, the rest by their number."""
    named = names[:most]
    others = len(names) - len(named)
    if not named:
        return key("welcome.unnamed", count=len(names))
    if not others:
        return listed(named, facts)
    return key(
        "welcome.names_one_more" if others == 1 else "welcome.names_more", names=listed(named, facts), others=others
    )


def local_time(moment: datetime, facts: Facts) -> str:
    """A moment on the group's wall clock: the time alone where it is today."""
    local = facts.settings.local(moment)
    return f"{local:%H:%M}" if local.date() == facts.local_now.date() else f"{local:%Y-%m-%d %H:%M}"


def spoken_day(day: date) -> Text:
    """A day of this year as people say it: `9 October`."""
    return key(f"date.month_{day.month}", day=day.day)


def spoken(duration: timedelta) -> Text:
    """A duration in words, in its largest whole unit; more than two hours and a part in hours and minutes."""
    seconds = int(duration.total_seconds())
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= size and seconds % size == 0 and not (unit == "minutes" and seconds > 7200):
            count = seconds // size
            return key(f"duration.{unit if count > 1 else unit[:-1]}", count=count)
    if seconds < 60:
        return key("duration.seconds", count=seconds)
    return key("duration.mixed", hours=seconds // 3600, minutes=seconds % 3600 // 60)


def plain_name(name: str) -> str:
    """A member's name fit to stand in a sentence: on one line, of bearable length, without invisible characters."""
    seen = "".join(sign for sign in name if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs"))
    shown = " ".join(seen.split())
    return shown if len(shown) <= 64 else shown[:63] + "…"


def excerpt(text: str, most: int = EXCERPT) -> str:
    """The first words of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def standing_name(name: str, since: datetime) -> str:
    """The name of a message that is kept up to date (``SendText.running``), and of no other than the one of then."""
    return f"{name}/{int(since.timestamp())}"


def whole_seconds(duration: timedelta | None) -> int | None:
    """A duration as effects have it."""
    return None if duration is None else int(duration.total_seconds())


def topic_of(event: Event, facts: Facts) -> str | None:
    """The thread of the group in which to speak: the message's own, else the configured one."""
    message = message_of(event)
    return message.topic if message is not None else facts.settings.topic


def notice(event: Event, facts: Facts, text: Text, stands: timedelta | None = BRIEF) -> SendText:
    """A word in the group to the member concerned, who is mentioned. It deletes itself after ``stands``.

    It is no reply: the message it is about may be deleted by then.
    """
    subject = subject_of(event)
    return SendText(
        group=event.group.id,
        text=text,
        mentions=(subject,) if subject else (),
        mention_names=(name_of(event, facts),) if subject else (),
        topic=topic_of(event, facts),
        delete_after=whole_seconds(stands),
    )


def tell(
    event: Event, facts: Facts, private: Text, public: Text, stands: timedelta | None = BRIEF
) -> SendText | SendPrivate:
    """A word to the member concerned: alone where the platform can, else (or where that fails) briefly in the group."""
    subject = subject_of(event)
    aloud = notice(event, facts, public, stands)
    if subject is None or not facts.can(Capability.SEND_PRIVATE):
        return aloud
    return SendPrivate(group=event.group.id, member=subject, text=private, otherwise=aloud)


def telling(
    sent: SendText | SendPrivate, of: str, member: str, gist: Text | None = None, aloud: Text | None = None
) -> SendText | SendPrivate:
    """The same word, marked as what tells a member of a step, so that several words to one member make one message.

    ``gist`` is what it says where it stands below another, ``aloud`` the same in the group.
    """
    if isinstance(sent, SendText):
        return replace(sent, notice=Notice(of, member, aloud))
    otherwise = sent.otherwise and replace(sent.otherwise, notice=Notice(of, member, aloud))
    return replace(sent, otherwise=otherwise, notice=Notice(of, member, gist))


def to_staff(facts: Facts, text: Text, buttons: tuple[Button, ...] = (), *, silent: bool = False) -> SendText | None:
    """A word in the staff room; None where there is none."""
    room = facts.settings.staff_chat
    return SendText(group=room, text=text, buttons=buttons, silent=silent) if room else None
