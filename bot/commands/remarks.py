"""Remarks of a kept trace in the group's language.

A trace keeps remarks as plain English, for replays and terminals. Here each is known by its wording, and its parts are
put into the text ``remarks.<name>``; one that is not known, as an extension's, is told as it is.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from rules.copy import CopyBook
from rules.placeholders import names_in
from rules.text import Param, Text, key, say

WORDINGS: Mapping[str, str] = MappingProxyType(
    {
        "done_before": "{text}: done by an earlier rule",
        "at_most": "{step}: not again before its at_most allows",
        "strictest": "{value}: asked for by several rules, the strictest counts",
        "album_late": "album: the rest of it was taken away, so this part is too",
        "instead": "{step}: {platform} cannot do this; instead: {names}",
        "left_out": "{step}: {platform} cannot do this; left out",
        "no_notice": "announce: there are no words to put into the notice",
        "invite_here": "invite: this is the very group that they are in",
        "mute_chat": "mute: a channel cannot be muted, only banned",
        "told_once": "notice: told in one message with another",
        "ladder_below": "ladder {name}: {points} points reach no step yet",
        "ladder": "ladder {name}: {points} points, step {step} of {steps}",
        "ladder_counted": "ladder {name}: this message has counted already",
        "warned_already": "warn: they were warned for this message already",
        "reminded": "remind: {text} was said to this member within the hour",
        "protected": "{step}: the platform protects its {role}s",
        "muted_longer": "mute: a longer one is in force",
        "no_staff_room": "{step}: there is no staff room to tell (staff: room)",
        "no_staff_room_to_ask": "{step}: there is no staff room to ask (staff: room)",
        "no_private": "send_private: the platform has no private messages, and there is no `otherwise`",
        "no_report": "post_report: the figures are missing",
        "no_figures": "post: the figures of {name} are missing",
        "budget": "post: {count} of {total} announcements were made today (announce_budget)",
        "calendar_empty": "post: calendar {name} has nothing for {date}",
        "nothing_to_post": "post: nothing to post in {name}",
        "welcome_bot": "welcome: bots are not welcomed",
        "welcomed": "welcome: this member was welcomed not long ago",
        "welcome_nobody": "welcome: nobody waits any more",
        "welcome_silent": "welcome: {count} came at once or welcomes are paused; let in silently",
        "introduced": "introduction: everybody has introduced themselves or is gone",
        "introduction_later": "introduction: enough reminders this hour; later",
        "gate_let_in": "gate: somebody else has let them in",
        "gate_bots": "gate: bots are not asked",
        "gate_admins": "gate: admins are not asked",
        "gate_added": "gate: an admin or a bot has added them",
        "gate_passed": "gate: they answered not long ago",
        "gate_rests": "gate: nobody is asked just now (require_gate)",
        "gate_asked": "gate: they are being asked already",
        "gate_banned": "gate: they are banned; staff decide",
        "gate_not_alone": "gate: nobody can be asked alone here; staff decide",
        "gate_noticed": "gate: enough notices for now",
        "gate_no_staff": "gate: there is no staff room to tell (staff: room)",
        "gate_told": "gate: staff know already",
        "gate_over": "gate: this challenge is over",
        "gate_gone": "gate: the file has this gate no more; everybody is let in",
        "gate_away": "gate: the bot was away; everybody gets more time",
        "gate_not_delivered": "gate: the question was not delivered: {reason}",
        "gate_by_button": "gate: this is to be answered by a button",
        "gate_door_alone": "gate: it asks at the door alone",
        "gate_quiet": "gate: the question is to be asked when the quiet hours are over",
        "door_told": "door: they were told often enough how they stand",
        "contacts_told": "contacts: staff know already",
        "contacts_wait": "contacts: they are waiting already",
        "too_many_commands": "not answered: too many commands in a short time",
        "not_allowed_again": "not allowed; the member was told so within the hour",
        "not_allowed": "not allowed",
    }
)
"""How remarks are worded in traces, by the name of the text that tells them."""


def remark_words(remark: str, copy: CopyBook) -> Text:
    """A remark as the group is told it."""
    if remark.startswith("commands.") and remark in copy:  # the name of the refusal that a command was answered with
        return key("remarks.refused")
    for name, pattern in _PATTERNS.items():
        found = pattern.fullmatch(remark)
        if found is not None and f"remarks.{name}" in copy:
            return key(
                f"remarks.{name}", **{part: _word(part, value, copy) for part, value in found.groupdict().items()}
            )
    return say("{text}", text=remark)


def _word(part: str, value: str, copy: CopyBook) -> Param:
    """A part of a remark: what was done, roles and platforms have words of their own."""
    platform = f"platforms.{value.replace(' ', '_')}"
    name = {"value": f"commands.act.{value}", "role": f"seen.{value}", "platform": platform}.get(part, "")
    return key(name) if name in copy else value


def _pattern(wording: str) -> re.Pattern[str]:
    escaped = re.escape(wording)
    for name in names_in(wording):
        escaped = escaped.replace(re.escape(f"{{{name}}}"), f"(?P<{name}>.+?)")
    return re.compile(escaped, re.DOTALL)


_PATTERNS = {name: _pattern(wording) for name, wording in WORDINGS.items()}
