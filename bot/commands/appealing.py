"""/appeal: a member objects, and the staff room is told, with what was decided and how to undo it."""

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.commands.arguments import first_word
from bot.commands.base import Command, actor_name, answer, decided, refused
from bot.commands.settling import APPEAL
from bot.commands.why import last_decided
from rules.buttons import bare, place_name, with_typed
from rules.buttons import button as own_button
from rules.cases import case_buttons, is_about_ads, kept_up_to_date
from rules.changes import AppealCase, CountUse, OpenCase, SetTimer
from rules.decision import Decision
from rules.effects import SendText
from rules.events import CommandIssued
from rules.facts import Facts
from rules.quota import Quota
from rules.step import Outcome
from rules.text import key
from rules.wording import excerpt, group_name, local_time, plain_name, to_staff

if TYPE_CHECKING:
    from bot.desk import Desk

APPEALS = Quota(3, timedelta(days=1))
LONGEST = 1_000
_USE = "commands/appeal"


class Appeal(Command):
    name = "appeal"
    aliases = ("申诉",)
    alone = True

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        if facts.settings.staff_chat is None:
            raise refused("appeal.no_staff")
        words = self._theirs(issued, desk)
        waiting = desk.undecided(issued.actor.id)
        case = waiting[0] if waiting else None
        if case is not None and case.appeal_until is not None and case.appeal_until < facts.now:
            raise refused("appeal.too_late", date=local_time(case.appeal_until, facts))
        if not APPEALS.allows(facts.member.uses.get(_USE, []), facts.now):
            raise refused("appeal.enough")
        outcomes: list[Outcome] = []
        if case is None:
            opened = self._opened(issued, facts, desk)
            outcomes.append(opened)
            number, acts, within = opened.number, opened.acts, None
        else:
            number, acts, within = case.number, case.acts, case.answer_within
        outcomes.append(AppealCase(number=number))
        if case is not None and within is not None and case.appealed_at is None:
            due = facts.now + timedelta(seconds=within)
            outcomes.append(SetTimer(name=f"{APPEAL}#{number}", due=due, subject=issued.actor.id, data=str(number)))
        about_ads = case is not None and is_about_ads(desk.setup.rulebook.rule(case.rule))
        told = self._message(number, acts, words, issued, facts, desk, about_ads=about_ads)
        if told is None:
            raise refused("appeal.no_staff")
        counted = CountUse(use=_USE, keep=int(APPEALS.period.total_seconds()), member=issued.actor.id)
        done = answer(issued, facts, key("commands.appeal.done"), brief=True)
        return decided(issued, facts, desk, (*outcomes, told, counted, done))

    def _theirs(self, issued: CommandIssued, desk: "Desk") -> str:
        """The words of the appeal. Raises ``Refused`` where the button is below what was said to somebody else."""
        if issued.press is None:
            return issued.args
        whom = first_word(issued.args)
        if whom and whom not in (issued.actor.id, bare(issued.actor.id)):
            state = desk.find(whom if ":" in whom else f"{desk.group.partition(':')[0]}:{whom}")
            name = plain_name(state.name or state.username or whom) if state is not None else whom
            raise refused("appeal.not_yours", name=name)
        return ""

    def _opened(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> OpenCase:
        """A case of what holds against the member, where none was opened when it was decided."""
        row = desk.last_decided(issued.actor.id)
        acts = []
        if facts.member.banned:
            acts.append("ban_member")
        if facts.member.muted_until is not None and facts.member.muted_until > facts.now:
            acts.append("mute_member")
        return OpenCase(
            number=facts.group.next_case,
            member=issued.actor.id,
            event=row.event if row is not None else issued.id,
            message=row.message if row is not None else None,
            rule=f"/{issued.name}",
            acts=tuple(acts),
        )

    def _message(
        self,
        number: int,
        acts: tuple[str, ...],
        words: str,
        issued: CommandIssued,
        facts: Facts,
        desk: "Desk",
        *,
        about_ads: bool,
    ) -> SendText | None:
        member, place = issued.actor.id, place_name(facts.settings)
        buttons = case_buttons(number, acts, facts.settings, about_ads=about_ads)
        if not any(button.data == f"/undo {number} {place}" for button in buttons):
            forgive = own_button("forgive", f"/forgive {bare(member)} {place}")
            buttons = (forgive, own_button("leave", f"/keep {number} {place}"), *buttons)
        text = key(
            "commands.appeal.staff" if words else "commands.appeal.pressed",
            name=actor_name(issued),
            member=member,
            group=group_name(issued, facts),
            text=excerpt(words, LONGEST),
            items=last_decided(member, facts, desk, staff=True),
        )
        told = to_staff(facts, with_typed(text, buttons, facts), buttons=buttons)
        return None if told is None else kept_up_to_date(told, facts.settings, number, APPEAL)
