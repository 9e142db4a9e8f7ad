"""Held messages: staff approve or reject them. A platform cannot bring a message back, so the bot quotes it."""

from typing import TYPE_CHECKING, ClassVar

from bot.commands.arguments import first_word
from bot.commands.base import Command, actor_name, answer, called, decided, how_to_appeal, refused
from bot.commands.settling import card_closed
from rules.capability import Capability
from rules.changes import Audit, CloseReview
from rules.decision import Decision
from rules.effects import SendPrivate, SendText
from rules.events import CommandIssued
from rules.facts import Facts
from rules.state import Review
from rules.step import Outcome
from rules.text import key
from rules.wording import excerpt, group_name, plain_name

if TYPE_CHECKING:
    from bot.desk import Desk


class Reviewing(Command):
    """A decision on one held message, by its number; the number can be left out where only one is held."""

    needs = "review"
    approves: ClassVar[bool]

    def place(self, issued: CommandIssued, desk: "Desk") -> tuple[str, str] | None:
        """The one group that holds such a number; a name at the end says which, where several do."""
        word = first_word(issued.args).lstrip("#")
        if len(issued.args.split()) > 1:
            return None
        found = [
            settings.chat
            for settings in desk.groups
            if any(word in ("", str(review.number)) for review in desk.group_state(settings.chat).reviews)
        ]
        return (found[0], word) if len(found) == 1 else None

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        review, reason = self._review(issued, facts, desk)
        closed = CloseReview(number=review.number, approved=self.approves, by=issued.actor.id)
        log = Audit(actor=issued.actor.id, act=self.name, target=review.member, reason=reason)
        outcomes: list[Outcome] = [closed, log, *self.consequences(review, reason, issued, facts)]
        text = key(f"commands.{self.name}.done", number=review.number, name=plain_name(review.name))
        quoted = key("cases.quoted", text=excerpt(review.text))
        outcomes += card_closed(review.number, ("review",), quoted, text, issued, facts)
        outcomes.append(answer(issued, facts, text, brief=True))
        return decided(issued, facts, desk, outcomes)

    def consequences(self, review: Review, reason: str, issued: CommandIssued, facts: Facts) -> tuple[Outcome, ...]:
        """What is said to whom."""
        raise NotImplementedError

    def _review(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> tuple[Review, str]:
        held = facts.group.reviews
        if not held:
            raise refused("reviews.none")
        number = first_word(issued.args)
        if not number and len(held) == 1:
            return held[0], ""
        for review in held:
            if number.lstrip("#") == str(review.number):
                return review, issued.args.strip()[len(number) :].strip()
        numbers = ", ".join(str(review.number) for review in held)
        raise refused("reviews.unknown", command=called(self.name, desk), names=numbers)


class Approve(Reviewing):
    name = "approve"
    aliases = ("通过", "批准")
    approves = True

    def consequences(self, review: Review, reason: str, issued: CommandIssued, facts: Facts) -> tuple[Outcome, ...]:
        text = key("commands.approve.posted", name=plain_name(review.name), text=review.text)
        return (
            SendText(
                group=issued.group.id,
                text=text,
                mentions=(review.member,),
                mention_names=(plain_name(review.name),),
                topic=facts.settings.topic,
            ),
        )


class Reject(Reviewing):
    name = "reject"
    aliases = ("拒绝", "驳回")
    approves = False

    def consequences(self, review: Review, reason: str, issued: CommandIssued, facts: Facts) -> tuple[Outcome, ...]:
        if not facts.can(Capability.SEND_PRIVATE):
            return ()
        words = key(
            "commands.reject.private",
            name=plain_name(review.name),
            actor=actor_name(issued),
            group=group_name(issued, facts),
            text=review.text,
            reason=key("commands.because", reason=reason) if reason else how_to_appeal(facts),
        )
        return (SendPrivate(group=issued.group.id, member=review.member, text=words),)
