"""Carrying out the changes of the entry gate: a part of ``rules.apply``."""

from collections.abc import Callable, Mapping
from datetime import datetime

from rules import changes as c
from rules.state import AtGate, Challenge, GroupState, MemberState, Waiting

MemberOf = Callable[[str], MemberState]


def find(group: GroupState, challenge: str) -> Challenge | None:
    """An open challenge by its id."""
    return next((one for one in group.challenges if one.id == challenge), None)


def challenge_of(group: GroupState, member: str) -> tuple[Challenge, Waiting] | None:
    """The challenge at which a member waits, and how."""
    found = ((one, waiting) for one in group.challenges for waiting in one.waiting if waiting.member == member)
    return next(found, None)


def _ask_at_gate(x: c.AskAtGate, now: datetime, group: GroupState, member: MemberOf) -> None:
    _let_go(group, x.member)
    challenge = find(group, x.challenge)
    if challenge is None:
        challenge = Challenge(id=x.challenge, onboarding=x.onboarding, at=now, private=x.private)
        group.challenges.append(challenge)
    challenge.waiting.append(Waiting(member=x.member, name=x.name, since=x.since or now, shown=x.shown))
    challenge.count += 1
    challenge.show_due = x.show_due or challenge.show_due
    state = member(x.member)
    muted = x.muted or (state.gate is not None and state.gate.muted)
    if x.muted:
        state.muted_until = datetime.max.replace(tzinfo=now.tzinfo)
    state.gate = AtGate(
        onboarding=x.onboarding, stands="asked", at=now, challenge=x.challenge, muted=muted, request=x.private
    )


def _show_challenge(x: c.ShowChallenge, now: datetime, group: GroupState, member: MemberOf) -> None:
    challenge = find(group, x.challenge)
    if challenge is None:
        return
    challenge.revision += 1
    challenge.show_due = None
    for waiting in challenge.waiting:
        waiting.shown = waiting.shown or challenge.revision


def _challenge_stands(x: c.ChallengeStands, now: datetime, group: GroupState, member: MemberOf) -> None:
    challenge = find(group, x.challenge)
    if challenge is None:
        return
    if x.message is not None:
        challenge.messages = [x.message]
    for waiting in challenge.waiting:
        if waiting.is_concerned(x.revision):
            waiting.until = x.until


def _grant_time(x: c.GrantTime, now: datetime, group: GroupState, member: MemberOf) -> None:
    challenge = find(group, x.challenge)
    for waiting in challenge.waiting if challenge is not None else ():
        if waiting.until is None:
            waiting.since = now
        elif waiting.until <= now:
            waiting.until = x.until


def _wrong_answer(x: c.WrongAnswer, now: datetime, group: GroupState, member: MemberOf) -> None:
    found = challenge_of(group, x.member)
    if found is not None:
        found[1].wrong += 1


def _decide_at_gate(x: c.DecideAtGate, now: datetime, group: GroupState, member: MemberOf) -> None:
    _let_go(group, x.member)
    state = member(x.member)
    before = state.gate
    muted = before is not None and before.muted
    if x.unmuted and muted:
        muted, state.muted_until = False, None
    state.gate = AtGate(
        onboarding=x.onboarding or (before.onboarding if before is not None else ""),
        stands=x.stands,
        at=now,
        why=x.why,
        muted=muted,
        request=x.request or (before is not None and before.request),
    )
    if x.stands == "passed":
        state.removed_at = None
    if x.stands == "held":
        group.held.append(x.member)


def freed(state: MemberState, now: datetime, group: GroupState) -> None:
    """Whoever is given their voice back is let in, also where nobody thought of the gate."""
    gate = state.gate
    if gate is not None and gate.is_open and not gate.request:
        _let_go(group, state.id)
        gate.stands, gate.why, gate.at = "passed", "by_hand", now


def _let_go(group: GroupState, member: str) -> None:
    """Let somebody wait nowhere any more."""
    for challenge in group.challenges:
        challenge.waiting = [waiting for waiting in challenge.waiting if waiting.member != member]
    if member in group.held:
        group.held.remove(member)


def _close_challenge(x: c.CloseChallenge, now: datetime, group: GroupState, member: MemberOf) -> None:
    group.challenges = [one for one in group.challenges if one.id != x.challenge or one.waiting]


def _require_gate(x: c.RequireGate, now: datetime, group: GroupState, member: MemberOf) -> None:
    group.gate_required_until = x.until


def _note_for_staff(x: c.NoteForStaff, now: datetime, group: GroupState, member: MemberOf) -> None:
    group.gate_notes += x.notes


def _told_staff(x: c.ToldStaff, now: datetime, group: GroupState, member: MemberOf) -> None:
    group.gate_notes = []


HANDLERS: Mapping[type, Callable[..., None]] = {
    c.AskAtGate: _ask_at_gate,
    c.ShowChallenge: _show_challenge,
    c.ChallengeStands: _challenge_stands,
    c.GrantTime: _grant_time,
    c.WrongAnswer: _wrong_answer,
    c.DecideAtGate: _decide_at_gate,
    c.CloseChallenge: _close_challenge,
    c.RequireGate: _require_gate,
    c.NoteForStaff: _note_for_staff,
    c.ToldStaff: _told_staff,
}
