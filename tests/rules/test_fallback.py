"""Where a platform cannot do a step: what is done instead, and what the trace says of it."""

from rules.builtin import builtin_steps
from rules.capability import Capability
from rules.language import dump, load
from rules.needs import needs_of
from rules.selftest import run_tests
from tests.rules.on_two_platforms import Chat, OneFile, book, kinds, loaded, remarks, rule


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


def test_nobody_is_warned_twice_for_one_message_that_a_rule_warns_of_anyway() -> None:
    for then in ("[delete, warn]", "[{ warn: no ads }, delete]"):
        decision = Chat(book(rule(then, ", fallback: { delete: warn }")), "books-wx").says()
        assert [type(change).__name__ for change in decision.changes] == ["AddWarning"]
    climbs = "ladders: { ads: { steps: [{ at: 1, do: [delete] }] } }\n" + rule(
        "[{ ladder: ads }, warn]", ", fallback: { delete: warn }"
    )
    changes = [type(change).__name__ for change in Chat(book(climbs), "books-wx").says().changes]
    assert changes.count("AddWarning") == 1


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
