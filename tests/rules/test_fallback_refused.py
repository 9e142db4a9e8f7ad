"""Where a platform cannot do a step, and nothing stands in for it: what is refused when the file is loaded, and how."""

import pytest

from rules.capability import Capability
from rules.language.saying import said
from tests.rules.on_two_platforms import Chat, at, book, kinds, refused, rule


def test_a_step_that_cannot_be_done_is_told_at_its_own_place_for_all_groups_at_once() -> None:
    (told,) = refused("rules:\n  - id: ads\n    when: message\n    then:\n      - alert\n      - delete\n")
    assert str(told) == (
        "config.yaml:14:9: rule ads: WeChat cannot delete a member's message (`delete`); add a fallback "
        "(`fallback: { delete: ... }`: { remind: ... }, kick, alert), or exclude groups books-wx, films-wx "
        "(except_groups: [books-wx, films-wx])"
    )
    assert said(told, "zh-CN").message == (
        "规则 ads：微信不能删除成员的消息（`delete`）；"
        "请写上改做什么（`fallback: { delete: ... }`：{ remind: ... }, kick, alert），"
        "或排除群 books-wx, films-wx（except_groups: [books-wx, films-wx]）"
    )


def test_a_ladders_step_is_told_once_with_the_rules_that_climb_it() -> None:
    text = (
        "ladders:\n  spam:\n    steps:\n      - at: 1\n        do: [delete]\n"
        "rules:\n"
        "  - { id: ads, when: message, then: { ladder: spam }, except_groups: [films-wx] }\n"
        "  - { id: scams, when: message, then: { ladder: spam } }\n"
    )
    (told,) = refused(text)
    assert str(told).startswith(
        "config.yaml:13:14: rules ads, scams: WeChat cannot delete a member's message (`delete` of ladder spam); "
    )
    assert "阶梯 spam 的 `delete`" in said(told, "zh-CN").message


def test_a_ladder_that_is_climbed_from_another_is_looked_at_as_well() -> None:
    ladders = (
        "ladders:\n"
        "  first: { steps: [{ at: 1, do: { ladder: second } }], fallback: { delete: warn } }\n"
        "  second: { steps: [{ at: 1, do: [delete] }, { at: 2, do: [{ mute: 1h }, { ladder: first }] }] }\n"
    )
    (told,) = refused(ladders + rule("{ ladder: first }"))
    assert str(told).startswith(
        at(ladders, "mute: 1h") + "rule ads: WeChat cannot mute a member (`mute` of ladder second); "
    )
    assert kinds(Chat(book(ladders + rule("{ ladder: first }", ", fallback: { mute: warn }")), "books-wx").says()) == [
        "SendText"
    ]


def test_a_platform_without_a_title_is_told_by_its_groups() -> None:
    (told,) = refused(rule("delete", ", groups: [books-wx]"), titles={})
    assert "rule ads: the platform of group books-wx cannot delete" in str(told)
    assert "群 books-wx 所在的平台不能删除成员的消息" in said(told, "zh-CN").message


def test_a_fallback_that_cannot_be_done_there_either_is_refused() -> None:
    text = rule("ban", ", fallback: { ban: { mute: 1h } }")
    (told,) = refused(text)
    cannot = "rule ads: WeChat cannot mute a member either (`mute`, instead of `ban`)"
    assert str(told).startswith(at(text, "mute:") + cannot)
    assert "a fallback has no fallback" in str(told)
    assert "也不能禁言成员" in said(told, "zh-CN").message


def test_only_what_the_platform_can_do_is_suggested() -> None:
    (told,) = refused(rule("delete"), able={"tg": frozenset(Capability), "wx": frozenset({Capability.SEND})})
    assert "`fallback: { delete: ... }`: { remind: ... }, alert)" in str(told)


@pytest.mark.parametrize(
    ("fallback", "piece", "words"),
    [
        ("{ delet: warn }", "delet:", "did you mean `delete`?"),
        ("{ 删除: warn }", "删除:", "did you mean `delete`?"),
        ("{ delete: wran }", "wran", "did you mean `warn`?"),
        ("{ delete: }", "delete:", "`delete: nothing`"),
        ("{ delete: [] }", "delete:", "`delete: nothing`"),
        ("warn", "warn", "write the name of a step here"),
        ("{ delete: { ladder: ads } }", "ladder:", "has none of its own"),
    ],
)
def test_a_slip_in_a_fallback_is_told_where_it_is(fallback: str, piece: str, words: str) -> None:
    ladder = "ladders: { ads: { steps: [{ at: 1, do: alert }] } }\n"
    text = ladder + rule("delete", f", groups: [books], fallback: {fallback}")
    (told,) = refused(text)
    assert str(told).startswith(at(text, piece))
    assert words in str(told)
    assert said(told, "zh-CN").message != told.message


