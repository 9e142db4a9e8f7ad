"""Batched welcomes, raids, introductions and their reminders, played through with timers."""

from datetime import timedelta

from rules import changes as c
from rules import effects as e
from rules.actions.introduction import RemindIntroduction, StoreIntroduction
from rules.actions.switches import PauseWelcome
from rules.actions.welcome import QueueWelcome, SendWelcome, UnqueueWelcome
from rules.conditions.introduces import Introduces
from rules.config import IntroduceSpec, WelcomeSpec
from rules.events import MemberLeft
from rules.values import Group

INTRODUCE = IntroduceSpec(remind_after=("1d", "3d"), then="alert_staff")
GREET = SendWelcome(welcome=WelcomeSpec(max_names=2), introduce=INTRODUCE)
HELLO = "大家好，我是小李，来自上海，做后端"


def join(scene, number, name=None, **more):
    return scene.do(scene.joins(scene.person(name or f"P{number}", number, **more)), QueueWelcome(batch="2m"))


def test_joiners_of_a_batch_wait_for_one_timer(scene):
    first = join(scene, 1)
    due = scene.now + timedelta(minutes=2)
    assert first.only(c.SetTimer) == c.SetTimer("welcome", due)
    second = scene.later(minutes=1) and join(scene, 2)
    assert second.all(c.SetTimer) == []
    assert second.only(c.QueueWelcome).due == due
    assert [w.name for w in scene.group.welcomes] == ["P1", "P2"]


def test_a_timer_that_was_lost_is_set_again(scene):
    join(scene, 1)
    assert join(scene.later(minutes=3), 2).all(c.SetTimer)


def test_a_batch_is_greeted_in_one_message_that_pings_only_some(scene):
    for number in (1, 2, 3, 4):
        join(scene, number)
    done = scene.later(minutes=2).do(scene.fires("welcome"), GREET)
    sent = done.only(e.SendText)
    assert sent.mentions == ("telegram:1", "telegram:2")
    assert "P1, P2 and 2 others" in done.said[0]
    assert "P3" not in done.said[0]
    assert "Name:" in done.said[0]
    assert scene.group.welcomes == []
    assert scene.group.welcome_due is None
    assert all(scene.member(f"telegram:{n}").asked_introduction_at == scene.now for n in (1, 2, 3, 4))
    assert {timer.subject for timer in done.all(c.SetTimer)} == {f"telegram:{n}" for n in (1, 2, 3, 4)}
    assert {(t.name, t.data, t.due) for t in done.all(c.SetTimer)} == {
        ("introduce/welcome", "1", scene.now + timedelta(days=1))
    }


def test_names_are_listed_as_the_language_does_it(scene):
    scene.setting(language="zh-CN")
    join(scene, 1, "小李")
    join(scene, 2, "小王")
    assert "小李、小王" in scene.do(scene.fires("welcome"), GREET).said[0]


def test_one_other_is_not_others(scene):
    for number in (1, 2, 3):
        join(scene, number)
    assert (
        "P1, P2 and 1 other!" in scene.do(scene.fires("welcome"), SendWelcome(welcome=WelcomeSpec(max_names=2))).said[0]
    )


def test_nobody_is_named_where_names_are_not_wanted(scene):
    join(scene, 1)
    done = scene.do(scene.fires("welcome"), SendWelcome(welcome=WelcomeSpec(max_names=0)))
    assert done.only(e.SendText).mentions == ()
    assert "all 1 of you" in done.said[0]


def test_the_budget_of_mentions_holds(scene):
    scene.setting(mentions_per_post=1)
    for number in (1, 2):
        join(scene, number)
    assert scene.do(scene.fires("welcome"), GREET).only(e.SendText).mentions == ("telegram:1",)


def test_a_raid_is_let_in_silently_and_staff_are_told_once(scene):
    for number in range(500):
        join(scene, number)
    done = scene.later(minutes=2).do(scene.fires("welcome"), GREET)
    (told,) = done.all(e.SendText)
    assert told.group == "telegram:-200"
    assert "500 people" in done.said[0]
    assert (scene.group.welcomes, done.all(c.SetTimer)) == ([], [])
    for number in range(500, 600):
        join(scene, number)
    assert scene.later(minutes=2).do(scene.fires("welcome"), GREET).effects == ()


def test_paused_welcomes_greet_nobody(scene):
    join(scene, 1)
    scene.do(scene.joins(scene.person("Raider", 99)), PauseWelcome.model_validate({"for": "2h"}))
    assert scene.do(scene.fires("welcome"), GREET).effects == ()
    assert scene.group.welcomes == []


def test_a_bot_is_not_welcomed(scene):
    assert join(scene, 1, is_bot=True).changes == ()


def test_who_comes_and_goes_is_welcomed_once(scene):
    join(scene, 1)
    assert scene.do(scene.fires("welcome"), GREET).said
    for _ in range(2):
        scene.do(left(scene, 1))
        assert join(scene.later(days=1), 1).changes == ()
    assert join(scene.later(days=31), 1).all(c.QueueWelcome)


