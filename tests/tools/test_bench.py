"""The measurements measure what they say: rules that nothing matches, and a bot through which everything goes."""

import pytest
from rich.console import Console

from rules.engine import decide
from rules.memory import GroupMemory
from tools.bench import decisions, pipeline
from tools.bench.result import Figure, print_figures


@pytest.mark.parametrize("rules", [10, 50])
def test_the_messages_that_are_measured_match_no_rule(rules: int) -> None:
    rulebook = decisions.rulebook_of(rules, 1000)
    assert sum(not rule.internal for rule in rulebook.rules) == rules
    assert len(rulebook.phrases) >= 900
    settings = rulebook.groups[decisions.CHAT].settings
    memory = GroupMemory(decisions.CHAT, rulebook.horizon)
    for number, text in enumerate(decisions.messages(100)):
        event = decisions.posted(text, number)
        decision = decide(event, memory.facts_for(event, settings), rulebook)
        assert decision.effects == ()
        assert decision.trace is not None
        assert len(decision.trace.rules) == rules
        assert len(text) == decisions.LETTERS


def test_every_message_goes_through_and_every_advertisement_is_acted_on() -> None:
    rulebook = pipeline._many_groups(decisions.rulebook_of(10, 50, pipeline.HIT))
    _, _, performed = pipeline._run(rulebook, 500)
    assert performed == 2 * 500 / pipeline.EVERY


def test_a_table_tells_met_aims_from_missed_ones(capsys: pytest.CaptureFixture[str]) -> None:
    figures = [Figure("fast", 10, "µs", 60), Figure("slow", 90, "µs", 60), Figure("many", 4000, "/s", 3000, more=True)]
    assert [figure.met for figure in figures] == [True, False, True]
    print_figures("All", figures, Console(width=120))
    lines = capsys.readouterr().out.splitlines()
    assert ["✓" in line for line in lines if "µs" in line or "/s" in line] == [True, False, True]
    assert "≥ 3,000 /s" in lines[-2]
