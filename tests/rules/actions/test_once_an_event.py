"""Several rules that hold for one event do together what is done once, once."""

from datetime import timedelta

from rules import changes as c
from rules import effects as e
from rules.actions.ladder import Ladder
from rules.actions.messages import Delete
from rules.actions.remind import Remind
from rules.engine import decide
from rules.rulebook import ENFORCE, SHADOW, Rule, assemble
from rules.step import LadderSteps, Library, Rung

LADDERS = {"ads": LadderSteps((Rung(1, (Delete(), Remind(of="rules.no_ads"))),), timedelta(days=30))}


def decided(scene, *rules):
    rulebook = assemble("1", rules, [scene.settings], Library(ladders=LADDERS))
    event = scene.says("加微信 https://spam.example")
    return decide(event, scene.facts(event), rulebook)


def rule(name, *actions, mode=ENFORCE):
    return Rule(
        id=name,
        name=name,
        kinds=frozenset({"message"}),
        condition=None,
        actions=actions,
        mode=mode,
        groups=frozenset({"reading"}),
    )


def test_one_message_that_two_rules_find_is_one_breach(scene):
    decision = decided(scene, rule("links", Ladder(name="ads")), rule("phrases", Ladder(name="ads")))
    assert [type(effect) for effect in decision.effects] == [e.DeleteMessage, e.SendPrivate]
    assert len([change for change in decision.changes if isinstance(change, c.AddPoints)]) == 1
    assert "ladder ads: done by an earlier rule" in decision.trace.rules[1].remarks


def test_one_rule_is_recalled_once_a_message(scene):
    decision = decided(scene, rule("links", Ladder(name="ads")), rule("phrases", Remind(of="rules.no_ads")))
    assert len([effect for effect in decision.effects if isinstance(effect, e.SendPrivate)]) == 1


def test_a_rule_in_shadow_mode_keeps_no_other_from_acting(scene):
    shadow = rule("links", Ladder(name="ads"), mode=SHADOW)
    decision = decided(scene, shadow, rule("phrases", Ladder(name="ads")))
    assert [type(effect) for effect in decision.effects] == [e.DeleteMessage, e.SendPrivate]
    assert [type(effect) for effect in decision.trace.rules[0].effects] == [e.DeleteMessage, e.SendPrivate]
