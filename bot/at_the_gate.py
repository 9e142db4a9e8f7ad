"""What somebody answers to the bot alone who asks to be let into a group: it comes to the gate of that group.

It goes there as a time of the gate's own, which no rule of a file can be for: they are not in the group, and what they
write to the bot is no message of it.
"""

from sqlalchemy import Connection

from bot.setup import Setup
from rules import gate as g
from rules.events import ButtonPressed, Event, MessagePosted, ScheduleFired, subject_of
from rules.state import AtGate
from rules.values import Group
from storage import lookups, states


def answer_at_gate(event: Event, conn: Connection, setup: Setup) -> ScheduleFired | None:
    """The event by which an answer comes to its gate; None for anything that is none."""
    answer = _answer(event)
    member = subject_of(event)
    if event.group.kind != "private" or answer is None or member is None:
        return None
    pressed = g.pressed(answer.data)
    chats = [chat for chat in lookups.groups_of(conn, member) if setup.rulebook.group(chat) is not None]
    known = states.load_members(conn, [(chat, member) for chat in chats])
    asked = [(gate, chat) for (chat, _), state in known.items() if (gate := _asked(state.gate)) is not None]
    if pressed is not None:
        asked = [(gate, chat) for gate, chat in asked if gate.challenge == pressed[0]]
    if not asked:
        return None
    gate, chat = max(asked, key=lambda each: each[0].at)
    return ScheduleFired(
        id=f"{event.id}/at/{chat}",
        group=Group(chat),
        at=event.at,
        schedule=g.timer(g.ANSWER, gate.challenge),
        due=event.at,
        subject=member,
        data=answer.encoded(),
    )


def _answer(event: Event) -> g.Answer | None:
    if isinstance(event, ButtonPressed):
        return g.Answer(data=event.data, press=event.press) if g.pressed(event.data) is not None else None
    if isinstance(event, MessagePosted) and event.message.command is None and event.message.text.strip():
        return g.Answer(text=event.message.text)
    return None


def _asked(gate: AtGate | None) -> AtGate | None:
    return gate if gate is not None and gate.stands == "asked" and gate.request else None
