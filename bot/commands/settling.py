"""Closing a case: what is recorded, and what the staff room reads instead of the buttons."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bot.commands.arguments import first_word, target_of
from bot.commands.base import actor_name, called
from rules.capability import Capability
from rules.cases import MARK, acts_text, kept_up_to_date
from rules.changes import CancelTimer, CloseCase
from rules.events import CommandIssued
from rules.facts import Facts
from rules.step import Outcome
from rules.text import Param, Text, key, say
from rules.wording import excerpt, group_name, local_time, to_staff

if TYPE_CHECKING:
    from bot.desk import Desk
    from storage.cases import Case

APPEAL = "appeal"
"""The timer that reminds staff of an appeal, and the name of the message about it; each case has its own."""
QUOTED = 1_000
"""Characters of a removed message that staff can still read."""
LONGEST_NUMBER = 9
"""Digits of the number of a case."""
_OUTCOMES = frozenset({"undone", "kept", "no_ad", "ad"})


def closed(case: "Case", outcome: str, issued: CommandIssued, facts: Facts, desk: "Desk") -> Iterator[Outcome]:
    """A case is decided: its messages in the staff room say by whom and how, and offer nothing more to press."""
    yield CloseCase(number=case.number, outcome=outcome, by=issued.actor.id)
    if case.appealed_at is not None and case.answer_within is not None:
        yield CancelTimer(name=f"{APPEAL}#{case.number}", subject=case.member)
    names = (MARK, APPEAL) if case.appealed_at is not None else (MARK,)
    text = case_text(case, facts, desk, group_name(issued, facts))
    yield from card_closed(case.number, names, text, outcome_words(outcome, desk), issued, facts)


def card_closed(
    number: int, names: Iterable[str], text: Text, value: Text, issued: CommandIssued, facts: Facts
) -> Iterator[Outcome]:
    """What the staff room reads instead of a question and its buttons: what it was about, and what became of it.

    ``names`` are those under which its messages are kept up to date.
    """
    if Capability.EDIT_OWN not in facts.settings.staff_capabilities:
        return  # whoever decides is answered there: a second message would only repeat it
    verdict = key("cases.closed", text=text, value=value, actor=actor_name(issued), time=local_time(facts.now, facts))
    for name in names:
        told = to_staff(facts, verdict, silent=True)
        if told is not None:
            yield kept_up_to_date(told, facts.settings, number, name)


def case_number(args: str) -> int | None:
    """The number of a case that arguments begin with, as ``12`` or ``#12``; None where they begin otherwise."""
    word = first_word(args).removeprefix("#")
    return int(word) if word.isdecimal() and word.isascii() and len(word) <= LONGEST_NUMBER else None


def outcome_words(outcome: str, desk: "Desk") -> Text:
    """What staff made of a case."""
    return key(f"cases.outcome.{outcome}") if outcome in _OUTCOMES else called(outcome, desk)


def case_text(case: "Case", facts: Facts, desk: "Desk", group: str) -> Text:
    """What a case is about: the member, the rule, what was done, and the words, as long as they are kept."""
    rule = desk.setup.rulebook.rule(case.rule)
    words: dict[str, Param] = {
        "number": case.number,
        "name": target_of(case.member, desk).name,
        "member": case.member,
        "group": group,
        "rule": (rule.name or rule.id) if rule is not None else case.rule,
    }
    parts = [key("cases.about", **words)]
    posted = desk.posted(case.message) if case.message is not None else None
    if posted is not None and posted.text:
        parts.append(key("cases.quoted", text=excerpt(posted.text, QUOTED)))
    if case.acts:
        parts.append(key("cases.done", number=case.number, items=acts_text(case.acts)))
    return say("{items}", items=tuple(parts))
