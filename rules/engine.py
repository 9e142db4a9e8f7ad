"""``decide(event, facts, rulebook) -> Decision``: the whole engine, pure.

Every rule of the event's kind is looked at in the order of the file, and every one that holds acts (all-match), unless
an earlier rule that fired says ``stop: true``, or the rulebook says ``match: first`` (then each rule stops). A rule in
shadow mode is traced with what it would have done, has no effect, and never stops the look; nor do the rules that are
made from other sections (onboarding, activities) under ``match: first``. Where several rules ask for the same thing
(deleting one message, removing one member), it is done once, and the strictest wins. Where a group's platform cannot do
a step, its fallback is done in its place. A rule whose conditions go by what is not known yet does nothing, and looks
at the event once more when it is: then it alone is looked at. Of what stands in a group without anybody having said it
(a message taken back, a poke), only rules hear that ask for such lines.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import cast

from rules import decision as d
from rules.changes import Change, CountUse
from rules.decision import Decision, Note, RuleTrace, Trace
from rules.doing import StandIn, stand_in
from rules.effects import Effect, SendText
from rules.errors import NotKnownYet
from rules.events import ButtonPressed, CommandIssued, Event, ScheduleFired, again_by, subject_of
from rules.facts import Facts
from rules.gather import gather
from rules.logic import Logic
from rules.quota import Quota
from rules.reading import Reading
from rules.rulebook import OFF, SHADOW, GroupBook, Rule, Rulebook
from rules.step import Action, Condition, Outcome, Remark, RuleContext


def decide(event: Event, facts: Facts, rulebook: Rulebook) -> Decision:
    """Decide on one event. ``facts.reading``, ``facts.roles`` and ``facts.staff`` are filled in here."""
    trace = Trace(event, facts, rulebook.version)
    book = rulebook.group(event.group.id)
    if book is None:
        trace.remarks.append(f"group {event.group.id} is not in the configuration")
        return Decision(trace=trace)
    prepare(event, facts, rulebook)
    stopped = acted = False
    done: set[str] = set()
    looked_at = trace.rules.append
    nothing_found = not facts.reading.phrases
    switched = facts.group.rule_modes
    again = again_by(event)
    is_line = facts.reading.message is not None and facts.reading.message.is_line
    for rule in book.by_kind.get(event.kind, ()):
        if rule.names and _name_of(event) not in rule.names:
            continue
        if again and rule.id not in again:
            continue
        if is_line and not rule.sees_lines:
            continue
        if stopped and not rule.always:
            looked_at(RuleTrace(rule.id, d.NOT_REACHED))
            continue
        mode = mode_of(rule, facts, book) if switched or rule.modes else rule.mode
        if mode == OFF:
            looked_at(RuleTrace(rule.id, d.OFF))
            continue
        if facts.staff and not rule.binds_staff:
            looked_at(RuleTrace(rule.id, d.EXEMPT))
            continue
        if nothing_found and rule.missed is not None:  # most rules of most messages end here
            looked_at(rule.missed)
            continue
        notes: list[Note] = []
        held = True if rule.condition is None else _holds(rule.condition, event, facts, notes)
        if not held:
            awaits = held is None and not again and any(note[1] is None for note in notes)
            looked_at(RuleTrace(rule.id, d.AWAITS if awaits else d.NOT_HELD, notes))
            continue
        part = _act(rule, mode, notes, event, facts, rulebook, done)
        looked_at(part)
        acted = True
        stops = rule.stop or (rulebook.first_match and not rule.internal)
        stopped = stopped or (stops and part.outcome == d.FIRED)
    return gather(trace, rulebook) if acted else Decision(trace=trace)


def prepare(event: Event, facts: Facts, rulebook: Rulebook) -> None:
    """Fill in what follows from event, facts and rulebook: the reading, the member's roles."""
    if facts.reading.event is not event:
        facts.reading = Reading(event)
    facts.reading.index = rulebook.phrases
    facts.roles, facts.staff = rulebook.roles_of(facts)


def mode_of(rule: Rule, facts: Facts, book: GroupBook) -> str:
    """A rule's mode in a group at this moment: what an admin set, else the group's own, else the rule's."""
    return overridden(rule.id, facts) or rule.modes.get(book.settings.key, rule.mode)


def overridden(rule_id: str, facts: Facts) -> str | None:
    """The mode that an admin, or another rule, has set for a rule, as long as it holds."""
    override = facts.group.rule_modes.get(rule_id)
    return override.mode if override is not None and (override.until is None or override.until > facts.now) else None


