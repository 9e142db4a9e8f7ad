"""The puppets that a gateway can stand before, and what each of them can do.

A puppet is what drives the account; Wechaty gives all of them one interface, not one ability. The table follows the
puppets' own documentation and what was found by trying; what is not documented is not declared.
"""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from msgspec import Struct

from rules.capability import Capability

_TALK = frozenset(
    {
        Capability.SEND,
        Capability.SEND_PRIVATE,
        Capability.SEND_DOCUMENT,
        Capability.SEND_PICTURE,
        Capability.SEE_JOINS,
        Capability.SEE_LEAVES,
    }
)
_KEEP = _TALK | {Capability.KICK, Capability.INVITE, Capability.RENAME, Capability.JOIN_REQUESTS}
_FULLY = _KEEP | {Capability.MENTION, Capability.ANNOUNCE, Capability.DELETE_OWN}


class Puppet(Struct, frozen=True):
    """One puppet: the product it speaks to, and what it can do there.

    ``recalls_within`` is how long an own message can be taken back, None: not at all. ``stable_ids``: people and rooms
    keep their ids when the account logs in anew. ``pings``: a mention makes the member's phone ring; else it is text.
    ``longest`` is what one message holds, in bytes of UTF-8, a letter counting two: 2,000 letters, 1,333 Chinese signs.
    WeChat cuts off after 2,000 characters without a word; WeCom documents 2,048 bytes.
    """

    title: str
    capabilities: frozenset[Capability]
    stable_ids: bool = True
    pings: bool = True
    recalls_within: timedelta | None = None
    longest: int = 4_000


_TWO_MINUTES = timedelta(minutes=2)

PUPPETS: Mapping[str, Puppet] = MappingProxyType(
    {
        "padlocal": Puppet("WeChat", _FULLY, recalls_within=_TWO_MINUTES),
        "wechat4u": Puppet("WeChat", _KEEP, stable_ids=False, pings=False),
        "wxwork": Puppet("WeCom", _KEEP | {Capability.MENTION, Capability.ANNOUNCE}, longest=2_048),
        "workpro": Puppet("WeCom", _KEEP | {Capability.MENTION, Capability.ANNOUNCE}, longest=2_048),
        # It answers calls that it does not carry out as if it had: only what it does is declared.
        "xp": Puppet("WeChat", _TALK - {Capability.SEE_LEAVES} | {Capability.MENTION}),
        "mock": Puppet("WeChat", _FULLY, recalls_within=_TWO_MINUTES),
    }
)
"""By the name that is written as ``puppet:``. ``mock`` is the one that Wechaty's own gateway is tried out with."""
