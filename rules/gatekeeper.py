"""What is done at the entry gate: asking, letting in, holding, removing, cleaning up, and telling staff of it.

One ``Gatekeeper`` is made for one decision. It yields what is to be done and never looks back at what it yielded:
``decided`` is whom it has dealt with so far.
"""

from collections.abc import Generator, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal

from msgspec.structs import replace

from rules import changes as c
from rules import gate as g
from rules.capability import Capability
from rules.config import GateSpec
from rules.effects import (
    AnswerButton,
    AnswerJoinRequest,
    DeleteMessage,
    KickMember,
    MuteMember,
    Picture,
    Report,
    SendPrivate,
    SendText,
    UnmuteMember,
)
from rules.events import Event
from rules.facts import Facts, quiet_until
from rules.gate_apply import challenge_of
from rules.gate_notes import told
from rules.greeting import greeted_later
from rules.quota import Quota
from rules.state import Challenge, GateNote, Waiting
from rules.step import Outcome, Remark, RuleContext
from rules.text import Param, Text, key
from rules.wording import excerpt, filling, gathered, plain_name, spoken, whole_seconds, wording

NAMED = 5
"""Newcomers that a challenge names; the others are counted."""
TOLD = Quota(3, timedelta(minutes=10))
"""How often staff are told at once; what comes above that is gathered."""
NOTICES = Quota(5, timedelta(minutes=1))
"""Notices to single newcomers that a group bears."""
STANDS = timedelta(minutes=2)
_OPENED = "gate/opened"
LONGEST_ANSWER = 500
"""Characters of an answer that are kept."""
Verdict = Literal["right", "wrong", "over"]
STAYS = {"hold_for_staff": "held", "stay_restricted": "restricted"}
"""How somebody stands who stays, by the operator's word for what follows; by all other words they are removed."""
RUNS_FOR = timedelta(days=1)


