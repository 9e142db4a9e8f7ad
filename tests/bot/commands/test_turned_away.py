"""Sending all away who wait for staff: those whom staff were shown when they were asked to confirm, and nobody else."""

from datetime import timedelta
from typing import Any

from rules.effects import KickMember
from rules.state import AtGate
from rules.values import Member
from storage import states

CY = Member(id="telegram:10011", name="Cy")
DI = Member(id="telegram:10012", name="Di")
ED = Member(id="telegram:10013", name="Ed")


def held(room: Any, *members: Member) -> None:
    """Members wait before the gate for staff."""
    room.join(*members)

    def work(conn: Any) -> None:
        pairs = [(room.reading, member.id) for member in members]
        known = states.load_members(conn, pairs)
        for pair in pairs:
            known[pair].gate = AtGate(onboarding="newcomers", stands="held", at=room.now, why="wrong", muted=True)
        group = states.load_groups(conn, [room.reading])[room.reading]
        group.held += [member.id for member in members]
        states.save(conn, [group], known)

    room.db.write_now(work)


def removed(effects: list[Any]) -> list[str]:
    return [effect.member for effect in effects if isinstance(effect, KickMember)]


def test_who_came_after_the_question_is_not_sent_away_by_its_confirmation(room: Any) -> None:
    held(room, CY, DI)
    asked = room.says(room.mo, "/turnaway all")
    code = next(word for word in asked.split() if word.isdecimal() and len(word) == 4)
    room.now += timedelta(seconds=20)
    held(room, ED)
    assert removed(room.type(room.mo, f"/confirm {code}", after=timedelta(seconds=20))) == [CY.id, DI.id]
    assert room.state().held == [ED.id]