def test_what_is_never_asked_for_needs_no_fallback_of_a_rules_own() -> None:
    text = rule("delete", ", groups: [books], fallback: { mute: warn }")
    (told,) = refused(text)
    assert str(told) == (at(text, "mute:") + "rule ads has no `mute` that this could be done instead of; it has delete")
    assert said(told, "zh-CN").message != told.message
    assert book("defaults: { fallback: { mute: warn } }\n" + rule("delete", ", groups: [books]"))


def test_a_schedules_pin_is_told_at_the_pin() -> None:
    post = 'schedules:\n  - id: morning\n    at: "08:00"\n    post: Hi\n    pin: true\n'
    (told,) = refused(post)
    assert str(told).startswith("config.yaml:13:5: schedule morning: WeChat cannot pin a message (`pin: true`); ")
    assert "`fallback: { pin: ... }`: announce, nothing" in str(told)


def test_nobody_can_be_invited_to_another_platform() -> None:
    (told,) = refused(rule("{ invite: films-wx }", ", groups: [books, books-wx]"))
    assert "can bring nobody there from books, which is on another platform" in str(told)
    assert said(told, "zh-CN").message != told.message
    (invitation,) = Chat(book(rule("{ invite: films-wx }", ", groups: [books-wx]")), "books-wx").says().effects
    assert (invitation.group, invitation.member) == ("wx:3", "wx:bo")  # type: ignore[union-attr]


def test_an_invitation_follows_a_group_that_got_another_id() -> None:
    moved = book(rule("{ invite: films-wx }", ", groups: [books-wx]")).moved("wx:3", "wx:33")
    (invitation,) = Chat(moved, "books-wx").says().effects
    assert invitation.group == "wx:33"


def test_of_a_post_only_what_is_left_unsaid_is_told() -> None:
    post = 'schedules:\n  - id: board\n    at: "08:00"\n    post: Hi\n    pin: true\n    update_for: 7d\n'
    (told,) = refused(post + "    fallback: { pin: nothing }\n")
    assert str(told).startswith(
        at(post, "update_for")
        + "schedule board: WeChat cannot change a message of the bot's own (`update_for`); add a "
        "fallback (`fallback: { post: ... }`: { send: ... }, nothing)"
    )
    assert book(post + "    fallback: { post: { send: Hi } }\n")


def test_an_onboarding_is_told_by_its_own_name() -> None:
    text = "onboarding:\n  - { id: newcomers, welcome: { batch: 2m, grow_for: 5m } }\n"
    (told,) = refused(text)
    assert str(told).startswith(
        at(text, "newcomers") + "onboarding newcomers: WeChat cannot change a message of the bot's own (`grow_for`); "
    )
    assert said(told, "zh-CN").message != told.message


def test_an_onboarding_may_have_a_dot_in_its_name() -> None:
    (told,) = refused("onboarding:\n  - { id: new.people, welcome: { batch: 2m, grow_for: 5m } }\n")
    assert ": onboarding new.people: WeChat cannot" in str(told)


def test_a_gate_names_the_platform() -> None:
    text = "onboarding:\n  - { id: newcomers, groups: [books-wx], gate: { challenge: button } }\n"
    told = refused(text)
    assert any(": WeChat (group books-wx) has no buttons; " in str(one) for one in told)
    assert any(said(one, "zh-CN").message.startswith("微信（群 books-wx）没有按钮") for one in told)


def test_what_can_never_apply_there_is_no_fallback() -> None:
    text = "defaults: { fallback: { pin: { remind: no ads } } }\n"
    post = 'schedules:\n  - { id: morning, at: "08:00", post: Hi, pin: true }\n'
    (told,) = refused(text + post)
    assert str(told).startswith(
        at(text, "remind:") + "schedule morning: `remind`, instead of `pin`, cannot apply when: schedule; it is for "
    )
    assert said(told, "zh-CN").message.startswith("定时任务 morning：代替 `pin` 的 `remind` 不能用于 when: schedule")
    assert book(text + rule("pin"))
