"""From effects to deliveries: texts rendered in the group's language, posts held back during quiet hours."""

from dataclasses import dataclass

from msgspec.structs import replace

from bot.quiet import held_until, is_post
from bot.setup import Setup
from rules.decision import Decision
from rules.effects import AnswerButton, EditText, Effect, RenameGroup, SendPrivate, SendText, SetAnnouncement, lane_of
from rules.events import Event
from rules.facts import Facts, GroupSettings
from rules.state import GroupState
from rules.text import Text
from rules.values import Button
from storage.outbox import Delivery

TOAST = 200
"""Characters of a word to who pressed a button: no platform shows more."""


@dataclass(frozen=True, slots=True)
class Held:
    """Something that waits for the end of quiet hours: decided by ``rule``, ``until`` then as clocks there show it."""

    group: str
    rule: str
    effect: str
    until: str


class Delivering:
    """The deliveries of one transaction, in order."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self.deliveries: list[Delivery] = []
        self.held: list[Held] = []

    def add(self, event: Event, decision: Decision, facts: Facts) -> None:
        """Queue a decision's effects. Variants of texts take turns, counted in the group's state."""
        if not decision.effects:
            return
        quiet = facts.settings.quiet_hours
        for position, (effect, rule) in enumerate(zip(decision.effects, decision.by, strict=True)):
            there = self._settings(effect.group, facts)
            not_before = held_until(effect, event, facts, there)
            drops = quiet is not None and quiet.late_posts == "drop"
            if not_before is not None and drops and is_post(effect, event):
                continue
            if not_before is not None:
                local = not_before.astimezone(there.timezone)
                self.held.append(Held(effect.group, rule, type(effect).__name__, f"{local:%Y-%m-%d %H:%M}"))
            self.deliveries.append(
                Delivery(
                    event=event.id,
                    position=position,
                    group=effect.group,
                    lane=lane_of(effect),
                    effect=self._rendered(effect, facts),
                    rule=rule,
                    created_at=event.at,
                    not_before=not_before,
                )
            )

    def _rendered(self, effect: Effect, facts: Facts) -> Effect:
        if isinstance(effect, (SendText, SendPrivate)) and effect.notice is not None:
            effect = replace(effect, notice=None)  # a mark for what is decided, and none for what is performed
        if isinstance(effect, (SendText, EditText)):
            return replace(
                effect,
                text=self._words(effect.text, effect.group, facts),
                buttons=self._labelled(effect.buttons, effect.group, facts),
            )
        if isinstance(effect, SetAnnouncement):
            return replace(effect, text=self._words(effect.text, effect.group, facts))
        if isinstance(effect, RenameGroup):
            words = self._words(effect.name, effect.group, facts).literal or ""
            return replace(effect, name=Text(literal=" ".join(words.split())))
        if isinstance(effect, AnswerButton) and effect.text is not None:
            words = self._words(effect.text, effect.group, facts).literal or ""
            return replace(effect, text=Text(literal=words if len(words) <= TOAST else f"{words[: TOAST - 1]}…"))
        if isinstance(effect, SendPrivate):
            otherwise = effect.otherwise
            return replace(
                effect,
                text=self._words(effect.text, effect.group, facts),
                buttons=self._labelled(effect.buttons, effect.group, facts),
                otherwise=None if otherwise is None else self._rendered(otherwise, facts),
            )
        return effect

    def _labelled(self, buttons: tuple[Button, ...], chat: str, facts: Facts) -> tuple[Button, ...]:
        """The buttons with their labels in words."""
        return tuple(
            replace(button, text=self._words(button.label, chat, facts).literal or "", label=None)
            if button.label is not None
            else button
            for button in buttons
        )

    def _settings(self, chat: str, facts: Facts) -> GroupSettings:
        """Those of the group that something is for, or in which it was decided where that one is not kept."""
        book = self._setup.rulebook.group(chat)
        return book.settings if book is not None else facts.settings

    def _words(self, text: Text, chat: str, facts: Facts) -> Text:
        settings = self._settings(chat, facts)
        return rendered(text, self._setup, settings.language, settings.key, facts.group)


def rendered(text: Text, setup: Setup, language: str, group: str, state: GroupState) -> Text:
    """A text as it will stand in the group: a literal without placeholders."""

    def turn(key: str) -> int:
        used = state.copy_turns.get(key, 0)
        state.copy_turns[key] = used + 1
        return used

    return Text(literal=setup.copy.render(text, language, group, turn))
