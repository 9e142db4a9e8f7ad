"""What one decision has to tell one member is one message, and no measure is announced that does not count."""

from datetime import timedelta

import pytest

from rules import changes as c
from rules import effects as e
from rules.actions.ladder import Ladder
from rules.actions.messages import Delete, Hold
from rules.actions.remind import Remind
from rules.actions.sanctions import Ban, Kick, Mute, Warn
from rules.actions.talk import Reply
from rules.capability import Capability
from rules.engine import decide
from rules.rulebook import Rule, assemble
from rules.step import LadderSteps, Library, Rung

TOLD = (e.SendText, e.SendPrivate)


def rule(name, *actions):
    return Rule(
        id=name,
        name=f"Rule {name}",
        kinds=frozenset({"message"}),
        condition=None,
        actions=actions,
        groups=frozenset({"reading"}),
    )


def mute(length, **more):
    return Mute.model_validate({"for": length, **more})


@pytest.fixture
def decided(scene):
    def of(*rules, ladders=None):
        rulebook = assemble("1", rules, [scene.settings], Library(ladders=ladders or {}))
        event = scene.says("加微信 https://spam.example")
        return decide(event, scene.facts(event), rulebook)

    return of


def told(decision, scene):
    """What the member is told: in the group, or alone with what is said in the group where that fails."""
    return [
        (scene.read(effect.text), scene.read(effect.otherwise.text) if isinstance(effect, e.SendPrivate) else "")
        for effect in decision.effects
        if isinstance(effect, TOLD)
    ]


def test_a_mute_and_a_reminder_are_one_message(scene, decided):
    decision = decided(rule("flood", mute("10m"), Remind(of="Please write whole messages.")))
    ((said, _),) = told(decision, scene)
    first, second = said.split("\n")
    assert first.startswith("Ann cannot write here for 10 minutes")
    assert "Reason: Rule flood" in first
    assert second == "Please write whole messages."
    assert [type(effect) for effect in decision.effects] == [e.MuteMember, e.SendText]


def test_so_are_those_of_a_ladders_step(scene, decided):
    ladders = {"ads": LadderSteps((Rung(1, (Remind(of="No ads, please."), Delete(), mute("1h"))),), timedelta(days=30))}
    decision = decided(rule("ads", Ladder(name="ads")), ladders=ladders)
    ((said, _),) = told(decision, scene)
    assert said.startswith("Ann cannot write here for 1 hour")
    assert said.endswith("\nNo ads, please.")
    assert decision.by == ("ads", "ads", "ads")
    assert "notice: told in one message with another" in decision.trace.rules[0].remarks


def test_a_warning_and_a_reminder_reach_the_member_alone_in_one_message(scene, decided):
    decision = decided(rule("a", Warn(text="Be kind.")), rule("b", Remind(of="No ads.", otherwise="Ads? Not here.")))
    ((alone, aloud),) = told(decision, scene)
    assert alone.splitlines()[1:] == ["No ads."]
    assert "Be kind." in alone
    assert aloud.splitlines()[1:] == ["Ads? Not here."]


def test_the_one_message_stands_as_long_as_the_longest_would(scene, decided):
    decision = decided(rule("a", mute("10m"), Remind.model_validate({"of": "No ads.", "delete_after": "1h"})))
    (sent,) = [effect for effect in decision.effects if isinstance(effect, e.SendText)]
    assert (sent.delete_after, sent.mentions) == (3600, ("telegram:7",))


def test_a_reminder_of_what_the_mute_gives_as_its_reason_is_not_added(scene, decided):
    decision = decided(rule("a", mute("10m", reason="No ads."), Remind(of="No ads.")))
    ((said, _),) = told(decision, scene)
    assert said.count("No ads.") == 1


@pytest.mark.parametrize(("first", "second", "counts"), [("10m", "2h", "b"), ("2h", "10m", "a"), ("2h", "2h", "a")])
def test_of_two_mutes_only_the_one_that_counts_is_announced(scene, decided, first, second, counts):
    decision = decided(rule("a", mute(first)), rule("b", mute(second)))
    ((said, _),) = told(decision, scene)
    assert "for 2 hours" in said
    assert f"Rule {counts}" in said
    assert decision.by == (counts, counts)
    muted = {change.until for change in decision.changes if isinstance(change, c.SetMuted)}
    assert muted == {scene.now + timedelta(hours=2)}


@pytest.mark.parametrize("quietly", [True, False])
def test_a_mute_that_a_removal_replaces_is_not_announced(scene, decided, quietly):
    decision = decided(rule("a", mute("10m"), Remind(of="No ads.")), rule("b", Kick(quietly=quietly)))
    ((alone, aloud),) = told(decision, scene)
    assert "cannot write" not in alone + aloud
    assert alone.endswith("No ads.")
    assert ("You were removed" in alone) is not quietly
    assert not [change for change in decision.changes if isinstance(change, c.SetMuted)]


def test_a_ban_and_a_held_message_are_told_together_in_the_group_where_nobody_is_told_alone(scene, decided):
    scene.without(Capability.SEND_PRIVATE)
    decision = decided(rule("a", Hold()), rule("b", Ban.model_validate({"for": "7d"})))
    ours = [effect for effect in decision.effects if isinstance(effect, TOLD) and effect.group == "telegram:-100"]
    (sent,) = ours
    assert scene.read(sent.text).startswith("Ann was removed until")
    assert len(scene.read(sent.text).splitlines()) == 2


def test_the_one_word_that_is_said_stays_marked_as_keeping_order(scene, decided):
    for actions in ((mute("10m"),), (Remind(of="No ads."),), (Warn(text="x"), Remind(of="No ads."))):
        effects = decided(rule("a", *actions)).effects
        said = [effect for effect in effects if isinstance(effect, TOLD) and effect.group == "telegram:-100"]
        assert [effect.notice is not None for effect in said] == [True]


def test_the_words_of_other_actions_stay_apart(scene, decided):
    decision = decided(rule("a", Reply(text="hello"), Reply(text="again"), Remind(of="No ads.")))
    assert len(told(decision, scene)) == 3
