"""From effects to deliveries: texts rendered in the group's language, posts held back during quiet hours."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from bot.setup import Setup
from rules.decision import Decision
from rules.effects import AnswerButton, EditText, Effect, RenameGroup, SendPrivate, SendText, SetAnnouncement, lane_of
from rules.events import Event, ScheduleFired
from rules.facts import Facts
from rules.gate import TIMES
from rules.state import GroupState
from rules.text import Text
from rules.values import Button
from storage.outbox import Delivery

TOAST = 200
"""Characters of a word to who pressed a button: no platform shows more."""
_TALK = (SendText, SendPrivate, SetAnnouncement)
"""What is held back during quiet hours."""


class Delivering:
    """The deliveries of one transaction, in order."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self.deliveries: list[Delivery] = []

    def add(self, event: Event, decision: Decision, facts: Facts) -> None:
        """Queue a decision's effects. Variants of texts take turns, counted in the group's state."""
        if not decision.effects:
            return
        not_before = None
        for position, (effect, rule) in enumerate(zip(decision.effects, decision.by, strict=True)):
            if isinstance(effect, _TALK):
                not_before = quiet_until(facts, event)
                quiet = facts.settings.quiet_hours
                if not_before is not None and quiet is not None and quiet.late_posts == "drop":
                    continue
            self.deliveries.append(
                Delivery(
                    event=event.id,
                    position=position,
                    group=effect.group,
                    lane=lane_of(effect),
                    effect=self._rendered(effect, facts),
                    rule=rule,
                    created_at=event.at,
                    not_before=not_before if isinstance(effect, _TALK) else None,
                )
            )

    def _rendered(self, effect: Effect, facts: Facts) -> Effect:
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

    def _words(self, text: Text, chat: str, facts: Facts) -> Text:
        book = self._setup.rulebook.group(chat)
        settings = book.settings if book is not None else facts.settings
        return rendered(text, self._setup, settings.language, settings.key, facts.group)


def rendered(text: Text, setup: Setup, language: str, group: str, state: GroupState) -> Text:
    """A text as it will stand in the group: a literal without placeholders."""

    def turn(key: str) -> int:
        used = state.copy_turns.get(key, 0)
        state.copy_turns[key] = used + 1
        return used

    return Text(literal=setup.copy.render(text, language, group, turn))


def quiet_until(facts: Facts, event: Event) -> datetime | None:
    """The end of the quiet hours, where the bot would speak unasked in the middle of them."""
    quiet = facts.settings.quiet_hours
    if quiet is None or not isinstance(event, ScheduleFired) or event.name in TIMES:
        return None  # at the gate somebody waits who has come just now
    local = facts.local_now
    if not quiet.window.contains(local):
        return None
    end = datetime.combine(local.date(), quiet.window.end, local.tzinfo)
    if end <= local:
        end = datetime.combine(local.date() + timedelta(days=1), quiet.window.end, local.tzinfo)
    return end.astimezone(facts.now.tzinfo)
