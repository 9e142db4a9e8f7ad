"""The built-in actions: what a rule can do. Each is named in YAML by its ``step``."""

from rules.actions.ladder import Ladder
from rules.actions.messages import Delete, Hold, Pin
from rules.actions.remind import Remind
from rules.actions.sanctions import Ban, Kick, Mute, Warn
from rules.actions.staff import Alert, AskStaff
from rules.actions.talk import Reply, Send, SendPrivately
from rules.step import Action

ACTIONS: tuple[type[Action], ...] = (
    Delete,
    Reply,
    Send,
    SendPrivately,
    Warn,
    Mute,
    Kick,
    Ban,
    Ladder,
    Remind,
    Alert,
    AskStaff,
    Hold,
    Pin,
)
"""The actions that rules may name."""
INTERNAL: tuple[type[Action], ...] = ()
"""Actions of rules that are made from other sections (onboarding, activities)."""