def run_actions(
    actions: tuple[Action, ...], event: Event, facts: Facts, context: RuleContext
) -> tuple[tuple[Effect, ...], tuple[Change, ...], tuple[str, ...]]:
    """What actions ask for, in order, those beyond their quota left out: effects, changes and remarks.

    Where the group's platform cannot do one, what its fallback says is done in its place.
    """
    effects: list[Effect] = []
    changes: list[Change] = []
    remarks: list[str] = []
    for position, action in enumerate(actions):
        instead = stand_in(action, facts.settings, context.fallback)
        once = action.once() if instead is None else None
        if once is not None and once in context.done:
            remarks.append(Remark(f"{once}: done by an earlier rule"))
            continue
        quota = action.at_most
        if quota is not None:
            use = f"{context.id}{context.inside}/{position}/{action.step}"
            subject = subject_of(event)
            if not _allowed(quota, use, subject, facts):
                remarks.append(Remark(f"{action.step}: not again before its at_most allows"))
                continue
            changes.append(_count(quota, use, subject))
        if once is not None:
            context.done.add(once)
        if instead is None:
            outcomes = action.outcomes(event, facts, context)
        else:
            outcomes = _instead(instead, f"{position}/{action.step}", event, facts, context)
        for outcome in outcomes:
            if isinstance(outcome, Remark):
                remarks.append(str(outcome))
            elif isinstance(outcome, Effect):
                effects.append(outcome)
            else:
                changes.append(outcome)
    return tuple(effects), tuple(changes), tuple(remarks)


def _instead(standing: StandIn, place: str, event: Event, facts: Facts, context: RuleContext) -> Iterator[Outcome]:
    """What is done for a step that the platform cannot do. What stands for several steps of a rule is done once."""
    words = None
    if standing.rest is not None:
        echoed = any(step.echoes() for step in standing.steps or ())
        for outcome in standing.rest.outcomes(event, facts, context):
            if isinstance(outcome, SendText) and outcome.group == event.group.id:
                words = outcome.text
                if echoed:
                    continue
            yield outcome
        if words is None:
            return  # nothing was said that could have been pinned
    yield standing.remark(facts.settings)
    for number, step in enumerate(standing.steps or ()):
        done = f"{context.id} instead: {step!r} {words!r}"
        if done in context.done:
            continue
        context.done.add(done)
        inside = replace(context, inside=f"{context.inside}/{place}/{number}", fallback={}, words=words)
        effects, changes, remarks = run_actions((step,), event, facts, inside)
        yield from effects
        yield from changes
        yield from (Remark(remark) for remark in remarks)


def _act(
    rule: Rule, mode: str, notes: list[Note], event: Event, facts: Facts, rulebook: Rulebook, done: set[str]
) -> RuleTrace:
    """What a rule that holds asks for, or would."""
    use = f"{rule.id}/rule"
    subject = subject_of(event)
    if rule.at_most is not None and not _allowed(rule.at_most, use, subject, facts):
        return RuleTrace(rule.id, d.LIMITED, notes)
    if mode == SHADOW:
        # What it would do keeps nobody else from doing it, and where it breaks, it breaks alone.
        context = RuleContext(rule.id, rule.name, rulebook.library, done=set(done), fallback=rule.fallback)
        try:
            effects, changes, remarks = run_actions(rule.actions, event, facts, context)
        except Exception as error:  # noqa: BLE001 - a rule that is only watched must not park the event
            return RuleTrace(rule.id, d.SHADOW, notes, remarks=(f"{type(error).__name__}: {error}",))
    else:
        context = RuleContext(rule.id, rule.name, rulebook.library, done=done, fallback=rule.fallback)
        effects, changes, remarks = run_actions(rule.actions, event, facts, context)
    if rule.at_most is not None:
        changes = (*changes, _count(rule.at_most, use, subject))
    return RuleTrace(rule.id, d.SHADOW if mode == SHADOW else d.FIRED, notes, effects, changes, remarks)


def _holds(condition: Condition, event: Event, facts: Facts, notes: list[Note]) -> bool | None:
    """Whether a condition holds; None where one that broke, or is not known yet, would have to be asked to know. A rule
    needs a plain yes: an exception such as ``none: [role: trusted]`` that breaks must not make it hit the trusted.
    """
    if condition.made_of_others:
        condition = cast(Logic, condition)
        stop_at = condition.stop_at
        unknown = False
        for part in condition.of:
            answer = _holds(part, event, facts, notes)
            if answer is stop_at:
                return condition.settled
            if answer is None:
                unknown = True
        return None if unknown else not condition.settled
    try:
        held = condition.holds(event, facts)
    except NotKnownYet:
        notes.append((condition, None, None))
        return None
    except Exception as error:  # noqa: BLE001 - one condition's fault must not keep the others from being asked
        notes.append((condition, False, f"{type(error).__name__}: {error}"))
        return None
    notes.append((condition, held, None))
    return held


def _name_of(event: Event) -> str:
    if isinstance(event, (CommandIssued, ScheduleFired)):
        return event.name
    if isinstance(event, ButtonPressed):
        return event.data
    return ""


def _allowed(quota: Quota, use: str, subject: str | None, facts: Facts) -> bool:
    uses = facts.member.uses if subject else facts.group.uses
    return quota.allows(uses.get(use, []), facts.now)


def _count(quota: Quota, use: str, subject: str | None) -> CountUse:
    return CountUse(use=use, keep=int(quota.period / timedelta(seconds=1)), member=subject)
