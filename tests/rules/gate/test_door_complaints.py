"""A door that nobody could come in by is refused when the file is loaded, with what to write, in both languages."""

import pytest

from rules.capability import Capability
from rules.doors import Door, door_for, is_word_of
from rules.errors import ConfigError
from rules.language.saying import said

QUESTION = '{ ask: "Who told you of us?", answer_any: [Ann], wrong: decline, no_answer: decline }'
WECHAT = {
    *(Capability.MUTE, Capability.DELETE, Capability.DELETE_OWN, Capability.BUTTONS, Capability.BAN),
    *(Capability.KICK, Capability.SEE_LEAVES),
}


def refused(gatehouse, gate=QUESTION, door="{ keywords: [join] }", **more):
    with pytest.raises(ConfigError) as caught:
        gatehouse(f"{gate}\n    door: {door}", **more)
    for complaint in caught.value.complaints:
        assert said(complaint, "zh-CN") != complaint
        assert complaint.place.line
    return [complaint.message for complaint in caught.value.complaints]


def test_a_gate_that_asks_at_its_door_alone_needs_neither_mute_nor_delete_nor_kick(gatehouse):
    gatehouse(f"{QUESTION}\n    door: {{ keywords: [join] }}", without=WECHAT)
    with pytest.raises(ConfigError):
        gatehouse(QUESTION, without=WECHAT)


@pytest.mark.parametrize(
    ("without", "cannot"),
    [
        (Capability.SEND_PRIVATE, "send a message to one member alone"),
        (Capability.JOIN_REQUESTS, "answer join requests"),
        (Capability.INVITE, "invite somebody into a group"),
    ],
)
def test_a_platform_that_cannot_do_it_is_named(gatehouse, without, cannot):
    (complaint,) = refused(gatehouse, without={without})
    assert complaint == (
        f"the platform of group readers cannot {cannot}, which a door needs; take readers out of its groups:"
    )


def test_nobody_stays_restricted_at_a_door(gatehouse):
    gate = QUESTION.replace("no_answer: decline", "no_answer: stay_restricted")
    (complaint,) = refused(gatehouse, gate, without=WECHAT)
    assert complaint.startswith("`no_answer: stay_restricted` silences who is in a group, and in readers")
    assert complaint.endswith("this gate asks at its door alone; write `no_answer: decline`")


def test_a_complaint_is_laid_at_the_doors_own_line(gatehouse):
    with pytest.raises(ConfigError) as caught:
        gatehouse(f"{QUESTION}\n    door: {{ keywords: [join] }}", without={Capability.INVITE})
    (complaint,) = caught.value.complaints
    assert (complaint.place.line, complaint.place.column) == (9, 5)


def test_two_doors_with_one_word_are_refused(gatehouse):
    more = "  - { id: others, groups: [staff], door: { keywords: ['JOIN!'] } }\n"
    (complaint,) = refused(gatehouse, more=more)
    assert complaint.startswith("`JOIN!` is the keyword of `newcomers` already, on the same platform")


@pytest.mark.parametrize(
    ("door", "why"),
    [("{ keywords: [] }", "a door needs `keywords:`"), ("{ keywords: ['!?'] }", "`!?` is no word that somebody")],
)
def test_a_door_without_words_is_refused(gatehouse, door, why):
    (complaint,) = refused(gatehouse, door=door)
    assert why in complaint


def test_an_unknown_answer_to_strangers_is_refused(gatehouse):
    with pytest.raises(ConfigError) as caught:
        gatehouse(QUESTION, more="contacts: { accept_friends: sometimes }\n")
    (complaint,) = caught.value.complaints
    assert "sometimes" in str(complaint)
    assert said(complaint, "zh-CN") != complaint


READ = Door("read", ("读书", "read"), 200, ("a",))
JOIN = Door("join", ("进群", "join us"), 200, ("a",))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(("进群", JOIN), ("【進群】", None), ("我想 进 群 可以吗", JOIN), ("Join us!", JOIN), ("ＪＯＩＮ ＵＳ", JOIN)),
        *(
            ("读书", READ),
            ("I want to READ", READ),
            ("reading", None),
            ("我想进群读书", JOIN),
            ("", None),
            ("！", None),
        ),
        *(("进群" * 60, None), ("读书" + "，" * 20, READ)),
    ],
)
def test_a_word_is_found_alone_or_in_a_brief_message(text, found):
    door = door_for(text, (READ, JOIN))
    if text == "我想进群读书":  # of two, whichever: somebody who says both wants in
        assert door in (READ, JOIN)
    else:
        assert door == found


def test_only_the_very_word_is_the_word():
    assert is_word_of("进群！", (READ, JOIN))
    assert not is_word_of("我想进群", (READ, JOIN))
