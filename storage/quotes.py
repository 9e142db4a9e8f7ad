"""Where a member's words and name were carried on to: posts of the bot that quote them, and events put aside."""

from collections.abc import Iterable

import ahocorasick_rs
import msgspec
from sqlalchemy import Connection, delete, select, update

from rules.events import decode, member_of
from storage import inbox, states
from storage.schema import activity, introductions, members, outbox
from storage.schema import inbox as inbox_table
from storage.statements import chunks

BEGINNING = 24
"""Characters of a message by which a quote of it is known: digests cut quotes short."""
_SHORTEST_QUOTE, _SHORTEST_NAME = 4, 2


def erase_posts(conn: Connection, group: int, person: int, member: str) -> None:
    """Erase the deliveries that are done and quote or name a member of the group (told by keys), wherever they went.

    What is still to be sent is left alone. Goes through the deliveries that are kept, which are those of some days.
    """
    known = _Known(_words(conn, group, person), _names(conn, group, person, member))
    done = select(outbox.c.id, outbox.c.effect).where(outbox.c.done_at.is_not(None))
    rows = conn.execute(done, execution_options={"yield_per": 1_000})
    for part in chunks([row.id for row in rows if known.stand_in(row.effect)]):
        conn.execute(delete(outbox).where(outbox.c.id.in_(part)))


def erase_parked(conn: Connection, group: str, member: str) -> None:
    """Close the events that a member caused in a group and that were put aside: only their ids stay."""
    c = inbox_table.c
    query = select(c.seq, c.event).where(c.state == inbox.PARKED, c.group_id == group)
    for seq, payload in conn.execute(query).all():
        if _is_by(payload, member):
            closed = {"state": inbox.CLOSED, "event": None, "error": None}
            conn.execute(update(inbox_table).where(c.seq == seq).values(**closed))


class _Known:
    """Words and names, found in JSON texts: a name only where it is no part of a longer word."""

    def __init__(self, words: Iterable[str], names: Iterable[str]) -> None:
        quotes = {_as_json(word) for word in words}
        self._names = {_as_json(name) for name in names} - quotes
        self._needles = [*quotes, *self._names]
        self._automaton = ahocorasick_rs.AhoCorasick(self._needles)

    def stand_in(self, text: str) -> bool:
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            needle = self._needles[index]
            if needle not in self._names or not (
                _goes_on(text, start - 1, needle[0]) or _goes_on(text, end, needle[-1])
            ):
                return True
        return False


def _words(conn: Connection, group: int, person: int) -> Iterable[str]:
    a, i = activity.c, introductions.c
    texts = select(a.text).where(a.group_key == group, a.person_key == person, a.text.is_not(None))
    told = select(i.text).where(i.group_key == group, i.person_key == person)
    for text in (*conn.scalars(texts), *conn.scalars(told)):
        beginning = text.strip().split("\n")[0][:BEGINNING].strip()
        if len(beginning) >= _SHORTEST_QUOTE:
            yield beginning


def _names(conn: Connection, group: int, person: int, member: str) -> Iterable[str]:
    row = (members.c.group_key == group) & (members.c.person_key == person)
    state = conn.scalar(select(members.c.state).where(row))
    if state is not None:
        known = states.decode_member(state, member)
        yield from (name for name in (known.name, known.username) if name and len(name) >= _SHORTEST_NAME)


def _goes_on(text: str, at: int, edge: str) -> bool:
    """Whether a word that ends in ``edge`` goes on at this place. Chinese words have no ends to be seen."""
    return 0 <= at < len(text) and all(sign.isascii() and sign.isalnum() for sign in (text[at], edge))


def _as_json(text: str) -> str:
    return msgspec.json.encode(text).decode()[1:-1]


def _is_by(payload: str, member: str) -> bool:
    try:
        found = member_of(decode(payload))
    except msgspec.ValidationError:
        return f'"{_as_json(member)}"' in payload  # of another version: whoever it names may be who it is by
    return found is not None and found.id == member