def test_who_leaves_before_the_welcome_is_not_named(scene):
    join(scene, 1)
    join(scene, 2)
    scene.do(left(scene, 1), UnqueueWelcome())
    done = scene.do(scene.fires("welcome"), GREET)
    assert done.only(e.SendText).mentions == ("telegram:2",)


def test_a_timer_for_nobody_says_nothing(scene):
    assert scene.do(scene.fires("welcome"), GREET).effects == ()


def left(scene, number):
    return MemberLeft("telegram:1:6", Group("telegram:-100"), scene.now, scene.person(f"P{number}", number))


def wake(scene, data, action=None):
    event = scene.fires("introduce/welcome", subject="telegram:1", data=data)
    return scene.do(event, action or RemindIntroduction(introduce=INTRODUCE))


def test_a_silent_newcomer_is_reminded_twice_then_staff_are_told(scene):
    join(scene, 1, "Ann")
    scene.do(scene.fires("welcome"), GREET)
    asked = scene.now
    first = wake(scene.later(days=1), "1")
    assert first.said[0].startswith("Ann, we would love to know you")
    assert first.only(e.SendText).mentions == ("telegram:1",)
    assert first.only(c.SetTimer) == c.SetTimer("introduce/welcome", asked + timedelta(days=3), "telegram:1", "2")
    second = wake(scene.later(days=2), "2")
    assert second.only(c.SetTimer) == c.SetTimer("introduce/welcome", asked + timedelta(days=5), "telegram:1", "3")
    last = wake(scene.later(days=2), "3")
    assert last.only(e.SendText).group == "telegram:-200"
    assert "Ann (telegram:1)" in last.said[0]
    assert "2 reminders" in last.said[0]
    assert last.all(c.SetTimer) == []


def test_a_silent_newcomer_may_be_tagged_instead(scene):
    spec = IntroduceSpec(remind_after=(), then="tag_silent")
    wake(scene, "1", RemindIntroduction(introduce=spec))
    assert scene.member("telegram:1").tags == ["silent"]


def test_who_left_or_was_banned_is_not_reminded(scene):
    join(scene, 1)
    scene.later(hours=1).do(left(scene, 1))
    assert wake(scene, "1").effects == ()
    join(scene.later(hours=1), 1)
    assert wake(scene, "1").effects
    scene.member("telegram:1").banned = True
    assert wake(scene, "1").effects == ()


def test_a_group_bears_five_reminders_an_hour(scene):
    action = RemindIntroduction(introduce=INTRODUCE)
    for number in range(5):
        assert scene.do(scene.fires("introduce/welcome", subject=f"telegram:{number}", data="1"), action).effects
    sixth = scene.do(scene.fires("introduce/welcome", subject="telegram:6", data="1"), action)
    assert sixth.effects == ()
    assert sixth.only(c.SetTimer) == c.SetTimer("introduce/welcome", scene.now + timedelta(hours=1), "telegram:6", "1")
    assert scene.later(hours=1).do(scene.fires("introduce/welcome", subject="telegram:6", data="1"), action).effects


def test_an_introduction_becomes_the_profile_and_ends_the_reminders(scene):
    join(scene, 1, "小李")
    scene.do(scene.fires("welcome"), GREET)
    event = scene.later(hours=1).says(HELLO, by=scene.person("小李", 1))
    assert Introduces().holds(event, scene.facts(event))
    done = scene.do(event, StoreIntroduction(introduce=INTRODUCE))
    member = scene.member("telegram:1")
    assert member.profile == {"name": "小李", "city": "上海", "job": "后端"}
    assert (member.introduction, member.introduction_message) == (HELLO, "telegram:-100/55")
    assert done.only(c.CancelTimer) == c.CancelTimer("introduce*", "telegram:1")
    assert done.only(e.SendText).reply_to == "telegram:-100/55"
    assert wake(scene.later(days=1), "1").effects == ()
    assert not Introduces().holds(event, scene.facts(event))


def test_only_the_new_and_the_asked_introduce_themselves(scene):
    event = scene.says(HELLO)
    assert Introduces().holds(event, scene.facts(event))  # never seen before
    member = scene.member()
    member.first_seen = scene.now - timedelta(days=300)
    assert not Introduces().holds(event, scene.facts(event))
    member.asked_introduction_at = scene.now - timedelta(days=1)
    assert Introduces().holds(event, scene.facts(event))


def test_bots_and_forwarded_words_introduce_nobody(scene):
    event = scene.says(HELLO, by=scene.person(is_bot=True))
    assert not Introduces().holds(event, scene.facts(event))


def test_an_ordinary_message_of_a_newcomer_is_none(scene):
    event = scene.says("大家好，请问今天几点开始？")
    assert not Introduces().holds(event, scene.facts(event))
