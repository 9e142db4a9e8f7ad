"""Trust: whose ordinary words need no second look. It never covers links, contacts, codes, forwards and edits."""

from datetime import datetime, timedelta

from rules.detectors.settings import Trust
from rules.state import MemberState

_HAN_LETTERS, _OTHER_LETTERS, _DISTINCT = 6, 20, 5


def is_substantive(text: str) -> bool:
    """Whether a message says something, unlike a greeting, a "+1" or a row of emoji."""
    if len(text) < _HAN_LETTERS:
        return False
    letters = [sign for sign in text[:200] if sign.isalpha()]
    han = sum(sign >= "㐀" for sign in letters)
    return (han >= _HAN_LETTERS or len(letters) >= _OTHER_LETTERS) and len(set(letters)) >= _DISTINCT


def is_trusted(member: MemberState, now: datetime, trust: Trust) -> bool:
    """Whether somebody has earned trust by what they wrote over days, and was not warned meanwhile."""
    if member.first_seen is None or member.warnings or member.points:
        return False
    return (
        member.substantive >= trust.messages
        and member.active_days >= trust.active_days
        and now - member.first_seen >= timedelta(days=trust.days_in_group)
    )
