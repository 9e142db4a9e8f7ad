"""Time at the entry gate: challenges are delivered or not, times to answer end, staff are told."""

from collections.abc import Iterator

from rules import changes as c
from rules import gate as g
from rules.actions.gate_answers import KeepGate
from rules.events import Event, ScheduleFired
from rules.facts import Facts
from rules.gate_apply import find
from rules.gate_notes import told
from rules.gatekeeper import Gatekeeper
from rules.outcome import read_outcome
from rules.state import Challenge
from rules.step import Outcome, Remark, RuleContext


class TimeGate(KeepGate):
    """See to what time brings: a challenge was delivered, or not; the time to answer is over; staff are to be told.

    ```yaml
    time_gate:
      gates: { welcome: { gate: { no_answer: remove }, groups: [readers] } }
    ```
    """

    step = "time_gate"
    kinds = frozenset({"schedule"})

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        if not isinstance(event, ScheduleFired):
            return
        if event.name == g.NOTES:
            yield from self._tell_staff(event, facts, rule)
            return
        id_, revision = g.challenge_in(event.schedule)
        challenge = find(facts.group, id_)
        keeper = self.keeper(challenge.onboarding if challenge is not None else "", event, facts, rule)
        if challenge is None:
            yield from self._too_late(event, keeper)
        elif not keeper.is_kept:
            yield from self._let_all_in(challenge, keeper)
        elif event.name == g.CLOCK:
            yield from self._look(challenge, event, keeper)
        elif event.name == g.SHOW:
            if any(not one.shown for one in challenge.waiting):
                yield keeper.shown(challenge, challenge.revision + 1)
            yield c.ShowChallenge(challenge.id)
        elif event.name == g.REPORT:
            yield from self._delivered(challenge, revision, event, keeper)
        elif event.name == g.ANSWER:
            yield from self._answered(challenge, event, keeper)

    def _tell_staff(self, event: ScheduleFired, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        notes = tuple(facts.group.gate_notes)
        if not notes:
            yield Remark("gate: staff know already")
            return
        yield from told(notes, event, facts, rule)
        yield c.ToldStaff()

    def _too_late(self, event: ScheduleFired, keeper: Gatekeeper) -> Iterator[Outcome]:
        """The challenge is over: what still came of it is taken away again."""
        yield Remark("gate: this challenge is over")
        if event.name == g.REPORT:
            outcome = read_outcome(event.data)
            if outcome.state == "sent" and outcome.message is not None:
                yield from keeper.taken_away((outcome.message,))
        elif event.name == g.ANSWER:
            yield from keeper.answered(g.read_answer(event.data).press, "gate.press.over")

    def _let_all_in(self, challenge: Challenge, keeper: Gatekeeper) -> Iterator[Outcome]:
        yield Remark("gate: the file has this gate no more; everybody is let in")
        yield from keeper.decide(challenge.waiting, "let_in", "no_gate")
        yield from keeper.close(challenge)

    def _look(self, challenge: Challenge, event: ScheduleFired, keeper: Gatekeeper) -> Iterator[Outcome]:
        now = keeper.facts.now
        if challenge.waiting and event.at - event.due > g.LATE:
            yield Remark("gate: the bot was away; everybody gets more time")
            until = now + min(g.GRACE, keeper.spec.wait)
            yield c.GrantTime(challenge.id, until)
            yield c.SetTimer(event.schedule, until)
            return
        over = [one for one in challenge.waiting if g.over(one) <= now]
        yield from keeper.decide([one for one in over if one.until is None], keeper.spec.if_unreachable, "unreachable")
        yield from keeper.decide([one for one in over if one.until is not None], keeper.spec.no_answer, "no_answer")
        yield from keeper.close(challenge)
        yield from keeper.reported()

    def _delivered(
        self, challenge: Challenge, revision: int, event: ScheduleFired, keeper: Gatekeeper
    ) -> Iterator[Outcome]:
        outcome = read_outcome(event.data)
        concerned = [one for one in challenge.waiting if one.is_concerned(revision)]
        if outcome.state != "sent":
            yield Remark(f"gate: the question was not delivered: {outcome.reason or outcome.state}")
            yield from keeper.decide(concerned, keeper.spec.if_unreachable, "unreachable")
            yield from keeper.close(challenge)
            yield from keeper.reported()
            return
        until = keeper.waits_until()
        yield c.ChallengeStands(challenge.id, revision, until, outcome.message)
        if outcome.message is not None:
            yield from keeper.taken_away(each for each in challenge.messages if each != outcome.message)
        ends = [until if one in concerned else g.over(one) for one in challenge.waiting]
        yield c.SetTimer(g.timer(g.CLOCK, challenge.id), g.next_look(challenge, ends))

    def _answered(self, challenge: Challenge, event: ScheduleFired, keeper: Gatekeeper) -> Iterator[Outcome]:
        answer, member = g.read_answer(event.data), event.subject or ""
        one = next((each for each in challenge.waiting if each.member == member), None)
        if answer.data:
            yield from self.pressed(member, answer.data, answer.press, event, keeper.facts, keeper.rule)
        elif one is None or keeper.kind != "text":
            yield Remark("gate: this is to be answered by a button")
        elif one.until is None and one.since > keeper.facts.now:
            yield Remark("gate: the question is to be asked when the quiet hours are over")
        else:
            verdict = yield from keeper.judge(challenge, one, answer.text)
            if verdict == "right":
                yield keeper.welcomed(one)
            elif verdict == "wrong":
                yield keeper.whisper(one, "gate.wrong", count=keeper.left(one))
