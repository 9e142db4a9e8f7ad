"""What staff are told of a decision on a member: one message with buttons, kept up to date until they have decided.

A case is opened for what somebody may want undone. Its number is short: a command about it fits behind a button.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TypeVar

from msgspec.structs import replace

from rules.buttons import button, place_name, with_typed
from rules.changes import AddPoints, AddWarning, AskAtGate, Change, CountUse, DecideAtGate, OpenCase
from rules.effects import (
    BanMember,
    DeleteMessage,
    Effect,
    KickMember,
    MuteMember,
    Notice,
    SendText,
    kind_of,
)
from rules.events import Event, first_id, message_of, subject_of
from rules.facts import Facts, GroupSettings
from rules.quota import Quota
from rules.rulebook import Rule, Rulebook, walk
from rules.step import Library, RuleContext
from rules.text import Param, Text, key, say
from rules.values import Button
from rules.wording import excerpt, filling, to_staff

MARK = "case"
"""What a word to staff is marked with (``Notice.of``) that is about a decision on a member."""
KEPT_UP_TO_DATE = int(timedelta(days=365).total_seconds())
UNASKED = Quota(10, timedelta(minutes=10))
"""How many measures of rules staff are told of unasked; those beyond are in the report, and can be undone too."""
TOLD = "cases/told"
_NAMED = re.compile(r"(?:case|appeal)/(.+)/(\d{1,9})")
_MEASURES = (MuteMember, KickMember, BanMember)
_UNDOABLE = ("ban_member", "mute_member", "kick_member", "add_points", "add_warning")
_KEEP = {"ban_member": "keep_banned", "mute_member": "keep_muted"}

AD = "ad"
"""The name of the detector of advertisements."""

T = TypeVar("T")


def running_name(settings: GroupSettings, number: int, of: str = MARK) -> str:
    """The name under which the message about a case is kept up to date in the staff room."""
    return f"{of}/{settings.key}/{number}"


def case_named(name: str) -> tuple[str, int] | None:
    """The key of the group and the number of the case that a message so named is about; None for any other."""
    found = _NAMED.fullmatch(name)
    return None if found is None else (found[1], int(found[2]))


def done_by(effects: Iterable[Effect], changes: Iterable[Change], member: str) -> tuple[str, ...]:
    """What was done to a member and their message, the gravest first."""
    found: set[str] = set()
    for effect in effects:
        if isinstance(effect, DeleteMessage) or (isinstance(effect, _MEASURES) and effect.member == member):
            found.add(kind_of(effect))
    for change in changes:
        if isinstance(change, AddPoints) and change.member == member:
            found.add("add_points")
        elif isinstance(change, AddWarning) and change.member == member:
            found.add("add_warning")
    order = ("ban_member", "kick_member", "mute_member", "delete_message", "add_warning", "add_points")
    return tuple(name for name in order if name in found)


def acts_text(acts: Sequence[str]) -> Text:
    """What was done, one after the other."""
    parts = {f"n{index}": key(f"commands.act.{name}") for index, name in enumerate(acts)}
    return say(" · ".join(f"{{{name}}}" for name in parts), **parts)


def case_buttons(
    number: int, acts: Sequence[str], settings: GroupSettings, *, asked: bool = False, about_ads: bool = False
) -> tuple[Button, ...]:
    """What can be done about a decision: undo it, keep it, say that it was (no) advertisement, ask why.

    ``asked``: staff are asked to decide on the member, so that there is something to be left alone. ``about_ads``: the
    detection of advertisements had a say in it, and learns from what staff say of the message.
    """
    place = place_name(settings)
    undoable = any(act in _UNDOABLE for act in acts)
    found = [button("undo", f"/undo {number} {place}")] if undoable else []
    if asked:
        found.append(button("leave", f"/keep {number} {place}"))
    elif undoable:
        kept = next((_KEEP[act] for act in acts if act in _KEEP), "keep")
        found.append(button(kept, f"/keep {number} {place}"))
    if about_ads:
        found.append(button("is_ad", f"/spam {number} {place}"))
    if about_ads or "delete_message" in acts:
        found.append(button("no_ad", f"/noad {number} {place}"))
    return (*found, button("why", f"/why #{number} {place}"))


def is_about_ads(rule: Rule | None) -> bool:
    """Whether the detection of advertisements has a say in a rule."""
    return rule is not None and rule.condition is not None and any(AD in x.detectors() for x in walk(rule.condition))


def report(event: Event, facts: Facts, rule: RuleContext) -> Text:
    """What happened: who, where, under which rule, the first words."""
    message = message_of(event)
    subject = subject_of(event)
    more: dict[str, Param] = {"member": subject or ""}
    if subject is None:
        return key("alerts.group", **filling(event, facts, rule))
    if message is None:
        return key("alerts.member", **filling(event, facts, rule, **more))
    more |= {"message": message.id, "text": excerpt(facts.reading.text or message.text)}
    return key("alerts.message", **filling(event, facts, rule, **more))


def about(sent: SendText | None, member: str | None) -> SendText | None:
    """A word to staff, marked as being about what is decided on a member."""
    return sent if sent is None or member is None else replace(sent, notice=Notice(of=MARK, member=member))


class Opening:
    """The case of one decision in the making: its effects by rule, its changes."""

    def __init__(self, event: Event, facts: Facts, effects: list[Effect], by: list[str], changes: list[Change]) -> None:
        self._event = event
        self._facts = facts
        self._effects = effects
        self._by = by
        self._changes = changes

    def open(self, rulebook: Rulebook) -> None:
        """Put what staff are told of one member into one message, and open its case: the lists are altered.

        Where no rule tells them, they are told of a measure against a member all the same, quietly, unless the file
        says that they are not.
        """
        subject = subject_of(self._event)
        marked = [index for index, effect in enumerate(self._effects) if _is_marked(effect)]
        measures = [
            index
            for index, effect in enumerate(self._effects)
            if isinstance(effect, _MEASURES) and effect.member == subject and not self._at_gate(effect)
        ]
        unasked = self._facts.settings.tells_sanctions and self._facts.settings.staff_chat is not None
        if subject is None or not (marked or (unasked and measures)):
            return
        owner = self._by[(measures or marked)[0]]
        acts = done_by(self._effects, self._changes, subject)
        number = self._facts.group.next_case
        self._changes.append(self._case(number, subject, owner, acts, rulebook.library))
        if not marked:
            if not UNASKED.allows(self._facts.group.uses.get(TOLD, []), self._facts.now):
                return
            self._changes.append(CountUse(use=TOLD, keep=int(UNASKED.period.total_seconds())))
        told = [effect for index in marked if isinstance(effect := self._effects[index], SendText)]
        texts = _each_once([effect.text for effect in told])
        if not texts:
            rule = rulebook.rule(owner)
            context = RuleContext(owner, rule.name if rule is not None else "", rulebook.library)
            texts = [report(self._event, self._facts, context)]
        buttons = _each_once([button for effect in told for button in effect.buttons])
        about_ads = message_of(self._event) is not None and any(is_about_ads(rulebook.rule(id_)) for id_ in self._by)
        silent = all(effect.silent for effect in told)
        message = self._message(number, acts, texts, buttons, silent=silent, about_ads=about_ads)
        teller = self._by[marked[0]] if marked else owner
        for index in reversed(marked):
            del self._effects[index], self._by[index]
        place = marked[0] if marked else len(self._effects)
        if message is not None:
            self._effects.insert(place, message)
            self._by.insert(place, teller)

    def _at_gate(self, effect: Effect) -> bool:
        """Whether a measure is part of asking somebody at the gate, of which the gate tells staff itself."""
        if isinstance(effect, MuteMember):
            return any(
                isinstance(change, AskAtGate) and change.muted and change.member == effect.member
                for change in self._changes
            )
        return isinstance(effect, KickMember) and any(
            isinstance(change, DecideAtGate) and change.member == effect.member for change in self._changes
        )

    def _case(self, number: int, member: str, rule: str, acts: tuple[str, ...], library: Library) -> OpenCase:
        names = {change.ladder for change in self._changes if isinstance(change, AddPoints)}
        climbed = [library.ladders[name] for name in sorted(names) if name in library.ladders]
        within = [ladder.appeal_within for ladder in climbed if ladder.appeal_within is not None]
        answers = [ladder.answer_within for ladder in climbed if ladder.answer_within is not None]
        message = message_of(self._event)
        return OpenCase(
            number=number,
            member=member,
            event=first_id(self._event),
            rule=rule,
            message=message.id if message is not None else None,
            acts=acts,
            appeal_until=self._facts.now + max(within) if within else None,
            answer_within=int(min(answers).total_seconds()) if answers else None,
        )

    def _message(
        self,
        number: int,
        acts: tuple[str, ...],
        texts: Sequence[Text],
        own: Sequence[Button],
        *,
        silent: bool,
        about_ads: bool,
    ) -> SendText | None:
        settings = self._facts.settings
        if acts:
            texts = (*texts, key("cases.done", number=number, items=acts_text(acts)))
        buttons = (*own, *case_buttons(number, acts, settings, asked=bool(own), about_ads=about_ads))
        text = texts[0] if len(texts) == 1 else say("{items}", items=tuple(texts))
        sent = to_staff(self._facts, with_typed(text, buttons, self._facts), buttons, silent=silent)
        return None if sent is None else kept_up_to_date(sent, settings, number)


def kept_up_to_date(sent: SendText, settings: GroupSettings, number: int, of: str = MARK) -> SendText:
    """A word to staff on a case, in the place of the one before."""
    return replace(sent, running=running_name(settings, number, of), runs_for=KEPT_UP_TO_DATE)


def _is_marked(effect: Effect) -> bool:
    return isinstance(effect, SendText) and effect.notice is not None and effect.notice.of == MARK


def _each_once(found: Sequence[T]) -> list[T]:
    return [one for index, one in enumerate(found) if one not in found[:index]]
