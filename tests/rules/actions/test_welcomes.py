"""Batched welcomes, raids, introductions and their reminders, played through with timers."""

from datetime import timedelta

from rules import changes as c
from rules import effects as e
from rules.actions.introduction import RemindIntroduction, StoreIntroduction
from rules.actions.switches import PauseWelcome
from rules.actions.welcome import QueueWelcome, SendWelcome, UnqueueWelcome
from rules.apply import apply
from rules.capability import Capability
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
    timer = done.only(c.SetTimer)
    assert timer.name.partition("#")[0] == "introduce/welcome"
    assert timer.due == scene.now + timedelta(days=1)
    assert all(f"telegram:{n}" in timer.data for n in (1, 2, 3, 4))


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


GROW = SendWelcome(welcome=WelcomeSpec(max_names=2, grow_for="30m"))


def test_who_comes_soon_after_a_greeting_is_added_to_it_and_nobody_is_pinged_twice(scene):
    join(scene, 1)
    join(scene, 2)
    first = scene.do(scene.fires("welcome"), GROW)
    join(scene.later(minutes=29), 3)
    second = scene.do(scene.fires("welcome"), GROW)
    assert first.only(e.SendText).running == second.only(e.SendText).running != ""
    assert second.only(e.SendText).mentions == ("telegram:3",)
    assert "P3, P2 and 1 other" in second.said[0]
    assert second.only(e.SendText).runs_for >= 1800


def test_a_greeting_that_has_stood_its_time_is_followed_by_another(scene):
    join(scene, 1)
    first = scene.do(scene.fires("welcome"), GROW)
    join(scene.later(minutes=30), 2)
    second = scene.do(scene.fires("welcome"), GROW)
    assert first.only(e.SendText).running != second.only(e.SendText).running
    assert "P1" not in second.said[0]
    join(scene.later(minutes=29), 3)
    assert "P3, P2" in scene.do(scene.fires("welcome"), GROW).said[0]


def test_a_greeting_that_is_taken_away_grows_no_more(scene):
    brief = SendWelcome(welcome=WelcomeSpec(grow_for="30m", delete_after="10m"))
    join(scene, 1)
    scene.do(scene.fires("welcome"), brief)
    join(scene.later(minutes=10), 2)
    assert "P1" not in scene.do(scene.fires("welcome"), brief).said[0]


def test_a_greeting_of_very_many_counts_them(scene):
    for batch in range(4):
        for number in range(10):
            join(scene, batch * 10 + number)
        done = scene.later(minutes=2).do(scene.fires("welcome"), GROW)
    assert "P30, P31 and 38 others" in done.said[0]


def test_a_platform_that_changes_no_message_cannot_let_a_greeting_grow():
    assert Capability.EDIT_OWN in GROW.required()
    assert Capability.EDIT_OWN not in GREET.required()


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


def welcomed(scene, *names, **more):
    """People join and are greeted together. What the welcome did."""
    for number, name in enumerate(names, start=1):
        join(scene, number, name)
    return scene.do(scene.fires("welcome"), GREET if not more else SendWelcome(**more))


def wake(scene, done, action=None):
    """The timer fires that was set last. What comes of it."""
    timer = done.only(c.SetTimer)
    scene.now = timer.due
    event = scene.fires(timer.name, subject=timer.subject, data=timer.data)
    return scene.do(event, action or RemindIntroduction(introduce=INTRODUCE))


def introduces(scene, number, name):
    event = scene.says(HELLO, by=scene.person(name, number))
    return scene.do(event, StoreIntroduction(introduce=INTRODUCE))


def test_a_silent_newcomer_is_reminded_twice_then_staff_are_told(scene):
    greeted = welcomed(scene, "Ann")
    asked = scene.now
    first = wake(scene, greeted)
    assert scene.now == asked + timedelta(days=1)
    assert first.said[0].startswith("Ann, we would love to know you")
    assert first.only(e.SendText).mentions == ("telegram:1",)
    second = wake(scene, first)
    assert scene.now == asked + timedelta(days=3)
    last = wake(scene, second)
    assert scene.now == asked + timedelta(days=5)
    assert last.only(e.SendText).group == "telegram:-200"
    assert "Ann (telegram:1)" in last.said[0]
    assert "2 reminders" in last.said[0]
    assert last.all(c.SetTimer) == []


