"""Carry a decision's changes out on what is remembered, and take note of each event.

One place for live running, replay and ``tests:``, so that they cannot differ. Timers, reviews' files, histories and
the audit log are storage's own business: it reads the same changes.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from rules import changes as c
from rules.detectors.trust import is_substantive
from rules.events import Event, JoinRequested, MemberJoined, MemberLeft, MessagePosted, again_by, member_of
from rules.gate_apply import HANDLERS as AT_GATE
from rules.gate_apply import freed
from rules.state import (
    Confirmation,
    Greeting,
    GroupState,
    MemberState,
    Override,
    Points,
    Question,
    Review,
    WarningGiven,
    Welcome,
)
from rules.wording import plain_name

MemberOf = Callable[[str], MemberState]

READ_RULES = "read_rules"
"""The tag of members who said that they have read the rules."""
_UNDER_WAY = timedelta(minutes=1)
"""Within this time of being removed somebody may have written before it took hold."""
_REMEMBERED = 20
"""Names of a welcome that are remembered; the others are counted."""


def meet(event: Event, member: MemberState) -> None:
    """Note who a member is by now (name, role), before an event of theirs is decided on."""
    person = member_of(event)
    if person is None or person.id != member.id:
        return
    member.name = person.name or member.name
    member.username = person.username or member.username
    member.role = person.role


def observe(event: Event, day: str, group: GroupState, member: MemberState | None, *, removed: bool = False) -> None:
    """Note what an event says by itself, after it was decided on: joins, counts, last seen.

    ``day`` is the group's local day (which begins at ``day_starts_at``); ``removed`` is whether its message was.
    """
    if group.first_seen is None:
        group.first_seen = event.at
    if event.group.name:
        group.name = event.group.name
    person = member_of(event)
    if member is None or person is None:
        return
    if isinstance(event, JoinRequested):
        if member.joined_at is None and member.first_seen is None:
            member.left_at = event.at  # at the door is not in the group
        return
    if member.first_seen is None:
        member.first_seen = event.at
    if isinstance(event, MemberJoined):
        member.joined_at, member.left_at, member.welcomed, member.removed_at = event.at, None, False, None
        member.source = event.source or member.source
        return
    if isinstance(event, MemberLeft):
        member.left_at = event.at
        if event.remover is not None and event.remover.id != member.id and not _sent_by_gate(member):
            member.removed_at = event.at
        return
    if again_by(event):  # it has counted; only what is taken away now says nothing for its author after all
        if removed and isinstance(event, MessagePosted) and is_substantive(event.message.text):
            member.substantive = max(0, member.substantive - 1)
        return
    if isinstance(event, MessagePosted) and event.message.is_line:
        return  # it says that something happened, not that they are there
    member.last_seen = event.at
    if isinstance(event, MessagePosted):
        member.left_at = None  # whoever writes is there, also where the platform does not tell of joins
        if member.removed_at is not None and event.at > member.removed_at + _UNDER_WAY:
            member.removed_at = None
        group.last_message_at = event.at
        group.quiet_fires.clear()
        if event.message.command is not None:
            return
        member.messages += 1
        member.substantive += not removed and is_substantive(event.message.text)
        group.messages += 1
        if member.last_active_day != day:
            member.last_active_day = day
            member.active_days += 1


def apply(changes: Iterable[c.Change], now: datetime, group: GroupState, member_of_id: MemberOf) -> None:
    """Carry out changes in order. ``member_of_id`` gives the state of any member of the group."""
    for change in changes:
        handler = _HANDLERS.get(type(change))
        if handler is not None:
            handler(change, now, group, member_of_id)


def _sent_by_gate(member: MemberState) -> bool:
    """Whether the gate has sent them away, where they may try again."""
    return member.gate is not None and member.gate.stands == "removed" and member.gate.why != "by_hand"


def _removed(x: c.Removed, now: datetime, group: GroupState, member: MemberOf) -> None:
    member(x.member).removed_at = now


def forget(state: MemberState) -> None:
    """Erase what a member told of themselves and earned. What staff need stays: joins, counts, warnings, bans."""
    state.introduced_at = state.asked_introduction_at = state.question = None
    state.introduction, state.introduction_message = "", None
    state.profile.clear()
    state.tags.clear()
    state.score = state.streak = state.checkins = 0
    state.checkin_day = ""
    state.read_rules_at = None
    state.uses.clear()


def _add_points(x: c.AddPoints, now: datetime, group: GroupState, member: MemberOf) -> None:
    state = member(x.member)
    state.points = [p for p in state.points if p.expires is None or p.expires > now]
    given = Points(ladder=x.ladder, points=x.points, at=now, expires=x.expires, rule=x.rule, message=x.message)
    state.points.append(given)


def _add_warning(x: c.AddWarning, now: datetime, group: GroupState, member: MemberOf) -> None:
    member(x.member).warnings.append(WarningGiven(at=now, by=x.by, reason=x.reason, message=x.message))


def _forgive(x: c.Forgive, now: datetime, group: GroupState, member: MemberOf) -> None:
    state = member(x.member)
    state.warnings.clear()
    state.points.clear()


def _add_score(x: c.AddScore, now: datetime, group: GroupState, member: MemberOf) -> None:
    member(x.member).score += x.points


def _add_tag(x: c.AddTag, now: datetime, group: GroupState, member: MemberOf) -> None:
    tags = member(x.member).tags
    if x.tag not in tags:
        tags.append(x.tag)


def _remove_tag(x: c.RemoveTag, now: datetime, group: GroupState, member: MemberOf) -> None:
    tags = member(x.member).tags
    if x.tag in tags:
        tags.remove(x.tag)


def _mark_introduced(x: c.MarkIntroduced, now: datetime, group: GroupState, member: MemberOf) -> None:
    state = member(x.member)
    state.introduced_at = now
    state.introduction = x.text
    state.introduction_message = x.message
    state.profile.update(x.fields)


def _asked_introduction(x: c.AskedIntroduction, now: datetime, group: GroupState, member: MemberOf) -> None:
    state = member(x.member)
    if x.reminder:
        state.introduction_reminders += 1
    else:
        state.asked_introduction_at = now
        state.introduction_reminders = 0


def _set_profile(x: c.SetProfile, now: datetime, group: GroupState, member: MemberOf) -> None:
    member(x.member).profile[x.field] = x.value


def _ask_question(x: c.AskQuestion, now: datetime, group: GroupState, member: MemberOf) -> None:
    member(x.member).question = Question(save=x.save, until=x.until, rule=x.rule)


def _answer_question(x: c.AnswerQuestion, now: datetime, group: GroupState, member: MemberOf) -> None:
    state = member(x.member)
    state.profile[x.save] = x.value
    state.question = None


def _set_muted(x: c.SetMuted, now: datetime, group: GroupState, member: MemberOf) -> None:
    state = member(x.member)
    state.muted_until = (x.until or datetime.max.replace(tzinfo=now.tzinfo)) if x.muted else None
    if state.gate is not None:
        state.gate.muted = False  # whatever holds now was not begun at the gate, and does not end there
        if not x.muted:
            freed(state, now, group)


def _set_banned(x: c.SetBanned, now: datetime, group: GroupState, member: MemberOf) -> None:
    state = member(x.member)
    state.banned = x.banned
    if not x.banned:
        state.removed_at = None


def _queue_welcome(x: c.QueueWelcome, now: datetime, group: GroupState, member: MemberOf) -> None:
    group.welcomes = [w for w in group.welcomes if w.member != x.member]
    group.welcomes.append(Welcome(member=x.member, name=x.name, at=now))
    group.welcome_due = x.due


def _welcomed(x: c.Welcomed, now: datetime, group: GroupState, member: MemberOf) -> None:
    done = set(x.members)
    group.welcomes = [w for w in group.welcomes if w.member not in done]
    if not group.welcomes:
        group.welcome_due = None
    for member_id in x.members:
        member(member_id).welcomed = True


def _pause_welcome(x: c.PauseWelcome, now: datetime, group: GroupState, member: MemberOf) -> None:
    group.welcome_paused_until = x.until


def _check_in(x: c.CheckIn, now: datetime, group: GroupState, member: MemberOf) -> None:
    state = member(x.member)
    state.checkin_day, state.streak = x.day, x.streak
    state.checkins += 1
    state.score += x.points


def _count_use(x: c.CountUse, now: datetime, group: GroupState, member: MemberOf) -> None:
    uses = member(x.member).uses if x.member else group.uses
    floor = now - timedelta(seconds=x.keep)
    uses[x.use] = [at for at in uses.get(x.use, ()) if at > floor] + [now]


def _set_rule_mode(x: c.SetRuleMode, now: datetime, group: GroupState, member: MemberOf) -> None:
    if x.mode == "file":
        group.rule_modes.pop(x.rule, None)
    else:
        group.rule_modes[x.rule] = Override(mode=x.mode, until=x.until, by=x.by)


def _posted(x: c.Posted, now: datetime, group: GroupState, member: MemberOf) -> None:
    group.posted[x.schedule] = now
    group.messages_at_post[x.schedule] = group.messages
    if x.topic is not None:
        group.topics_used[x.topic] = now
    if x.challenge is not None:
        group.challenge, group.challenge_day = x.challenge, x.day
    if x.quiet:
        group.quiet_fires[x.schedule] = group.quiet_fires.get(x.schedule, 0) + 1
    if x.day:
        group.announced = group.announced + 1 if group.announced_day == x.day else 1
        group.announced_day = x.day


def _hold_message(x: c.HoldMessage, now: datetime, group: GroupState, member: MemberOf) -> None:
    group.reviews.append(
        Review(
            number=group.next_review,
            rule=x.rule,
            member=x.member,
            name=x.name,
            text=x.text,
            at=now,
            message=x.message,
        )
    )
    group.next_review += 1


def _close_review(x: c.CloseReview, now: datetime, group: GroupState, member: MemberOf) -> None:
    group.reviews = [r for r in group.reviews if r.number != x.number]


def _open_case(x: c.OpenCase, now: datetime, group: GroupState, member: MemberOf) -> None:
    group.next_case = max(group.next_case, x.number + 1)


def _take_back(x: c.TakeBack, now: datetime, group: GroupState, member: MemberOf) -> None:
    state, stays = member(x.member), ("", x.message)
    state.removed_at = None
    state.points = [given for given in state.points if given.at != x.at or given.message not in stays]
    state.warnings = [given for given in state.warnings if given.at != x.at or given.message not in stays]


def _label_message(x: c.LabelMessage, now: datetime, group: GroupState, member: MemberOf) -> None:
    group.next_label = max(group.next_label, x.number + 1)


def _read_rules(x: c.ReadRules, now: datetime, group: GroupState, member: MemberOf) -> None:
    state = member(x.member)
    state.read_rules_at = now
    if READ_RULES not in state.tags:
        state.tags.append(READ_RULES)


def _greeted(x: c.Greeted, now: datetime, group: GroupState, member: MemberOf) -> None:
    if x.anew or group.greeting is None:
        group.greeting = Greeting(at=now)
    group.greeting.count += len(x.names)
    group.greeting.names = [*group.greeting.names, *x.names][-_REMEMBERED:]


def _start_running(x: c.StartRunning, now: datetime, group: GroupState, member: MemberOf) -> None:
    group.running[x.name] = now


def _ask_confirmation(x: c.AskConfirmation, now: datetime, group: GroupState, member: MemberOf) -> None:
    group.confirmations = [k for k in group.confirmations if k.until > now and k.actor != x.actor]
    group.confirmations.append(Confirmation(code=x.code, actor=x.actor, command=x.command, args=x.args, until=x.until))


def _drop_confirmation(x: c.DropConfirmation, now: datetime, group: GroupState, member: MemberOf) -> None:
    group.confirmations = [k for k in group.confirmations if k.code != x.code]


def _forget_member(x: c.ForgetMember, now: datetime, group: GroupState, member: MemberOf) -> None:
    state = member(x.member)
    name, instead = plain_name(state.name or state.username or ""), x.member.rpartition(":")[2]
    forget(state)
    group.reviews = [review for review in group.reviews if review.member != x.member]
    if group.greeting is not None:
        group.greeting.names = [each for each in group.greeting.names if each != name]
    for welcome in group.welcomes:
        welcome.name = instead if welcome.member == x.member else welcome.name
    for waiting in (one for challenge in group.challenges for one in challenge.waiting):
        waiting.name = instead if waiting.member == x.member else waiting.name
    group.gate_notes = [replace(note, name=instead) if note.member == x.member else note for note in group.gate_notes]


def _note_stranger(x: c.NoteStranger, now: datetime, group: GroupState, member: MemberOf) -> None:
    group.strangers.append(x.stranger)


def _told_of_strangers(x: c.ToldOfStrangers, now: datetime, group: GroupState, member: MemberOf) -> None:
    group.strangers = []


_HANDLERS: dict[type, Callable[..., None]] = {
    c.AddPoints: _add_points,
    c.AddWarning: _add_warning,
    c.Forgive: _forgive,
    c.AddScore: _add_score,
    c.AddTag: _add_tag,
    c.RemoveTag: _remove_tag,
    c.MarkIntroduced: _mark_introduced,
    c.AskedIntroduction: _asked_introduction,
    c.SetProfile: _set_profile,
    c.AskQuestion: _ask_question,
    c.AnswerQuestion: _answer_question,
    c.SetMuted: _set_muted,
    c.SetBanned: _set_banned,
    c.Removed: _removed,
    c.QueueWelcome: _queue_welcome,
    c.Welcomed: _welcomed,
    c.PauseWelcome: _pause_welcome,
    c.CheckIn: _check_in,
    c.CountUse: _count_use,
    c.SetRuleMode: _set_rule_mode,
    c.Posted: _posted,
    c.HoldMessage: _hold_message,
    c.CloseReview: _close_review,
    c.OpenCase: _open_case,
    c.TakeBack: _take_back,
    c.LabelMessage: _label_message,
    c.ReadRules: _read_rules,
    c.Greeted: _greeted,
    c.StartRunning: _start_running,
    c.AskConfirmation: _ask_confirmation,
    c.DropConfirmation: _drop_confirmation,
    c.ForgetMember: _forget_member,
    c.NoteStranger: _note_stranger,
    c.ToldOfStrangers: _told_of_strangers,
    **AT_GATE,
}
