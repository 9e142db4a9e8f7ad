"""One decision out of what several rules ask for: what is asked for twice is done once, and a member is told once.

Where several rules take measures against one member, the strictest counts, and one that does not count is not
announced. What is left to tell one member is one message: the notice of the strictest, with the gist of the others.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import cast

from msgspec.structs import replace

from rules import decision as d
from rules.cases import MARK, Opening
from rules.changes import AskAtGate, Change, SetMuted
from rules.decision import Decision, RuleTrace, Trace
from rules.effects import BanMember, DeleteMessage, Effect, KickMember, MuteMember, SendPrivate, SendText, kind_of
from rules.rulebook import Rulebook
from rules.step import Remark
from rules.text import Text
from rules.values import Button

_VERB: dict[type, str] = {MuteMember: "mute", KickMember: "kick", BanMember: "ban"}
_WEIGHT = {"remind": 0, "hold": 1, "warn": 2, "mute": 3, "kick": 4, "ban": 5}
_FOR_EVER = datetime.max.replace(tzinfo=UTC)

_Measure = MuteMember | KickMember | BanMember
_Notice = SendText | SendPrivate


def gather(trace: Trace, rulebook: Rulebook) -> Decision:
    """What the rules that fired ask for together."""
    gathering = _Gathering()
    changes: list[Change] = []
    for part in trace.rules:
        if part.outcome == d.FIRED:
            gathering.add(part)
            changes += part.changes
    if gathering.merged:
        mutes = {(effect.member, effect.until) for effect in gathering.effects if isinstance(effect, MuteMember)}
        changes = [
            change
            for change in changes
            if not isinstance(change, SetMuted) or not change.muted or (change.member, change.until) in mutes
        ]
        changes = list(_kept_apart(changes))
    gathering.tell_once()
    by = [owner.rule for owner in gathering.owners]
    Opening(trace.event, trace.facts, gathering.effects, by, changes).open(rulebook)
    return Decision(tuple(gathering.effects), tuple(changes), tuple(by), trace)


class _Gathering:
    """The effects taken so far, in order, with the part of the rule that each is from."""

    def __init__(self) -> None:
        self.effects: list[Effect] = []
        self.owners: list[RuleTrace] = []
        self.merged = False

    def add(self, part: RuleTrace) -> None:
        """Take what a rule asks for, as far as it adds to what others ask for."""
        uncounted: set[tuple[str, str]] = set()
        for effect in part.effects:
            if isinstance(effect, (MuteMember, KickMember, BanMember)):
                measure = (_VERB[type(effect)], effect.member)
                (uncounted.discard if self._measure(effect, part) else uncounted.add)(measure)
            elif isinstance(effect, DeleteMessage) and effect in self.effects:
                self._merge(effect, part)
            elif (about := _about(effect)) is None or about not in uncounted:
                self._take(effect, part)

    def tell_once(self) -> None:
        """Fold the notices to each member into one, which stays marked: it keeps order, at night too."""
        notices: dict[str, list[int]] = {}
        for index, effect in enumerate(self.effects):
            about = _about(effect)
            if about is not None:
                notices.setdefault(about[1], []).append(index)
        unneeded: set[int] = set()
        for indices in notices.values():
            strictest, *others = sorted(indices, key=self._weight, reverse=True)
            folded = _fold(self._notice(strictest), [self._notice(index) for index in sorted(others)])
            self.effects[strictest] = folded
            unneeded.update(others)
            for index in others:
                _remark(self.owners[index], "notice: told in one message with another")
        for index in sorted(unneeded, reverse=True):
            del self.effects[index], self.owners[index]

    def _measure(self, effect: _Measure, part: RuleTrace) -> bool:
        """Whether a measure counts; it takes the place of a milder one, which then is not announced."""
        for index, taken in enumerate(self.effects):
            if isinstance(taken, (MuteMember, KickMember, BanMember)) and taken.member == effect.member:
                self._merge(effect, part)
                if _strictness(effect, part) <= _strictness(taken, self.owners[index]):
                    return False
                self.effects[index], self.owners[index] = effect, part
                self._withdraw((_VERB[type(taken)], taken.member))
                return True
        self._take(effect, part)
        return True

    def _take(self, effect: Effect, part: RuleTrace) -> None:
        self.effects.append(effect)
        self.owners.append(part)

    def _merge(self, effect: Effect, part: RuleTrace) -> None:
        self.merged = True
        _remark(part, f"{kind_of(effect)}: asked for by several rules, the strictest counts")

    def _withdraw(self, measure: tuple[str, str]) -> None:
        for index, effect in enumerate(self.effects):
            if _about(effect) == measure:
                del self.effects[index], self.owners[index]
                return

    def _notice(self, index: int) -> _Notice:
        return cast(_Notice, self.effects[index])

    def _weight(self, index: int) -> int:
        about = _about(self.effects[index])
        return -1 if about is None else _WEIGHT.get(about[0], 0)


def _remark(part: RuleTrace, words: str) -> None:
    part.remarks = (*part.remarks, Remark(words))


def _kept_apart(changes: Sequence[Change]) -> Iterator[Change]:
    """Whoever is muted by a rule was not muted to be asked at the gate, and passing it lifts nothing."""
    muted = {change.member for change in changes if isinstance(change, SetMuted) and change.muted}
    for change in changes:
        yield replace(change, muted=False) if isinstance(change, AskAtGate) and change.member in muted else change


def _strictness(effect: _Measure, part: RuleTrace) -> tuple[int, datetime]:
    """How severe a measure is; a voice that comes back with an answer at the gate is the mildest, whenever that is."""
    if any(
        isinstance(change, AskAtGate) and change.muted and change.member == effect.member for change in part.changes
    ):
        return -1, _FOR_EVER
    until = None if isinstance(effect, KickMember) else effect.until
    return _WEIGHT[_VERB[type(effect)]], until or _FOR_EVER


def _about(effect: Effect) -> tuple[str, str] | None:
    """What a notice tells of, and whom; None of anything else."""
    if isinstance(effect, (SendText, SendPrivate)) and effect.notice is not None and effect.notice.of != MARK:
        return effect.notice.of, effect.notice.member
    return None


def _fold(first: _Notice, others: Sequence[_Notice]) -> _Notice:
    """One notice that also says what the others say. What is for the group says it in the words for the group."""
    if isinstance(first, SendPrivate):
        aloud = first.otherwise
        return replace(
            first,
            text=_joined(first.text, [_gist(other) for other in others]),
            buttons=_buttons(first, others),
            otherwise=None if aloud is None else _aloud(aloud, others),
        )
    return _aloud(first, others)


def _aloud(first: SendText, others: Sequence[_Notice]) -> SendText:
    spoken = list(_for_the_group(others))
    standing = [notice.delete_after for notice in (first, *spoken)]
    return replace(
        first,
        text=_joined(first.text, [_gist(notice) for notice in spoken]),
        buttons=_buttons(first, spoken),
        delete_after=None if None in standing else max(seconds for seconds in standing if seconds is not None),
    )


def _buttons(first: _Notice, others: Sequence[_Notice]) -> tuple[Button, ...]:
    """What can be pressed below the one notice: each of their buttons once."""
    return tuple({button.data: button for one in (first, *others) for button in one.buttons}.values())


def _for_the_group(notices: Sequence[_Notice]) -> Iterator[SendText]:
    for notice in notices:
        aloud = notice.otherwise if isinstance(notice, SendPrivate) else notice
        if aloud is not None:
            yield aloud


def _gist(notice: _Notice) -> Text:
    return notice.notice.gist or notice.text if notice.notice is not None else notice.text


def _joined(first: Text, more: Sequence[Text]) -> Text:
    """Texts one a line, none that was the first one's reason already."""
    reason = first.params.get("reason")
    added = tuple(text for text in more if text != reason)
    return Text(literal="{items}", params={"items": (first, *added)}) if added else first
