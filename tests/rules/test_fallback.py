"""Where a platform cannot do a step: what is done instead, what the trace says of it, and what is refused at load."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.simulated import WECHAT_LIKE
from rules.builtin import builtin_steps
from rules.capability import Capability
from rules.compile import compile_rulebook
from rules.decision import Decision
from rules.engine import decide
from rules.errors import Complaint, ConfigError
from rules.events import Event, MessagePosted, ScheduleFired
from rules.language import dump, load
from rules.language.loaded import Loaded
from rules.language.saying import said
from rules.memory import GroupMemory
from rules.needs import needs_of
from rules.rulebook import Rulebook
from rules.selftest import run_tests
from rules.values import Group, Member, Message

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
BASE = """\
version: 1
platforms: { tg: { type: telegram }, wx: { type: wechaty } }
groups:
  books: { platform: tg, chat: "1" }
  books-wx: { platform: wx, chat: "2" }
  films-wx: { platform: wx, chat: "3" }
  staff: { platform: tg, chat: "9" }
staff: { room: staff }
"""
WX = WECHAT_LIKE - {Capability.SEND_PRIVATE}
ABLE = {"tg": frozenset(Capability), "wx": WX}
TITLES = {"tg": "Telegram", "wx": "WeChat"}


class OneFile:
    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, path: str) -> bytes:
        return self.text.encode()

    def glob(self, pattern: str) -> list[str]:
        return []


def loaded(text: str) -> Loaded:
    return load("config.yaml", OneFile(BASE + text), builtin_steps(), {})


def book(text: str, able: Mapping[str, frozenset[Capability]] = ABLE, titles: Mapping[str, str] = TITLES) -> Rulebook:
    return compile_rulebook(loaded(text), {}, able, titles=titles)[0]


def refused(text: str, **how: Any) -> list[Complaint]:
    with pytest.raises(ConfigError) as caught:
        book(text, **how)
    return list(caught.value.complaints)


def rule(then: str, more: str = "", id_: str = "ads") -> str:
    return f"rules:\n  - {{ id: {id_}, when: message, then: {then}{more} }}\n"


def at(text: str, piece: str) -> str:
    """Where a piece of a file begins."""
    before = (BASE + text)[: (BASE + text).rindex(piece)]
    return f"config.yaml:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}: "


class Chat:
    """One group, in which Bo writes."""

    def __init__(self, rulebook: Rulebook, group: str) -> None:
        self.book = rulebook
        self.settings = next(one.settings for one in rulebook.groups.values() if one.settings.key == group)
        self.memory = GroupMemory(self.settings.chat, rulebook.horizon)
        self.now = NOON
        self._count = 0

    def says(self, text: str = "hello") -> Decision:
        self._count += 1
        self.now += timedelta(minutes=1)
        bo = Member(f"{self.settings.platform}:bo", "Bo")
        message = Message(f"{self.settings.chat}/{self._count}", bo, text, self.now)
        return self._decide(MessagePosted(f"e{self._count}", Group(self.settings.chat), self.now, message))

    def fires(self, schedule: str) -> Decision:
        due = ScheduleFired("s1", Group(self.settings.chat), self.now, schedule, self.now)
        return self._decide(due)

    def _decide(self, event: Event) -> Decision:
        decision = decide(event, self.memory.facts_for(event, self.settings), self.book)
        self.memory.settle(event, decision, self.settings)
        return decision


def kinds(decision: Decision) -> list[str]:
    return [type(effect).__name__ for effect in decision.effects]


def remarks(decision: Decision) -> list[str]:
    assert decision.trace is not None
    return [remark for part in decision.trace.rules for remark in part.remarks]


# What is done


def test_a_fallback_is_done_where_the_platform_cannot_do_the_step_and_only_there() -> None:
    rulebook = book(rule("delete", ", fallback: { delete: { remind: no ads } }"))
    telegram, wechat = Chat(rulebook, "books").says(), Chat(rulebook, "books-wx").says()
    assert (kinds(telegram), remarks(telegram)) == (["DeleteMessage"], [])
    assert kinds(wechat) == ["SendText"]
    assert remarks(wechat) == ["delete: WeChat cannot do this; instead: remind"]


def test_nothing_leaves_a_step_out_and_the_trace_says_so() -> None:
    decision = Chat(book(rule("[pin, { tag: seen }]", ", fallback: { pin: nothing }")), "books-wx").says()
    assert (kinds(decision), [type(change).__name__ for change in decision.changes]) == ([], ["AddTag"])
    assert remarks(decision) == ["pin: WeChat cannot do this; left out"]


def test_what_stands_nearest_to_the_step_is_done() -> None:
    ladder = "ladders:\n  ads: {{ steps: [{{ at: 1, do: {{ mute: 1h }} }}]{0} }}\n"
    defaults = "defaults: { fallback: { mute: kick } }\n"
    own, ladders_own = ", fallback: { mute: alert }", ", fallback: { mute: warn }"

    def done(text: str) -> list[str]:
        return [remark for remark in remarks(Chat(book(text), "books-wx").says()) if remark.startswith("mute")]

    climbs = rule("{ ladder: ads }")
    assert done(defaults + ladder.format("") + climbs) == ["mute: WeChat cannot do this; instead: kick"]
    above = rule("{ ladder: ads }", own)
    assert done(defaults + ladder.format("") + above) == ["mute: WeChat cannot do this; instead: alert"]
    assert done(defaults + ladder.format(ladders_own) + above) == ["mute: WeChat cannot do this; instead: warn"]


def test_nobody_is_told_that_they_were_muted_who_was_not() -> None:
    decision = Chat(book(rule("{ mute: 1h }", ", fallback: { mute: warn }")), "books-wx").says()
    (said_aloud,) = decision.effects
    assert said_aloud.text.key == "warn.public"  # type: ignore[union-attr]
    assert "SetMuted" not in [type(change).__name__ for change in decision.changes]


def test_what_stands_for_several_steps_of_a_rule_is_done_once() -> None:
    text = rule("[delete, { mute: 1h }]", ", fallback: { delete: warn, mute: [warn, alert] }")
    decision = Chat(book(text), "books-wx").says()
    assert [type(change).__name__ for change in decision.changes].count("AddWarning") == 1
    assert len(remarks(decision)) >= 2


def test_a_quota_goes_for_what_is_done_instead_as_well() -> None:
    wechat = Chat(book(rule("[{ delete: , at_most: 1 per 1h }]", ", fallback: { delete: alert }")), "books-wx")
    assert kinds(wechat.says()) == ["SendText"]
    again = wechat.says()
    assert (kinds(again), remarks(again)) == ([], ["delete: not again before its at_most allows"])


def test_a_fallback_may_have_a_quota_of_its_own() -> None:
    text = rule("delete", ", fallback: { delete: [{ alert: , at_most: 1 per 1h }, { points: 1 }] }")
    wechat = Chat(book(text), "books-wx")
    assert kinds(wechat.says()) == ["SendText"]
    again = wechat.says()
    assert kinds(again) == []
    assert "AddScore" in [type(change).__name__ for change in again.changes]


def test_the_quota_of_a_step_stays_its_own_whatever_was_done_already() -> None:
    then = "[{ delete: , at_most: 1 per 1h }, { mute: 1h }]"
    alert = "{ alert: , at_most: 1 per 1d }"
    text = rule(then, f", fallback: {{ delete: {{ tag: seen }}, mute: [{{ tag: seen }}, {alert}] }}")
    wechat = Chat(book(text), "books-wx")
    alerts = [[effect.group for effect in wechat.says().effects].count("tg:9") for _ in range(3)]
    assert alerts == [1, 0, 0]


def test_a_rule_in_shadow_mode_shows_what_it_would_do_instead() -> None:
    decision = Chat(book(rule("delete", ", mode: shadow, fallback: { delete: kick }")), "books-wx").says()
    assert (kinds(decision), remarks(decision)) == ([], ["delete: WeChat cannot do this; instead: kick"])
    assert decision.trace is not None
    (entry,) = decision.trace.entries()
    assert "kick_member" in entry["would"]


def test_a_ladder_degrades_visibly_step_by_step() -> None:
    text = (
        "ladders:\n  ads:\n"
        "    steps: [{ at: 1, do: [delete, { remind: no ads }] }, { at: 2, do: [delete, { mute: 1h }] }, "
        "{ at: 3, do: [delete, ban] }]\n"
        "    fallback: { delete: nothing, mute: warn, ban: kick }\n" + rule("{ ladder: ads }")
    )
    rulebook = book(text)
    wechat, telegram = Chat(rulebook, "books-wx"), Chat(rulebook, "books")
    first, second, third = (wechat.says("ad") for _ in range(3))
    assert (kinds(first), kinds(second)) == (["SendText"], ["SendText"])
    assert kinds(third)[0] == "KickMember"
    assert "ban: WeChat cannot do this; instead: kick" in remarks(third)
    assert [kinds(telegram.says("ad"))[:1] for _ in range(3)] == [["DeleteMessage"]] * 3


def test_the_tests_of_a_rule_know_what_is_done_in_which_group() -> None:
    tests = ", tests: [{ say: x, expect: [delete] }, { say: x, group: books-wx, expect: [kick, remind] }, { say: x, group: books-wx, expect: delete }]"  # noqa: E501
    text = rule("delete", ", fallback: { delete: [kick, { remind: no ads }] }" + tests)
    results = list(run_tests(book(text), loaded(text).config))
    assert [result.passed for result in results] == [True, True, False]
    assert results[1].got == ("kick", "remind")


# Posts and notices


def test_a_post_that_cannot_be_pinned_stands_in_the_notice_instead() -> None:
    post = 'schedules:\n  - { id: morning, at: "08:00", post: Good morning, pin: true, fallback: { pin: announce } }\n'
    rulebook = book(post)
    (telegram,) = Chat(rulebook, "books").fires("morning").effects
    assert telegram.pin is True  # type: ignore[union-attr]
    decision = Chat(rulebook, "books-wx").fires("morning")
    (notice,) = decision.effects
    assert (type(notice).__name__, notice.text.literal) == ("SetAnnouncement", "Good morning")  # type: ignore[union-attr]
    assert remarks(decision) == ["pin: WeChat cannot do this; instead: announce"]
    assert "Posted" in [type(change).__name__ for change in decision.changes]


def test_a_post_that_cannot_be_pinned_is_posted_all_the_same() -> None:
    post = 'schedules:\n  - { id: morning, at: "08:00", post: Hi, pin: true, fallback: { pin: [alert] } }\n'
    decision = Chat(book(post), "books-wx").fires("morning")
    assert [(effect.group, effect.pin) for effect in decision.effects] == [("wx:2", False), ("tg:9", False)]  # type: ignore[union-attr]


def test_where_nothing_is_posted_nothing_is_done_for_its_pin() -> None:
    budget = "defaults: { announce_budget: { per_group_per_day: 0 } }\n"
    post = 'schedules:\n  - { id: morning, at: "08:00", post: Hi, pin: true, fallback: { pin: [announce, alert] } }\n'
    decision = Chat(book(budget + post), "books-wx").fires("morning")
    assert (decision.effects, len(remarks(decision))) == ((), 1)


def test_a_message_that_cannot_be_pinned_is_announced() -> None:
    (notice,) = Chat(book(rule("pin", ", fallback: { pin: announce }")), "books-wx").says("{name} wins").effects
    assert notice.text.params["text"] == "{name} wins"  # type: ignore[union-attr]


# What is refused when it is loaded


def test_a_step_that_cannot_be_done_is_told_at_its_own_place_for_all_groups_at_once() -> None:
    (told,) = refused("rules:\n  - id: ads\n    when: message\n    then:\n      - alert\n      - delete\n")
    assert str(told) == (
        "config.yaml:14:9: rule ads: WeChat cannot delete a member's message (`delete`); add a fallback "
        "(`fallback: { delete: ... }`: remind, kick, alert), or exclude groups books-wx, films-wx "
        "(except_groups: [books-wx, films-wx])"
    )
    assert said(told, "zh-CN").message == (
        "规则 ads：微信不能删除成员的消息（`delete`）；"
        "请写上改做什么（`fallback: { delete: ... }`：remind, kick, alert），"
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
    assert "`fallback: { delete: ... }`: remind, alert)" in str(told)


@pytest.mark.parametrize(
    ("fallback", "piece", "words"),
    [
        ("{ delet: warn }", "delet:", "did you mean `delete`?"),
        ("{ 删除: warn }", "删除:", "did you mean `delete`?"),
        ("{ delete: wran }", "wran", "did you mean `warn`?"),
        ("{ delete: }", "delete:", "`delete: nothing`"),
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


# What else asks


def test_what_a_group_needs_of_its_platform_is_what_is_really_done_there() -> None:
    rulebook = book(rule("[delete, { mute: 1h }]", ", fallback: { delete: kick, mute: nothing }"))
    by_group = {one.settings.key: needs_of(one, rulebook).by_capability for one in rulebook.groups.values()}
    assert set(by_group["books"]) == {Capability.DELETE, Capability.MUTE}
    assert set(by_group["books-wx"]) == {Capability.KICK}


def test_a_question_that_is_asked_only_instead_is_listened_for() -> None:
    text = rule("delete", ", fallback: { delete: { ask: { text: Why?, save: reason } } }")
    assert "answers" in {one.id for one in book(text).rules}


def test_a_file_with_fallbacks_is_written_out_as_it_was_read() -> None:
    text = "defaults: { fallback: { delete: { remind: no ads }, pin: nothing } }\n" + rule(
        "delete", ", fallback: { delete: [{ warn: Mind the rules }, alert] }"
    )
    first = loaded(text).config
    again = load("config.yaml", OneFile(dump(first)), builtin_steps(), {}).config
    assert again == first
    assert again.defaults.fallback["pin"] == ()


def test_of_a_post_only_what_is_left_unsaid_is_told() -> None:
    post = 'schedules:\n  - id: board\n    at: "08:00"\n    post: Hi\n    pin: true\n    update_for: 7d\n'
    (told,) = refused(post + "    fallback: { pin: nothing }\n")
    assert str(told).startswith(
        at(post, "update_for") + "schedule board: WeChat cannot change a message of the bot's own"
    )
    assert book(post + "    fallback: { post: { send: Hi } }\n")


def test_an_onboarding_is_told_by_its_own_name() -> None:
    text = "onboarding:\n  - { id: newcomers, welcome: { batch: 2m, grow_for: 5m } }\n"
    (told,) = refused(text)
    assert str(told).startswith(
        at(text, "newcomers") + "onboarding newcomers: WeChat cannot change a message of the bot's own (`grow_for`); "
    )
    assert said(told, "zh-CN").message != told.message


def test_a_gate_names_the_platform() -> None:
    text = "onboarding:\n  - { id: newcomers, groups: [books-wx], gate: { challenge: button } }\n"
    told = refused(text)
    assert any(": WeChat (group books-wx) has no buttons; " in str(one) for one in told)
    assert any(said(one, "zh-CN").message.startswith("微信（群 books-wx）没有按钮") for one in told)
