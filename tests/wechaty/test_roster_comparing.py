"""What a list of members says against what is known of a room, and when it is believed."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from adapters.driver import MemoryIntake
from adapters.wechaty.identity import Identity
from adapters.wechaty.inflow import Position
from adapters.wechaty.people import Contact, Room
from adapters.wechaty.reading.told import Came, Went
from adapters.wechaty.roster import LATELY, LATER, Entry, Listing, Roster
from rules.events import MemberJoined, MemberLeft
from rules.values import Group, Member

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
READING = Room("r1", "Reading")


class Desk:
    """A roster of one room, with a clock that is put forward by hand."""

    def __init__(self) -> None:
        self.identity = Identity("wx", stable=True)
        self.identity.account = "bot"
        self.roster = Roster("wx", self.identity)
        self.clock = 1_000.0
        self.kept: list[Position] = []

    def list(self, *members: str, known: Iterable[str] | None = None) -> tuple[list[str], list[str]]:
        """Compare with a list; who came and who went by it. ``known``: whose names could be asked for."""
        listing = Listing(READING, dict.fromkeys(members, Entry()), self.clock, self.now)
        said = self.roster.difference(listing)
        people = {id_: Contact(id_) for id_ in (said.new | said.gone if known is None else known)}
        came: list[str] = []
        went: list[str] = []
        for each in self.roster.compared(listing, people):
            match each:
                case Position():
                    self.kept.append(each)
                case Came():
                    came += [one.id for one in each.members]
                case Went():
                    went += [one.id for one in each.members]
        return sorted(came), sorted(went)

    def first(self, *members: str) -> None:
        """The room as it is seen for the first time."""
        assert self.list(*members) == ([], [])
        self.later()
        assert self.list(*members) == ([], [])
        assert self.roster.record("r1").seen
        self.later()

    def later(self, seconds: float = LATER + LATELY) -> None:
        self.clock += seconds

    @property
    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.clock)

    def told(self, who: str, *, left: bool = False, at: datetime | None = None) -> Sequence[object]:
        """Somebody comes or goes, and the gateway says so."""
        make = MemberLeft if left else MemberJoined
        member, group = Member(f"wx:{who}", who), Group("wx:r1", "Reading")
        found = self.roster.noted([make(f"{who}-{self.clock}", group, at or self.now, member)], self.clock)
        self.kept += [each for each in found if isinstance(each, Position)]
        return [each for each in found if not isinstance(each, Position)]

    @property
    def members(self) -> set[str]:
        return set(self.roster.record("r1").members)


def _people(count: int) -> list[str]:
    return ["bot", *(f"m{number}" for number in range(count))]


def test_a_room_is_only_remembered_when_it_is_seen_for_the_first_time() -> None:
    desk = Desk()
    desk.first(*_people(300))
    assert len(desk.members) == 301
    assert len(desk.kept) == 1


def test_who_came_and_went_unheard_is_told_once() -> None:
    desk = Desk()
    desk.first("bot", "ann", "bo")
    assert desk.list("bot", "ann", "cy") == (["cy"], ["bo"])
    assert desk.list("bot", "ann", "cy") == ([], [])
    assert desk.members == {"bot", "ann", "cy"}


def test_what_does_not_change_is_not_written() -> None:
    desk = Desk()
    desk.first("bot", "ann")
    desk.list("bot", "ann")
    desk.list("bot", "ann")
    assert len(desk.kept) == 1


def test_an_empty_list_says_nothing_however_often() -> None:
    desk = Desk()
    desk.first(*_people(50))
    for _ in range(5):
        assert desk.list() == ([], [])
        assert desk.list("bot") == ([], [])
        desk.later()
    assert len(desk.members) == 51


def test_a_list_without_half_of_the_room_is_believed_when_it_says_so_again() -> None:
    desk = Desk()
    desk.first(*_people(50))
    assert desk.list(*_people(20)) == ([], [])
    assert desk.roster.doubted == {"r1"}
    assert desk.list(*_people(20)) == ([], [])  # at once: the puppet may not have become ready
    desk.later()
    came, went = desk.list(*_people(20))
    assert (came, len(went)) == ([], 30)
    assert desk.roster.doubted == frozenset()


def test_a_list_that_becomes_whole_was_never_believed() -> None:
    desk = Desk()
    desk.first(*_people(50))
    for count in (3, 11, 30):
        assert desk.list(*_people(count)) == ([], [])
        desk.later()
    assert desk.list(*_people(50)) == ([], [])
    assert desk.roster.doubted == frozenset()


def test_the_first_list_is_not_taken_for_all_there_is() -> None:
    desk = Desk()
    assert desk.list(*_people(10)) == ([], [])
    desk.later()
    assert desk.list(*_people(400)) == ([], [])
    desk.later()
    assert desk.list(*_people(400)) == ([], [])
    assert len(desk.members) == 401


def test_hundreds_who_came_are_believed_at_once() -> None:
    desk = Desk()
    desk.first(*_people(20))
    came, went = desk.list(*_people(320))
    assert (len(came), went) == (300, [])


def test_a_join_that_was_told_is_not_found_again() -> None:
    desk = Desk()
    desk.first("bot", "ann")
    assert len(desk.told("cy")) == 1
    assert desk.list("bot", "ann", "cy") == ([], [])


def test_a_list_from_before_a_join_does_not_take_it_back() -> None:
    desk = Desk()
    desk.first("bot", "ann")
    desk.told("cy")
    desk.told("ann", left=True)
    assert desk.list("bot", "ann") == ([], [])
    assert desk.members == {"bot", "cy"}
    desk.later()
    assert desk.list("bot", "ann") == (["ann"], ["cy"])


def test_a_join_that_was_found_is_not_told_again() -> None:
    desk = Desk()
    desk.first("bot", "ann")
    told_at = desk.now
    assert desk.list("bot", "ann", "cy") == (["cy"], [])
    assert desk.told("cy", at=told_at) == []
    assert desk.members == {"bot", "ann", "cy"}


def test_who_was_found_and_comes_anew_later_is_told() -> None:
    desk = Desk()
    desk.first("bot", "ann")
    assert desk.list("bot", "ann", "cy") == (["cy"], [])
    desk.later()
    assert len(desk.told("cy")) == 1  # their leaving was told by nobody


def test_that_the_account_itself_has_gone_is_believed_when_it_is_told_again() -> None:
    desk = Desk()
    desk.first("bot", "ann", "bo")
    assert desk.list("ann", "bo") == ([], [])
    assert desk.roster.left == set()
    desk.later()
    assert desk.list("ann", "bo") == ([], [])
    assert desk.roster.left == {"r1"}


def test_who_was_found_left_and_comes_at_once_is_told() -> None:
    desk = Desk()
    desk.first("bot", "ann")
    assert desk.list("bot", "ann", "cy") == (["cy"], [])
    assert len(desk.told("cy", left=True)) == 1
    assert len(desk.told("cy")) == 1


def test_who_could_not_be_asked_about_is_found_the_next_time() -> None:
    desk = Desk()
    desk.first("bot", "ann", "bo")
    assert desk.list("bot", "cy", "dee", known=["cy"]) == (["cy"], [])
    assert desk.list("bot", "cy", "dee") == (["dee"], ["ann", "bo"])


def test_the_account_itself_neither_comes_nor_goes() -> None:
    desk = Desk()
    desk.first("bot", "ann")
    assert desk.list("ann") == ([], [])
    desk.later()
    assert desk.list("ann") == ([], [])
    assert desk.roster.left == {"r1"}
    desk.later()
    desk.first("bot", "ann", "bo", "cy")  # let in again: nobody is new
    assert desk.members == {"bot", "ann", "bo", "cy"}


def test_the_account_comes_back_to_a_room_that_has_changed() -> None:
    desk = Desk()
    desk.first("bot", "ann", "bo")
    desk.roster.entered("r1")
    desk.first("bot", "cy", "dee")
    assert desk.members == {"bot", "cy", "dee"}


async def test_what_is_kept_is_known_again() -> None:
    desk, intake = Desk(), MemoryIntake()
    desk.first("bot", "ann", "bo")
    desk.told("cy")
    await intake.accept([], (desk.kept[-1].source, desk.kept[-1].value))
    again = Roster("wx", desk.identity)
    assert await again.open("r1", intake) == desk.roster.record("r1")
    assert set(again.record("r1").members) == {"bot", "ann", "bo", "cy"}


async def test_a_record_that_cannot_be_read_is_as_if_there_were_none() -> None:
    desk, intake = Desk(), MemoryIntake()
    await intake.accept([], ("wx:roster:r1", '{"members": 5'))
    assert not (await desk.roster.open("r1", intake)).seen


LISTS = st.lists(st.sets(st.sampled_from("abcdefghijkl")), min_size=1, max_size=12)


@given(LISTS)
def test_what_was_told_always_adds_up_to_who_is_believed_to_be_there(lists: list[set[str]]) -> None:
    desk = Desk()
    desk.first("bot", "a", "b", "c")
    there = {"a", "b", "c"}
    for members in lists:
        came, went = desk.list("bot", *members)
        assert not there & set(came)
        assert set(went) <= there
        there = (there | set(came)) - set(went)
        assert there == desk.members - {"bot"}
        assert there
        desk.later()