def test_newcomers_who_were_welcomed_together_are_reminded_in_one_message(scene):
    scene.setting(mentions_per_post=3)
    first = wake(scene, welcomed(scene, *(f"P{number}" for number in range(1, 21))))
    assert first.said == [first.said[0]]
    assert first.said[0].startswith("P1, P2, P3 and 17 others, we would love to know you")
    assert first.only(e.SendText).mentions == ("telegram:1", "telegram:2", "telegram:3")
    assert all(scene.member(f"telegram:{number}").introduction_reminders == 1 for number in range(1, 21))


def test_staff_are_told_in_one_message_of_all_who_stayed_silent(scene):
    first = wake(scene, welcomed(scene, "Ann", "Bo", "Cy"))
    last = wake(scene, wake(scene, first))
    assert last.only(e.SendText).group == "telegram:-200"
    assert "3 people" in last.said[0]
    assert last.said[0].endswith("• Ann (telegram:1)\n• Bo (telegram:2)\n• Cy (telegram:3)")


def test_staff_are_told_the_first_names_of_very_many(scene):
    told = wake(
        scene,
        wake(
            scene,
            wake(
                scene,
                welcomed(
                    scene, *(f"P{n}" for n in range(1, 23)), welcome=WelcomeSpec(pause_at_joins=50), introduce=INTRODUCE
                ),
            ),
        ),
    )
    assert "P20 (telegram:20)" in told.said[0]
    assert "P21" not in told.said[0]
    assert told.said[0].endswith("… and 2 more")


def test_only_those_who_are_still_silent_are_reminded(scene):
    greeted = welcomed(scene, "Ann", "Bo", "Cy", "Di", "Ed")
    scene.later(hours=1)
    introduces(scene, 2, "Bo")
    scene.do(left(scene, 3))
    scene.member("telegram:4").banned = True
    first = wake(scene, greeted)
    assert first.said[0].startswith("Ann, Ed, we would love")
    introduces(scene, 1, "Ann")
    assert wake(scene, first).only(e.SendText).mentions == ("telegram:5",)


def test_nothing_is_said_where_everybody_has_introduced_themselves_or_gone(scene):
    greeted = welcomed(scene, "Ann", "Bo")
    introduces(scene.later(hours=1), 1, "Ann")
    scene.do(left(scene, 2))
    done = wake(scene, greeted)
    assert (done.effects, done.changes, len(done.remarks)) == ((), (), 1)


def test_who_was_forgotten_is_reminded_no_more(scene):
    greeted = welcomed(scene, "Ann")
    apply([c.ForgetMember("telegram:1")], scene.now, scene.group, scene.member)
    assert wake(scene, greeted).effects == ()


def test_who_comes_back_before_the_reminder_is_reminded(scene):
    greeted = welcomed(scene, "Ann")
    scene.later(hours=1).do(left(scene, 1))
    join(scene.later(hours=1), 1, "Ann")
    assert wake(scene, greeted).said[0].startswith("Ann, ")


def test_silent_newcomers_may_be_tagged_instead(scene):
    spec = IntroduceSpec(remind_after=(), then="tag_silent")
    greeted = welcomed(scene, "Ann", "Bo", welcome=WelcomeSpec(), introduce=spec)
    assert wake(scene, greeted, RemindIntroduction(introduce=spec)).effects == ()
    assert [scene.member(f"telegram:{n}").tags for n in (1, 2)] == [["silent"], ["silent"]]


def test_a_group_bears_five_reminders_an_hour(scene):
    batches = []
    for number in range(6):
        join(scene.later(minutes=2), number)
        batches.append(scene.do(scene.fires("welcome"), GREET))
    *five, sixth = batches
    assert all(wake(scene, batch).effects for batch in five)
    later = wake(scene, sixth)
    assert later.effects == ()
    (before, after) = sixth.only(c.SetTimer), later.only(c.SetTimer)
    assert after == c.SetTimer(before.name, scene.now + timedelta(hours=1), data=before.data)
    assert wake(scene, later).effects


def test_an_introduction_becomes_the_profile_and_ends_the_reminders(scene):
    join(scene, 1, "小李")
    greeted = scene.do(scene.fires("welcome"), GREET)
    event = scene.later(hours=1).says(HELLO, by=scene.person("小李", 1))
    assert Introduces().holds(event, scene.facts(event))
    done = scene.do(event, StoreIntroduction(introduce=INTRODUCE))
    member = scene.member("telegram:1")
    assert member.profile == {"name": "小李", "city": "上海", "job": "后端"}
    assert (member.introduction, member.introduction_message) == (HELLO, "telegram:-100/55")
    assert done.only(e.SendText).reply_to == "telegram:-100/55"
    assert wake(scene, greeted).effects == ()
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
