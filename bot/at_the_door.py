"""What somebody writes to the bot alone who wants to come in by a word: it comes to the first group that has room.

Who is known in one of the groups behind the door comes to that one, which says how they stand.
"""

from sqlalchemy import Connection

from bot.at_the_gate import answer_at_gate
from bot.setup import Setup
from rules.doors import BY_WORD, FRIEND, FULL, Door, door_for, is_word_of, with_room
from rules.events import Event, JoinRequested, MessagePosted, ScheduleFired
from rules.folding import says
from rules.onboarding import DOOR, doors_of, gates_of
from rules.outcome import read_outcome
from rules.rulebook import OFF
from rules.state import MemberState
from rules.values import Group, Member
from storage import lookups, states


def heard_alone(event: Event, conn: Connection, setup: Setup) -> Event | None:
    """What somebody says to the bot alone, as it comes to the group that it is about: an answer, or a request.

    Whoever is asked answers; only a door's very word is no answer, unless it happens to be a right one.
    """
    answer = answer_at_gate(event, conn, setup)
    if answer is not None and not _asks_again(event, setup):
        return answer
    if isinstance(event, ScheduleFired):
        return _befriended(event, conn, setup)
    if event.group.kind != "private" or not isinstance(event, MessagePosted):
        return None
    message = event.message
    if message.command is not None or not message.is_talk or message.author.is_bot:
        return None
    door = door_for(message.text, doors_on(event.group.id, setup))
    return _request(event, message.author, message.text, door, conn, setup) if door is not None else None


def doors_on(chat: str, setup: Setup) -> list[Door]:
    """The doors into groups of the platform on which a chat is."""
    here = chats_on(chat, setup)
    return [door for door in doors_of(setup.config) if any(key in here for key in door.groups)]


def chats_on(chat: str, setup: Setup) -> dict[str, str]:
    """The configured groups of the platform on which a chat is: their ids by their keys."""
    platform = chat.partition(":")[0]
    books = (book.settings for book in setup.rulebook.groups.values())
    return {settings.key: settings.chat for settings in books if settings.platform == platform}


def _befriended(event: ScheduleFired, conn: Connection, setup: Setup) -> JoinRequested | None:
    """Somebody is a friend now who said a door's word when they asked for it: now they can be asked."""
    if event.name != FRIEND or event.subject is None or read_outcome(event.data).state != "sent":
        return None
    onboarding, _, name = event.schedule.partition("#")[2].partition("/")
    door = next((each for each in doors_on(event.group.id, setup) if each.onboarding == onboarding), None)
    return _request(event, Member(event.subject, name), "", door, conn, setup) if door is not None else None


def _asks_again(event: Event, setup: Setup) -> bool:
    """Whether somebody who is being asked writes the door's word once more."""
    if not isinstance(event, MessagePosted) or not is_word_of(event.message.text, doors_on(event.group.id, setup)):
        return False
    right = (answer for gate in gates_of(setup.config).values() for answer in gate.gate.answer_any)
    return not any(says(event.message.text, answer) for answer in right)


def _request(
    event: Event, member: Member, text: str, door: Door, conn: Connection, setup: Setup
) -> JoinRequested | None:
    chats = _open(door, chats_on(event.group.id, setup), setup)
    if not chats:
        return None
    known = states.load_members(conn, [(chat, member.id) for chat in chats.values()])
    here = next((chat for test in _STANDS for (chat, _), state in sorted(known.items()) if test(state)), None)
    chat = here or with_room(door, chats, lookups.members_of(conn, chats.values()))
    return JoinRequested(
        id=f"{event.id}/door/{door.onboarding}",
        group=Group(chat or next(iter(chats.values()))),
        at=event.at,
        member=member,
        note=text,
        source=BY_WORD if chat is not None else FULL,
    )


def _open(door: Door, here: dict[str, str], setup: Setup) -> dict[str, str]:
    """The groups behind a door in which it is not switched off, in order."""
    rule = setup.rulebook.rule(f"{door.onboarding}.{DOOR}")
    if rule is None:
        return {}
    return {key: here[key] for key in door.groups if key in here and rule.modes.get(key, rule.mode) != OFF}


def _waits(state: MemberState) -> bool:
    return state.gate is not None and state.gate.request and state.gate.is_open


_STANDS = (
    lambda state: state.banned,
    _waits,
    lambda state: state.removed_at is not None,
    lambda state: state.is_in,
)
"""By what somebody comes to a group behind a door whether it has room or not, the weightiest first."""
