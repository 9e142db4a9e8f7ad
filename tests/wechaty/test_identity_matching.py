"""Who is who after a login that changed every id: nobody is taken for another, and who is certain is found again."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from adapters.wechaty.matching import Described, matched

ROOMS = ("reading", "writing", "chess")
NAMES = st.sampled_from(["", "小明", "小红", "Ann", "Bo", "Cy", "王芳", "李雷"])
CALLED = st.sampled_from(["", "北京", "上海"])
DESCRIBED = st.builds(
    Described,
    name=NAMES,
    alias=st.sampled_from(["", "", "", "老王", "楼长"]),
    rooms=st.dictionaries(st.sampled_from(ROOMS), CALLED, min_size=1),
)
BEFORE = st.dictionaries(st.integers(0, 30).map("was-{}".format), DESCRIBED, max_size=12)
NOW = st.dictionaries(st.integers(0, 30).map("is-{}".format), DESCRIBED, max_size=12)


@given(BEFORE, NOW)
def test_nobody_is_two_and_no_two_are_one(before: dict[str, Described], now: dict[str, Described]) -> None:
    found = matched(before, now)
    assert set(found) <= set(now)
    assert set(found.values()) <= set(before)
    assert len(set(found.values())) == len(found)


@given(BEFORE, NOW)
def test_whoever_is_found_again_has_a_mark_that_nobody_else_has(
    before: dict[str, Described], now: dict[str, Described]
) -> None:
    for key, was in matched(before, now).items():
        old, new = before[was], now[key]
        if old.alias:
            assert new.alias == old.alias
            assert sum(one.alias == old.alias for one in before.values()) == 1
            assert sum(one.alias == old.alias for one in now.values()) == 1
            continue
        assert old.name == new.name != ""
        found = matched(before, now)
        sure = {one: other for one, other in found.items() if before[other].alias}
        assert any(
            _is_alone(before, was, room, set(sure.values())) and _is_alone(now, key, room, set(sure))
            for room in set(old.rooms) & set(new.rooms)
        )


def _is_alone(people: dict[str, Described], key: str, room: str, sure: set[str]) -> bool:
    """Whether nobody else in the room could be them, but for those who are surely somebody else."""
    mine = people[key]
    rivals = [
        one
        for other, one in people.items()
        if other not in {key, *sure} and room in one.rooms and one.name == mine.name
    ]
    return all(mine.rooms[room] and one.rooms[room] != mine.rooms[room] for one in rivals)


@given(BEFORE)
def test_all_who_are_told_apart_by_name_are_found_again(before: dict[str, Described]) -> None:
    now = {f"is-{key}": one for key, one in before.items()}
    found = matched(before, now)
    aliases = Counter(one.alias for one in before.values())
    for key, one in before.items():
        alone = any(
            not any(other.name == one.name and room in other.rooms for at, other in before.items() if at != key)
            for room in one.rooms
        )
        if (one.alias and aliases[one.alias] == 1) or (one.name and not one.alias and alone):
            assert found[f"is-{key}"] == key
        else:
            assert found.get(f"is-{key}", key) == key


def _in_reading(*names: str) -> dict[str, Described]:
    return {f"{number}-{name}": Described(name, rooms={"reading": ""}) for number, name in enumerate(names)}


def test_two_of_one_name_are_found_by_what_they_call_themselves_in_the_room() -> None:
    before = {
        "a": Described("小明", rooms={"reading": "北京"}),
        "b": Described("小明", rooms={"reading": "上海"}),
        "c": Described("小明", rooms={"reading": ""}),
    }
    now = {"x": before["b"], "y": before["a"], "z": before["c"]}
    assert matched(before, now) == {"x": "b", "y": "a"}


def test_two_of_one_name_are_nobody_even_where_one_of_them_has_left() -> None:
    assert matched(_in_reading("小明", "小明"), _in_reading("小明")) == {}
    assert matched(_in_reading("小明"), _in_reading("小明", "小明")) == {}


def test_who_has_a_remark_is_never_known_by_name_alone() -> None:
    before = {"boss": Described("王芳", "群主", {"reading": ""})}
    assert matched(before, {"x": Described("王芳", rooms={"reading": ""})}) == {}
    assert matched(before, {"x": Described("whatever", "群主", {"reading": ""})}) == {"x": "boss"}


def test_a_name_in_another_room_says_nothing() -> None:
    assert matched({"a": Described("Ann", rooms={"reading": ""})}, {"x": Described("Ann", rooms={"chess": ""})}) == {}


def test_rooms_that_contradict_one_another_say_nothing() -> None:
    before = {
        "a": Described("Ann", rooms={"reading": "", "chess": ""}),
        "b": Described("Ann", rooms={"writing": ""}),
    }
    now = {
        "x": Described("Ann", rooms={"reading": ""}),
        "y": Described("Ann", rooms={"chess": "", "writing": ""}),
    }
    assert matched(before, now) == {}
