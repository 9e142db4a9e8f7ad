"""Saying something: as a reply, to the group, to the member alone."""

from collections.abc import Iterable, Iterator, Mapping

from pydantic import Field

from rules.capability import Capability
from rules.durations import Duration
from rules.effects import SendPrivate, SendText
from rules.events import Event, message_of, subject_of
from rules.facts import Facts
from rules.step import MEMBER_EVENTS, TEXT_EVENTS, Action, Outcome, Remark, RuleContext
from rules.wording import Words, copy_keys, notice, topic_of, whole_seconds, wording


class Reply(Action):
    """Answer the message.

    ```yaml
    reply:
      text: "{name}, the answer is in the pinned message."
      delete_after: 10m
    ```
    """

    step = "reply"
    scalar = "text"
    kinds = TEXT_EVENTS
    needs = frozenset({Capability.SEND})
    text: Words = Field(description="What to say, or the name of a text such as faq.best_answer.")
    delete_after: Duration | None = Field(default=None, description="Remove the answer after this long.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        message = message_of(event)
        yield SendText(
            group=event.group.id,
            text=wording(self.text, event, facts, rule),
            reply_to=message.id if message is not None else None,
            topic=topic_of(event, facts),
            delete_after=whole_seconds(self.delete_after),
        )

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.text)


class Send(Action):
    """Say something to the group.

    ```yaml
    send:
      text: welcome.first
      silent: true
      delete_after: 12h
    ```
    """

    step = "send"
    scalar = "text"
    needs = frozenset({Capability.SEND})
    text: Words = Field(description="What to say, or the name of a text such as welcome.first.")
    pin: bool = Field(default=False, description="Pin it to the top of the group.")
    silent: bool = Field(default=False, description="Without a sound on members' phones.")
    delete_after: Duration | None = Field(default=None, description="Remove it after this long.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        yield SendText(
            group=event.group.id,
            text=wording(self.text, event, facts, rule),
            topic=topic_of(event, facts),
            silent=self.silent,
            pin=self.pin,
            delete_after=whole_seconds(self.delete_after),
        )

    def without(self) -> Mapping[str, Action]:
        return {"pin": self.model_copy(update={"pin": False})} if self.pin else {}

    def required(self) -> frozenset[Capability]:
        return self.needs | {Capability.PIN} if self.pin else self.needs

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.text)


class SendPrivately(Action):
    """Say something to the member alone; ``otherwise`` is said briefly in the group where that is not possible.

    ```yaml
    send_private:
      text: "Hello {name}, here is what you asked for."
      otherwise: "{name}, please write to me first, then ask again."
    ```
    """

    step = "send_private"
    scalar = "text"
    kinds = MEMBER_EVENTS
    needs = frozenset({Capability.SEND_PRIVATE})
    text: Words = Field(description="What to say, or the name of a text.")
    otherwise: Words | None = Field(default=None, description="What to say in the group where that fails.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        aloud = notice(event, facts, wording(self.otherwise, event, facts, rule)) if self.otherwise else None
        subject = subject_of(event)
        if subject is not None and facts.can(Capability.SEND_PRIVATE):
            text = wording(self.text, event, facts, rule)
            yield SendPrivate(group=event.group.id, member=subject, text=text, otherwise=aloud)
        elif aloud is not None:
            yield aloud
        else:
            yield Remark("send_private: the platform has no private messages, and there is no `otherwise`")

    def required(self) -> frozenset[Capability]:
        return frozenset({Capability.SEND}) if self.otherwise else self.needs

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.text, self.otherwise)
