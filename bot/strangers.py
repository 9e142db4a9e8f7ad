"""Those who turn to the bot's own account: who asks to be its friend, or invites it into a group (``contacts:``).

What is accepted is answered by way of their private talk, which is none that is remembered. What is not stays
unanswered, as a person would leave it, and comes to the staff room as a time of its own, which no rule of a file hears.
"""

from sqlalchemy import Connection

from bot.at_the_door import chats_on, doors_on
from bot.setup import Setup
from rules import strangers as s
from rules.doors import FRIEND, Door, door_for
from rules.effects import AnswerJoinRequest, Lane, Report
from rules.events import Event, JoinRequested, ScheduleFired
from rules.facts import Facts
from rules.state import Stranger
from rules.values import Group
from storage import states
from storage.outbox import Delivery

RULE = "contacts"
"""By which rule such an answer is recorded."""
FRIENDSHIP, INVITATION = "friendship", "invitation"


def is_strangers(event: Event) -> bool:
    """Whether somebody asks something of the bot's account itself."""
    return isinstance(event, JoinRequested) and event.group.kind == "private"


def accepted(event: Event, conn: Connection, setup: Setup) -> list[Delivery]:
    """The answer to what is accepted; nothing where it is not."""
    if not isinstance(event, JoinRequested) or not is_strangers(event):
        return []
    door = door_for(event.note, doors_on(event.group.id, setup)) if event.source == FRIENDSHIP else None
    if not _accepts(event, door, conn, setup):
        return []
    member = event.member
    name = f"{FRIEND}#{door.onboarding}/{member.name}" if door is not None else ""
    effect = AnswerJoinRequest(
        group=event.group.id,
        member=member.id,
        approve=True,
        request=event.request,
        report=Report(name, member.id) if door is not None else None,
    )
    lane, at = Lane.MODERATION, event.at
    return [
        Delivery(event=event.id, position=0, group=effect.group, lane=lane, effect=effect, rule=RULE, created_at=at)
    ]


def left_waiting(event: Event, setup: Setup) -> ScheduleFired | None:
    """What staff are told of somebody who was not accepted, as it comes to their room.

    None where there is no such room, and where nobody knows what was asked.
    """
    rooms = (book.settings.staff_chat for book in setup.rulebook.groups.values())
    room = next((room for room in rooms if room is not None), None)
    if room is None or not isinstance(event, JoinRequested) or event.source not in (FRIENDSHIP, INVITATION):
        return None
    told = Stranger(event.member.id, event.member.name, event.source, event.note)
    return ScheduleFired(
        id=f"{event.id}/waits",
        group=Group(room),
        at=event.at,
        schedule=s.WAITS,
        due=event.at,
        data=s.encoded(told),
    )


def _accepts(event: JoinRequested, door: Door | None, conn: Connection, setup: Setup) -> bool:
    spec = setup.config.contacts
    if event.source == FRIENDSHIP:
        friends = spec.accept_friends or "with_keyword"  # without a door nobody can say its word
        return friends == "always" or (friends == "with_keyword" and door is not None)
    if event.source != INVITATION:
        return False
    if spec.accept_invitations == "staff":
        return _is_staff(event, conn, setup)
    return spec.accept_invitations == "always"


def _is_staff(event: JoinRequested, conn: Connection, setup: Setup) -> bool:
    """Whether they hold a role that may do something, in one of the groups of this platform."""
    chats = chats_on(event.group.id, setup).values()
    known = states.load_members(conn, [(chat, event.member.id) for chat in chats])
    groups = states.load_groups(conn, chats)
    for (chat, _), state in known.items():
        book = setup.rulebook.group(chat)
        if book is None:
            continue
        facts = Facts(now=event.at, settings=book.settings, group=groups[chat], member=state)
        if setup.rulebook.roles_of(facts)[1]:
            return True
    return False
