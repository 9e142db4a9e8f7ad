"""What is done to a group itself: the notice at its top, its name; and bringing somebody into another group."""

from collections.abc import Iterable, Iterator

from pydantic import Field

from rules.capability import Capability
from rules.effects import InviteMember, RenameGroup, SetAnnouncement
from rules.events import Event, message_of, subject_of
from rules.facts import Facts
from rules.step import MEMBER_EVENTS, Action, Outcome, Remark, RuleContext
from rules.text import Text, say
from rules.wording import Words, copy_keys, wording


class Announce(Action):
    """Put a text into the notice that stands at the top of a group, in the place of the one before.

    Without a text of its own it takes the words of the message, or of the post in whose place it is done: under
    `fallback:`, `pin: announce` has a post stand in the notice where a platform cannot pin it.

    ```yaml
    announce: "On Sunday at 20:00 we talk about chapter 12."
    ```
    """

    step = "announce"
    scalar = "text"
    needs = frozenset({Capability.ANNOUNCE})
    text: Words | None = Field(
        default=None, description="What the notice says, or the name of a text; empty: the words it is about."
    )

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if self.text is not None:
            words: Text | None = wording(self.text, event, facts, rule)
        else:
            message = message_of(event)
            written = (message.text or facts.reading.text) if message is not None else ""
            words = rule.words or (say("{text}", text=written) if written.strip() else None)
        if words is None:
            yield Remark("announce: there are no words to put into the notice")
        else:
            yield SetAnnouncement(group=event.group.id, text=words)

    def echoes(self) -> bool:
        return self.text is None

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.text)


class NameGroup(Action):
    """Give the group another name.

    ```yaml
    rename_group: "Reading group · chapter 12"
    ```
    """

    step = "rename_group"
    scalar = "to"
    needs = frozenset({Capability.RENAME})
    to: Words = Field(description="The new name, or the name of a text.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        yield RenameGroup(group=event.group.id, name=wording(self.to, event, facts, rule))

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.to)


class Invite(Action):
    """Bring the member into another of your groups on the same platform, or send them its invitation.

    ```yaml
    invite: reading
    ```
    """

    step = "invite"
    scalar = "to"
    kinds = MEMBER_EVENTS
    needs = frozenset({Capability.INVITE})
    to: str = Field(description="The other group's name under `groups:`.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        subject, other = subject_of(event), rule.library.chats.get(self.to)
        if other == event.group.id:
            yield Remark("invite: this is the very group that they are in")
        elif subject is not None and other is not None:
            yield InviteMember(group=other, member=subject)

    def refers(self) -> Iterable[tuple[str, str]]:
        return [("group", self.to)]
