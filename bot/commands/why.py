"""/why: what was decided and why, from what was kept at the time."""

from typing import TYPE_CHECKING

from bot.commands.acting import NOTHING
from bot.commands.arguments import first_word, parse_targets
from bot.commands.base import Command, answer, called, decided, how_to_appeal, refused
from bot.commands.gate_words import gate_words
from bot.commands.powers import powers
from bot.commands.reasons import concerns_member, in_brief, in_full
from bot.commands.settling import case_number
from rules.decision import Decision, read_trace
from rules.events import CommandIssued
from rules.facts import Facts
from rules.step import Outcome
from rules.text import Text, key, say
from rules.wording import group_name, local_time, plain_name, to_staff

if TYPE_CHECKING:
    from bot.desk import Desk
    from storage.audit import AuditRow

NOTABLE = frozenset({"undo", "keep", "warn", "mute", "unmute", "kick", "ban", "unban", "delete", "forgive"})


class Why(Command):
    """Staff are told in full; a member is told of their own messages and what was done to them."""

    name = "why"
    aliases = ("为什么", "原因")
    about = "member"
    alone = True

    def place(self, issued: CommandIssued, desk: "Desk") -> tuple[str, str] | None:
        message = first_word(issued.args)
        chat = message.rpartition("/")[0]
        return (chat, message) if any(settings.chat == chat for settings in desk.groups) else None

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        staff = bool(powers(issued, facts, desk.setup.config))
        whole = self._told(issued, facts, desk, staff)
        if not staff or not _is_overheard(issued, facts):
            return decided(issued, facts, desk, (answer(issued, facts, whole),))
        said = self._told(issued, facts, desk, staff, overheard=True)
        outcomes: list[Outcome] = [answer(issued, facts, said)]
        aside = key("commands.labels.in_group", text=whole, group=group_name(issued, facts))
        if said != whole and (told := to_staff(facts, aside, silent=True)) is not None:
            outcomes.append(told)
        return decided(issued, facts, desk, outcomes)

    def _told(self, issued: CommandIssued, facts: Facts, desk: "Desk", staff: bool, *, overheard: bool = False) -> Text:
        message = issued.message.reply_to
        word = first_word(issued.args)
        if message is None and word.startswith("#"):
            return self._case(word, issued, facts, desk, staff, overheard)
        if message is None and word.startswith("/"):  # of this group, as a button says it
            word = f"{desk.group}{word}"
        if message is None and "/" in word and word.startswith(desk.group):
            message = word
        if message is not None:
            return self._message(message, issued, facts, desk, staff, overheard)
        subject = issued.actor.id
        if word:
            targets, _ = parse_targets(issued, desk)
            if targets and targets[0].id != subject:
                if not staff:
                    raise refused("why.not_yours")
                subject = targets[0].id
        return last_decided(subject, facts, desk, staff=staff, overheard=overheard)

    def _case(self, word: str, issued: CommandIssued, facts: Facts, desk: "Desk", staff: bool, overheard: bool) -> Text:
        number = case_number(word)
        case = desk.case(number) if number is not None else None
        if case is None or not (staff or case.member == issued.actor.id):
            raise refused("cases.unknown", number=word.removeprefix("#"))
        row = desk.trace_of_event(case.event)
        if row is None:
            raise refused("why.not_kept")
        trace = read_trace(row.trace)
        if not staff:
            return in_brief(trace, row.at, facts, desk)
        return in_full(trace, row.at, facts, desk, row.message, overheard=overheard)

    def _message(
        self, message: str, issued: CommandIssued, facts: Facts, desk: "Desk", staff: bool, overheard: bool
    ) -> Text:
        row = desk.trace_of_message(message)
        if not staff and not self._concerns(message, issued, desk, None if row is None else row.event):
            raise refused("why.not_yours")
        if row is None:
            raise refused("why.not_kept")
        trace = read_trace(row.trace)
        if not staff:
            return in_brief(trace, row.at, facts, desk)
        acts = tuple(_act(act, facts, desk) for act in desk.acts(limit=100) if act.event == row.event)
        told = in_full(trace, row.at, facts, desk, row.message, overheard=overheard)
        return say("{items}", items=(*acts, told))

    def _concerns(self, message: str, issued: CommandIssued, desk: "Desk", event: str | None) -> bool:
        """Whether a message is the asker's own, or one in which the bot answers to theirs or acts on them."""
        author = issued.message.reply_to_author
        if author is not None and author.id == issued.actor.id:
            return True
        posted = desk.posted(message)
        if posted is not None:
            return posted.member == issued.actor.id
        if event is None:
            return False
        behind = desk.last_decided(issued.actor.id)
        if behind is not None and behind.event == event:
            return True
        return any(act.event == event for act in desk.acts(issued.actor.id))


def _is_overheard(issued: CommandIssued, facts: Facts) -> bool:
    """Whether members read the answer along, and there is a staff room to tell the rest in."""
    room = facts.settings.staff_chat
    return room is not None and issued.origin is None and issued.group.kind != "private" and issued.group.id != room


def last_decided(member: str, facts: Facts, desk: "Desk", *, staff: bool, overheard: bool = False) -> Text:
    """What was last decided on a member: by the admins, and by a rule."""
    row = desk.last_decided(member)
    act = next((act for act in desk.acts(member) if act.act in NOTABLE), None)
    parts: list[Text] = []
    if act is not None:
        parts.append(_act(act, facts, desk))
    trace = read_trace(row.trace) if row is not None else None
    if row is not None and trace is not None and staff:
        parts.append(in_full(trace, row.at, facts, desk, row.message, overheard=overheard))
    elif row is not None and trace is not None and concerns_member(trace):
        parts.append(in_brief(trace, row.at, facts, desk))
    elif parts and not staff:
        parts.append(how_to_appeal(facts))
    gate = gate_words(desk.member(member), facts)
    if gate is not None:
        parts.append(gate)
    if not parts:
        return key("commands.why.nothing")
    return say("{items}", items=tuple(parts))


def _act(act: "AuditRow", facts: Facts, desk: "Desk") -> Text:
    """One act of an admin."""
    actor, target = (desk.member(id_) if id_ else None for id_ in (act.actor, act.target))
    reason = key("commands.because", reason=act.reason) if act.reason else NOTHING
    return key(
        "commands.why.act",
        time=local_time(act.at, facts),
        actor=plain_name(actor.name or actor.id) if actor else "–",
        command=called(act.act, desk),
        name=plain_name(target.name or target.id) if target else "–",
        reason=reason,
    )
