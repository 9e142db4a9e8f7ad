"""The built-in actions: what a rule can do. Each is named in YAML by its ``step``."""

from rules.actions.appeals import RemindOfAppeal
from rules.actions.check_in import CheckIn
from rules.actions.door import OpenDoor
from rules.actions.doors import ApproveJoin, DeclineJoin
from rules.actions.gate import AskAtDoor, AskAtGate
from rules.actions.gate_answers import GiveBack, LeaveGate, LetInUnmuted, TakeAnswer
from rules.actions.gate_time import TimeGate
from rules.actions.introduction import RemindIntroduction, StoreIntroduction
from rules.actions.ladder import Ladder
from rules.actions.members import AnswerQuestion, Ask, GivePoints, Tag, Untag
from rules.actions.messages import Delete, Hold, Pin
from rules.actions.posts import Post
from rules.actions.remind import Remind
from rules.actions.report import PostReport
from rules.actions.require_gate import RequireGate
from rules.actions.room import Announce, Invite, NameGroup
from rules.actions.sanctions import Ban, Kick, Mute, Warn
from rules.actions.staff import Alert, AskStaff
from rules.actions.strangers import TellOfStrangers
from rules.actions.switches import PauseWelcome, ShadowRule, StartRule, StopRule
from rules.actions.talk import Reply, Send, SendPrivately
from rules.actions.welcome import QueueWelcome, SendWelcome, UnqueueWelcome
from rules.step import Action

ACTIONS: tuple[type[Action], ...] = (
    *(Delete, Pin, Hold),
    *(Reply, Send, SendPrivately, Post),
    *(Remind, Warn, Mute, Kick, Ban, Ladder),
    *(Alert, AskStaff),
    *(Tag, Untag, GivePoints, Ask, CheckIn),
    *(StartRule, StopRule, ShadowRule, PauseWelcome, RequireGate),
    *(ApproveJoin, DeclineJoin),
    *(Announce, NameGroup, Invite),
)
"""The actions that rules may name."""
INTERNAL: tuple[type[Action], ...] = (
    *(AskAtGate, AskAtDoor, OpenDoor, TakeAnswer, LetInUnmuted, GiveBack, LeaveGate, TimeGate),
    *(QueueWelcome, UnqueueWelcome, SendWelcome),
    *(RemindIntroduction, StoreIntroduction, AnswerQuestion, PostReport, RemindOfAppeal, TellOfStrangers),
)
"""Actions of rules that are made from other sections (onboarding, activities)."""
