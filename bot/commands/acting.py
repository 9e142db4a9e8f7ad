"""Acting on members: who is out of reach, what is asked before much is done at once, and how acts are recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, ClassVar

from bot.commands.arguments import Order, Target, parse_order
from bot.commands.base import Confirmable, actor_name, answer, called, decided, how_to_appeal, refused
from bot.commands.powers import EVERYTHING, is_anonymous, is_channel, is_linked, is_ours, is_staff, may
from bot.commands.settling import closed
from bot.commands.unable import unable
from rules.buttons import appeal_button
from rules.capability import Capability
from rules.changes import AskConfirmation, Audit
from rules.decision import Decision
from rules.events import CommandIssued
from rules.facts import Facts
from rules.step import Outcome
from rules.text import Param, Text, key, say
from rules.wording import group_name, listed

if TYPE_CHECKING:
    from bot.desk import Desk

CONFIRM_WITHIN = timedelta(minutes=2)
NOTHING = say("")


@dataclass(frozen=True, slots=True)
class Act:
    """One command's act: by whom, with which arguments, seen from where."""

    issued: CommandIssued
    facts: Facts
    desk: "Desk"
    order: Order

    def audit(self, target: Target, reason: str = "") -> Audit:
        """The line for the audit log."""
        actor, act = self.issued.actor.id, self.issued.name
        return Audit(actor=actor, act=act, target=target.id, reason=reason or self.order.reason)

    def words(self, target: Target, **more: Param) -> dict[str, Param]:
        """What every notice of an act may hold."""
        reason = self.order.reason
        return {
            "name": target.name,
            "actor": actor_name(self.issued),
            "group": group_name(self.issued, self.facts),
            "reason": key("commands.because", reason=reason) if reason else NOTHING,
            "appeal": key("appeal.press") if appeal_button(self.facts, target.id) else how_to_appeal(self.facts),
            **more,
        }


class MemberCommand(Confirmable):
    """A command that does something to members of staff's choosing; for more than one it asks first."""

    about = "member"
    timed: ClassVar[bool] = False
    capability: ClassVar[Capability | None] = None
    severe: ClassVar[bool] = True
    """Whether staff and the bot itself are out of reach: not so for what only helps."""
    mass: ClassVar[bool] = True
    """Whether several members at once need a confirmation."""
    settles: ClassVar[bool] = True
    """Whether it is staff's decision on what the bot did to the member, and asked them about."""

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        order = self._checked(issued, facts, desk)
        if self.mass and len(order.targets) > 1:
            return ask(issued, facts, desk, order.written(), self.question(order, facts, desk))
        return self._act(issued, facts, desk, order)

    def carry_out(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        return self._act(issued, facts, desk, self._checked(issued, facts, desk))

    def question(self, order: Order, facts: Facts, desk: "Desk") -> Text:
        """What is about to be done, to be confirmed."""
        names = listed([target.name for target in order.targets], facts)
        return key("commands.confirm.members", command=called(self.name, desk), count=len(order.targets), names=names)

    def outcomes(self, act: Act, target: Target) -> Iterator[Outcome]:
        """What is done to one member."""
        raise NotImplementedError

    def _checked(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Order:
        if self.capability is not None and not facts.can(self.capability):
            raise unable(self.name, issued, facts, desk)
        order = parse_order(issued, desk, timed=self.timed)
        for target in order.targets:
            if self.severe:
                check_reach(issued, facts, desk, target)
        return order

    def _act(self, issued: CommandIssued, facts: Facts, desk: "Desk", order: Order) -> Decision:
        act = Act(issued, facts, desk, order)
        outcomes: list[Outcome] = []
        for target in order.targets:
            outcomes += self.outcomes(act, target)
            for case in desk.undecided(target.id) if self.settles else ():
                outcomes += closed(case, self.name, issued, facts, desk)
        if issued.origin is not None:
            names = listed([target.name for target in order.targets], facts)
            done = key(
                "commands.done_in", command=called(self.name, desk), names=names, group=group_name(issued, facts)
            )
            outcomes.append(answer(issued, facts, done))
        return decided(issued, facts, desk, outcomes)


def check_reach(issued: CommandIssued, facts: Facts, desk: "Desk", target: Target) -> None:
    """Raises ``Refused`` where the issuer cannot act on somebody: themselves, the bot, or other staff."""
    if target.id == issued.actor.id:
        raise refused("not_yourself", command=called(issued.name, desk))
    if is_ours(target.id, target.seen, issued.message.reply_to, desk):
        raise refused("not_the_bot", command=called(issued.name, desk))
    if is_anonymous(target.id, desk):
        raise refused("not_anonymous")
    if is_linked(target.id, target.seen, desk):
        raise refused("not_the_channel")
    if issued.name in ("mute", "kick") and is_channel(target):
        raise refused("only_ban", name=target.name, command=called("ban", desk))
    if is_staff(target.id, target.seen, facts, desk) and not may(issued, facts, desk, EVERYTHING):
        raise refused("not_staff", name=target.name, command=called(issued.name, desk))


def ask(issued: CommandIssued, facts: Facts, desk: "Desk", args: str, question: Text) -> Decision:
    """Ask the issuer to confirm; ``args`` are kept in a form that needs neither a reply nor mentions."""
    code = code_of(issued.id)
    wanted = AskConfirmation(
        code=code, actor=issued.actor.id, command=issued.name, args=args, until=facts.now + CONFIRM_WITHIN
    )
    minutes = int(CONFIRM_WITHIN.total_seconds()) // 60
    text = key(
        "commands.confirm.ask",
        question=question,
        command=say("{command} {number}", command=called("confirm", desk), number=code),
        minutes=minutes,
    )
    return decided(issued, facts, desk, (wanted, answer(issued, facts, text, stands=CONFIRM_WITHIN)))


def code_of(event: str) -> str:
    """The four digits that confirm what an event asked for: the same however often it is decided on."""
    return f"{int.from_bytes(blake2b(event.encode(), digest_size=4).digest(), 'big') % 10_000:04}"
