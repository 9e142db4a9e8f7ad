"""What is kept about people: handing it out, and forgetting it."""

from typing import TYPE_CHECKING

from bot.commands.acting import ask
from bot.commands.arguments import parse_targets, target_of
from bot.commands.base import Command, Confirmable, answer, decided, refused
from bot.commands.powers import EVERYTHING, may
from bot.commands.unable import unable
from rules.capability import Capability
from rules.changes import Audit, ForgetMember
from rules.decision import Decision
from rules.effects import SendDocument
from rules.events import CommandIssued
from rules.facts import Facts
from rules.folding import fold
from rules.text import key
from rules.wording import group_name

if TYPE_CHECKING:
    from bot.desk import Desk

_MEMBERS = frozenset({"members", "成员"})


class Forget(Confirmable):
    """One's own data; that of others only for who may do everything. It cannot be undone, so it is confirmed."""

    name = "forget"
    aliases = ("忘记我", "忘记")
    about = "member"
    alone = True

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        subject = self._subject(issued, facts, desk)
        if subject == issued.actor.id:
            question = key("commands.forget.ask", group=group_name(issued, facts))
        else:
            question = key("commands.forget.ask_other", name=target_of(subject, desk).name)
        return ask(issued, facts, desk, subject, question)

    def carry_out(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        subject = self._subject(issued, facts, desk)
        name = target_of(subject, desk).name
        log = Audit(actor=issued.actor.id, act="forget", target=subject)
        done = answer(issued, facts, key("commands.forget.done", name=name))
        return decided(issued, facts, desk, (ForgetMember(member=subject), log, done))

    def _subject(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> str:
        if not issued.args.strip():
            return issued.actor.id  # a reply alone does not name somebody else here
        targets, _ = parse_targets(issued, desk)
        if len(targets) != 1:
            raise refused("usage", text=key("commands.forget.usage"))
        if targets[0].id != issued.actor.id and not may(issued, facts, desk, EVERYTHING):
            raise refused("forget.not_yours")
        return targets[0].id


class Export(Command):
    """One's own data as JSON; for who may export, the table of members. Always to the issuer alone."""

    name = "export"
    aliases = ("导出",)
    alone = True

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        if not (facts.can(Capability.SEND_DOCUMENT) and facts.can(Capability.SEND_PRIVATE)):
            raise unable("export", issued, facts, desk)
        wanted = fold(issued.args.strip())
        actor = issued.actor.id
        if wanted and wanted not in _MEMBERS:
            raise refused("usage", text=key("commands.export.usage"))
        day = facts.today
        if not wanted:
            document = _document(issued, f"my-data-{day}.json", desk.own_data(actor))
            return decided(issued, facts, desk, (document, answer(issued, facts, key("commands.export.done"))))
        if not may(issued, facts, desk, "export"):
            raise refused("not_allowed", command="/export members")
        document = _document(issued, f"members-{facts.settings.key}-{day}.csv", desk.members_table())
        log = Audit(actor=actor, act="export", reason="members")
        return decided(issued, facts, desk, (document, log, answer(issued, facts, key("commands.export.done"))))


def _document(issued: CommandIssued, name: str, content: str) -> SendDocument:
    return SendDocument(group=issued.group.id, name=name, content=content, member=issued.actor.id)