class Gatekeeper:
    """Keeps one gate in one decision. Where ``gate`` is None, the file has it no more: everybody is let in."""

    def __init__(self, name: str, gate: g.Gate | None, event: Event, facts: Facts, rule: RuleContext) -> None:
        self.name = name
        self.gate = gate or g.Gate()
        self.is_kept = gate is not None
        self.event = event
        self.facts = facts
        self.rule = rule
        self.decided: set[str] = set()
        self._notes: list[GateNote] = []

    @property
    def spec(self) -> GateSpec:
        """The operator's settings."""
        return self.gate.gate

    @property
    def kind(self) -> g.Kind:
        """How somebody answers here."""
        return self.gate.kind(self.facts.settings)

    # Asking.

    def ask(self, member: str, name: str) -> Iterator[Outcome]:
        """Take a newcomer's voice where it comes back by a button, and ask them, together with others."""
        facts = self.facts
        now = facts.now
        by_sanction = facts.member.muted_until is not None and facts.member.muted_until > now and not self._muted
        muted = self.kind != "text" and facts.can(Capability.MUTE) and not by_sanction
        if muted:
            yield MuteMember(group=facts.group.id, member=member)
        shared = next((one for one in facts.group.challenges if self._shares(one)), None)
        since = quiet_until(facts.settings, now) if facts.settings.human else None
        asked = c.AskAtGate(member=member, name=name, onboarding=self.name, challenge="", muted=muted, since=since)
        if shared is None:
            challenge = Challenge(id=g.new_id(self.event.id), onboarding=self.name, at=now)
            challenge.waiting = [Waiting(member, name, now)]
            yield replace(asked, challenge=challenge.id)
            yield self.shown(challenge, 1)
            yield c.SetTimer(g.timer(g.CLOCK, challenge.id), (since or now) + g.PATIENCE)
            yield c.CountUse(use=_OPENED, keep=int(g.SHARED.total_seconds()))
            return
        due = shared.show_due
        if due is None:
            due = now + (g.PAUSE if facts.can(Capability.EDIT_OWN) else g.SLOW_PAUSE)
            yield c.SetTimer(g.timer(g.SHOW, shared.id), due)
        yield replace(asked, challenge=shared.id, shown=0, show_due=due)

    def ask_alone(self, member: str, name: str) -> Iterator[Outcome]:
        """Ask somebody who wants to be let in, in private."""
        settings, now = self.facts.settings, self.facts.now
        challenge = g.new_id(self.event.id)
        since = quiet_until(settings, now) if settings.human else None
        yield c.AskAtGate(
            member=member, name=name, onboarding=self.name, challenge=challenge, private=True, since=since
        )
        yield SendPrivate(
            group=self.facts.group.id,
            member=member,
            text=self._words(f"gate.private.{self.kind}", name=plain_name(name)),
            buttons=g.buttons(challenge, self.kind, self.spec, self.facts.settings.secret),
            picture=self._picture(challenge),
            report=Report(f"{g.timer(g.REPORT, challenge)}/1", member),
        )
        yield c.SetTimer(g.timer(g.CLOCK, challenge), (since or now) + g.PATIENCE)

    def shown(self, challenge: Challenge, revision: int) -> SendText:
        """The challenge as it is to stand in the group now."""
        facts = self.facts
        waiting = challenge.waiting
        most = min(NAMED, facts.settings.mentions_per_post)
        called = [plain_name(one.name) for one in waiting]
        names = gathered(called, most, facts)
        return SendText(
            group=facts.group.id,
            text=self._words(f"gate.ask.{self.kind}", names=names, name=names, count=len(waiting)),
            mentions=tuple(one.member for one in waiting[:most]),
            mention_names=tuple(called[:most]),
            topic=facts.settings.topic,
            buttons=g.buttons(challenge.id, self.kind, self.spec, facts.settings.secret),
            picture=self._picture(challenge.id),
            running=f"gate/{challenge.id}",
            runs_for=int(RUNS_FOR.total_seconds()),
            report=Report(f"{g.timer(g.REPORT, challenge.id)}/{revision}"),
        )

    def waits_until(self) -> datetime:
        """When the time is over of who is asked now: not while nobody would tell them that an answer was wrong."""
        settings, until = self.facts.settings, self.facts.now + self.spec.wait
        quiet = quiet_until(settings, until) if settings.human else None
        return until if quiet is None else quiet + self.spec.wait

    # Deciding.

    def let_in(self, member: str, name: str, why: str) -> Iterator[Outcome]:
        """Give somebody their voice, or open the door; who is in is greeted with the others."""
        gate = self.facts.others(member).gate
        self.decided.add(member)
        muted = gate is not None and gate.muted
        if muted:
            yield UnmuteMember(group=self.facts.group.id, member=member)
        at_the_door = gate is not None and gate.request and gate.is_open
        if at_the_door:
            yield AnswerJoinRequest(group=self.facts.group.id, member=member, approve=True)
        yield c.DecideAtGate(member=member, stands="passed", why=why, onboarding=self.name, unmuted=muted)
        if not at_the_door:
            yield from self.greet(member, name)

    def greet(self, member: str, name: str) -> Iterator[Outcome]:
        """Let somebody who is in wait for the welcome."""
        if self.gate.batch is not None:
            yield from greeted_later(member, name, self.gate.batch, self.facts)

    def decide(self, waiting: Iterable[Waiting], policy: str, why: str) -> Iterator[Outcome]:
        """What the operator wrote for those who did not answer, answered wrongly, or could not be asked."""
        for one in waiting:
            gate = self.facts.others(one.member).gate
            at_the_door = gate is not None and gate.request
            if policy == "let_in":
                yield from self.let_in(one.member, one.name, why)
                if why == "unreachable":
                    self.note(one, "passed", why)
                continue
            self.decided.add(one.member)
            stands = STAYS.get(policy, "removed")
            if stands == "removed" and at_the_door:
                yield AnswerJoinRequest(group=self.facts.group.id, member=one.member, approve=False)
            elif stands == "removed":
                yield KickMember(group=self.facts.group.id, member=one.member)
            yield c.DecideAtGate(member=one.member, stands=stands, why=why, onboarding=self.name)
            if stands == "held":
                self.note(one, stands, why)
            if at_the_door and why != "unreachable":
                yield self.whisper(one, f"gate.end.{'removed' if stands == 'removed' else 'held'}")

    def judge(
        self, challenge: Challenge, one: Waiting, answer: str, asked_in: str | None = None
    ) -> Generator[Outcome, None, Verdict]:
        """What follows from an answer: it was right, or wrong, or wrong for the last time.

        ``challenge`` is where they wait, ``asked_in`` where they answer, if it is another message.
        """
        if g.is_right(answer, asked_in or challenge.id, self.kind, self.spec, self.facts.settings.secret):
            if self.spec.save is not None and answer.strip():
                value = excerpt(answer, LONGEST_ANSWER)
                yield c.SetProfile(member=one.member, field=self.spec.save, value=value)
            yield from self.let_in(one.member, one.name, "answered")
            yield from self.close(challenge)
            return "right"
        if self.left(one):
            yield c.WrongAnswer(member=one.member)
            return "wrong"
        yield from self.decide((one,), self.spec.wrong, "wrong")
        yield from self.close(challenge)
        yield from self.reported()
        return "over"

    def left(self, one: Waiting) -> int:
        """How many answers somebody still has once this one was wrong."""
        return max(self.spec.attempts - one.wrong - 1, 0)

    def close(self, challenge: Challenge) -> Iterator[Outcome]:
        """Take a challenge away where nobody waits any more; else set when to look again."""
        left = [one for one in challenge.waiting if one.member not in self.decided]
        now = self.facts.now
        opened = sum(at > now - g.SHARED for at in self.facts.group.uses.get(_OPENED, ()))
        is_crowd = max(challenge.count, opened) >= g.CROWD
        stays = is_crowd and challenge.at + g.SHARED > now and not challenge.private
        clock = g.timer(g.CLOCK, challenge.id)
        if left or (stays and self.is_kept):
            look = g.next_look(challenge, [g.over(one) for one in left])
            yield c.SetTimer(clock, max(look, now + timedelta(seconds=1)))
            return
        yield from self.taken_away(challenge.messages)
        yield c.CloseChallenge(challenge.id)
        yield c.CancelTimer(clock)
        if challenge.show_due is not None:
            yield c.CancelTimer(g.timer(g.SHOW, challenge.id))

    def gone(self, member: str) -> Iterator[Outcome]:
        """Somebody waits no more: take their challenge away, unless others wait there."""
        self.decided.add(member)
        found = self.place_of(member)
        if found is not None:
            yield from self.close(found[0])

    def taken_away(self, messages: Iterable[str]) -> Iterator[Outcome]:
        """Remove the gate's own messages of this group; those of a former id of the group, and private ones, stay."""
        if not (self.facts.can(Capability.DELETE) or self.facts.can(Capability.DELETE_OWN)):
            return
        for message in messages:
            if message.startswith(f"{self.facts.group.id}/"):
                yield DeleteMessage(group=self.facts.group.id, message=message)

    # Telling.

    def answered(self, press: str | None, name: str, /, **words: Param) -> Iterator[Outcome]:
        """Tell who pressed a button what came of it, where the platform can show it to them alone."""
        if press is not None and self.facts.can(Capability.ANSWER_BUTTONS):
            text = self._words(name, **words)
            yield AnswerButton(group=self.facts.group.id, press=press, text=text, alert=True)

    def welcomed(self, one: Waiting) -> SendPrivate:
        """What somebody at the door is told for whom it opens: where that is an invitation, that they open it."""
        invited = self.gate.door and self.facts.can(Capability.INVITE)
        return self.whisper(one, "door.invited" if invited else "gate.end.let_in")

    def whisper(self, one: Waiting, name: str, /, **words: Param) -> SendPrivate:
        """A word to somebody at the door."""
        text = self._words(name, name=plain_name(one.name), **words)
        return SendPrivate(group=self.facts.group.id, member=one.member, text=text)

    def notice(self, one: Waiting, name: str, /, **words: Param) -> Iterator[Outcome]:
        """A brief word in the group to a newcomer who may write; where there are too many of them, none."""
        use = "gate/notices"
        if not NOTICES.allows(self.facts.group.uses.get(use, []), self.facts.now):
            yield Remark("gate: enough notices for now")
            return
        yield SendText(
            group=self.facts.group.id,
            text=self._words(name, name=plain_name(one.name), **words),
            mentions=(one.member,),
            mention_names=(plain_name(one.name),),
            topic=self.facts.settings.topic,
            delete_after=whole_seconds(STANDS),
        )
        yield c.CountUse(use=use, keep=int(NOTICES.period.total_seconds()))

    def note(self, one: Waiting, stands: str, why: str) -> None:
        """Have staff told of somebody."""
        self._notes.append(GateNote(member=one.member, name=one.name, stands=stands, why=why))

    def reported(self) -> Iterator[Outcome]:
        """Tell staff of all that was noted, at once; where much happens, together with what is still to come."""
        if not self._notes:
            return
        facts = self.facts
        notes, self._notes = tuple(self._notes), []
        use = "gate/told"
        if facts.settings.staff_chat is None:
            yield Remark("gate: there is no staff room to tell (staff: room)")
        elif facts.group.gate_notes or not TOLD.allows(facts.group.uses.get(use, []), facts.now):
            yield c.NoteForStaff(notes)
            if not facts.group.gate_notes:
                yield c.SetTimer(g.NOTES, facts.now + TOLD.period)
        else:
            yield from told(notes, self.event, facts, self.rule)
            yield c.CountUse(use=use, keep=int(TOLD.period.total_seconds()))

    # Finding.

    def place_of(self, member: str) -> tuple[Challenge, Waiting] | None:
        """Where a member waits."""
        return challenge_of(self.facts.group, member)

    def then(self, policy: str, *, at_the_door: bool) -> Text:
        """What follows, as people are told beforehand."""
        ends = "removed" if policy in ("remove", "decline") else policy
        return key(f"gate.then.{ends}_request" if at_the_door and ends == "removed" else f"gate.then.{ends}")

    @property
    def _muted(self) -> bool:
        gate = self.facts.member.gate
        return gate is not None and gate.muted

    def _shares(self, challenge: Challenge) -> bool:
        fresh = challenge.at + g.SHARED > self.facts.now
        return challenge.onboarding == self.name and not challenge.private and fresh

    def _picture(self, challenge: str) -> Picture | None:
        code = g.code_of(challenge, self.facts.settings.secret)
        return Picture(captcha=code) if self.kind == "captcha" else None

    def _words(self, name: str, /, **more: Param) -> Text:
        at_the_door = name.startswith("gate.private.")
        words = filling(self.event, self.facts, self.rule, duration=spoken(self.spec.wait), **more)
        if self.spec.ask is not None:
            words["question"] = wording(self.spec.ask, self.event, self.facts, self.rule, **more)
        words["text"] = self.then(self.spec.no_answer, at_the_door=at_the_door)
        return Text(key=name, params=words)
