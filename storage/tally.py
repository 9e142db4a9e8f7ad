"""What rules did, counted from the traces and the outbox."""

from collections import Counter, defaultdict
from datetime import datetime

import msgspec
from sqlalchemy import Connection, and_, func, select

from rules.decision import FIRED, SHADOW
from rules.tally import GroupTally, RuleTally, Tally
from storage import connections
from storage.inbox import PARKED
from storage.moments import micros
from storage.outbox import STATES, State
from storage.schema import groups, inbox, outbox, traces
from storage.states import known_groups


class _Part(msgspec.Struct):
    rule: str
    outcome: str
    effects: list[str] = []  # a fresh one for each: msgspec copies it
    would: list[str] = []


class _Trace(msgspec.Struct):
    rules: list[_Part | str] = []  # in short (a string), where the rule did not hold


_decoder = msgspec.json.Decoder(_Trace)
_PRIVATE, _OTHERWISE = '{"type":"send_private"%', '%"otherwise":{%'
"""How what is to be said alone is kept, and what is said in the group where that fails."""


def tally(conn: Connection, since: datetime, until: datetime) -> Tally:
    """What was done from ``since`` (included) to ``until`` (not), by group and rule."""
    span = micros(since), micros(until)
    times: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
    acts: dict[tuple[str, str, bool], Counter[str]] = defaultdict(Counter)
    query = select(groups.c.id, traces.c.trace).join_from(traces, groups, groups.c.key == traces.c.group_key)
    for group, trace in conn.execute(
        query.where(traces.c.at >= span[0], traces.c.at < span[1], traces.c.decided).order_by(traces.c.at)
    ):
        for part in _decoder.decode(trace).rules:
            if isinstance(part, _Part) and part.outcome in (FIRED, SHADOW):
                watched = part.outcome == SHADOW
                times[group][part.rule, watched] += 1
                acts[group, part.rule, watched].update(part.would if watched else part.effects)
    ended = _ended(conn, span)
    parked = _parked(conn, span)
    held = {state.id: len(state.reviews) for state in known_groups(conn) if state.reviews}
    return Tally(
        since=since,
        until=until,
        outages=tuple(connections.between(conn, since, until)),
        groups=tuple(
            GroupTally(
                group=group,
                rules=tuple(
                    RuleTally(rule, count, dict(acts[group, rule, watched].most_common()), watched)
                    for (rule, watched), count in times[group].most_common()
                ),
                refused=ended.get((group, State.FAILED), 0),
                uncertain=ended.get((group, State.UNCERTAIN), 0),
                parked=parked.get(group, 0),
                held=held.get(group, 0),
            )
            for group in sorted({*times, *parked, *held, *(group for group, _ in ended)})
        ),
    )


def _ended(conn: Connection, span: tuple[int, int]) -> dict[tuple[str, State], int]:
    """How many deliveries failed, or may have: by group and state.

    A word to a member alone that was said in the group instead is none: most people never wrote to the bot.
    """
    c = outbox.c
    said_aloud = and_(c.effect.like(_PRIVATE), c.effect.like(_OTHERWISE), c.state == STATES.index(State.FAILED))
    query = select(groups.c.id, c.state, func.count()).join_from(outbox, groups, groups.c.key == c.group_key)
    query = query.where(c.done_at >= span[0], c.done_at < span[1], ~said_aloud).group_by(groups.c.id, c.state)
    wanted = (State.FAILED, State.UNCERTAIN)
    return {(group, STATES[code]): count for group, code, count in conn.execute(query) if STATES[code] in wanted}


def _parked(conn: Connection, span: tuple[int, int]) -> dict[str, int]:
    c = inbox.c
    query = select(c.group_id, func.count()).where(c.received_at >= span[0], c.received_at < span[1], c.state == PARKED)
    rows = conn.execute(query.group_by(c.group_id)).all()
    return {row[0]: row[1] for row in rows}
