"""What went wrong on the way to a gateway or behind it, as errors of ours that say what is to be done next."""

import asyncio
import json
import re
import socket
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

from grpclib.const import Status
from grpclib.exceptions import GRPCError, ProtocolError, StreamTerminatedError
from h2.exceptions import H2Error

from adapters.errors import AdapterError, OutcomeUnknown, Rejected, RetryLater

T = TypeVar("T")

LOST = (StreamTerminatedError, ProtocolError, H2Error, TimeoutError, OSError)
"""The connection went while something was on its way."""
HELD_BACK = timedelta(minutes=10)
"""How long to leave WeChat alone that says that the account is too busy: who goes on is locked out."""
MOST = 300
"""Letters of an explanation."""

_ON_THE_WAY = (Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.CANCELLED, Status.ABORTED)
_UNANSWERED = re.compile(r"timed? ?-?out|TimeoutPromise|ECONNRESET|ECONNREFUSED|EPIPE|socket hang up", re.IGNORECASE)
_TOO_BUSY = re.compile(r"操作过于频繁|操作太频繁|too (?:frequent|many requests)", re.IGNORECASE)
_LOGGED_OUT = re.compile(r"not logged ?in|no logged ?in|logonoff|已退出登录|未登录", re.IGNORECASE)
_NO_FRIEND = r"not friends?|不是(?:他|她|对方)(?:（她）)?的?(?:朋友|好友)|朋友验证"
_NO_KEEPER = r"room'?s owner|not (?:the )?(?:owner|admin)|群主|管理员"
_KNOWN = (
    (re.compile(_NO_FRIEND, re.IGNORECASE), "they are no friend of the account"),
    (re.compile(_NO_KEEPER, re.IGNORECASE), "the account neither owns nor keeps the group"),
    (re.compile(r"not in (?:the )?(?:chat ?)?room|不在群", re.IGNORECASE), "it is not in the group"),
    (re.compile(r"not (?:supported|implemented)|unsupported", re.IGNORECASE), "the puppet cannot do this"),
)
_TRACE = re.compile(r"\s*\n\s*at .*", re.DOTALL)
_SORT = re.compile(r"^(?:(?:Uncaught )?(?:[A-Z]\w*)?(?:Error|Exception): )+")


class NotConnected(ConnectionError):
    """The connection is not there: whatever was asked, it never left."""


class Unauthenticated(RetryLater):
    """The gateway does not know our token."""


async def read(call: Awaitable[T]) -> T:
    """The answer to something that changes nothing: where it is lost, it may be asked again."""
    try:
        return await _apart(call)
    except GRPCError as error:
        raise _sorted(error, RetryLater) from error
    except (*LOST, AssertionError) as error:  # an answer that breaks off is an AssertionError in grpclib
        raise RetryLater(why(error)) from error


async def done(call: Awaitable[T]) -> T:
    """The answer to something that was to happen: where it is lost, it may have happened."""
    try:
        return await _apart(call)
    except GRPCError as error:
        raise _sorted(error, OutcomeUnknown) from error
    except (NotConnected, ConnectionRefusedError) as error:  # it never left
        raise RetryLater(why(error)) from error
    except (*LOST, AssertionError) as error:
        raise OutcomeUnknown(why(error)) from error


async def _apart(call: Awaitable[T]) -> T:
    """A call in a task of its own. To end one, grpclib cancels the task that it runs in, and does not take that back;
    and of a call that is cancelled from outside it may say instead that the stream has ended."""
    try:
        return await asyncio.ensure_future(call)
    except Exception:
        own = asyncio.current_task()
        if own is not None and own.cancelling():
            raise asyncio.CancelledError from None
        raise


def why(error: BaseException) -> str:
    """What is wrong, for people. What a gateway says of a token is not in it: it repeats the token."""
    if isinstance(error, GRPCError):
        if error.status is Status.UNAUTHENTICATED:
            return "the gateway does not know the token"
        return plain(error.message or "") or error.status.name
    if isinstance(error, TimeoutError):
        return "the gateway did not answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens at the gateway's address"
    if isinstance(error, (StreamTerminatedError, ConnectionResetError, BrokenPipeError, H2Error)):
        return "the connection to the gateway broke off"
    if isinstance(error, socket.gaierror):
        return "no machine is known by the name of the gateway"
    return plain(str(error)) or type(error).__name__


def plain(message: str) -> str:
    """A puppet's own words: in a line, without the sort of error and where in its program it arose."""
    told = _SORT.sub("", _TRACE.sub("", message)).strip()
    return " ".join(told.split())[:MOST]


def complaint(data: Mapping[str, Any]) -> str:
    """What a puppet says in an ``error`` event: a text, or its error as JSON."""
    told = data.get("data") or data.get("gerror") or data
    if isinstance(told, str):
        with suppress(ValueError):
            parts = json.loads(told)
            if isinstance(parts, dict):
                told = parts.get("message") or parts.get("details") or told
    return plain(str(told))


def _sorted(error: GRPCError, on_the_way: type[RetryLater] | type[OutcomeUnknown]) -> AdapterError:
    told = why(error)
    match error.status:
        case Status.UNAUTHENTICATED:
            return Unauthenticated(told)
        case Status.UNIMPLEMENTED:
            return Rejected("this gateway cannot do that: it is too old, or its puppet does not know how")
        case Status.RESOURCE_EXHAUSTED if "larger than max" in told:
            return Rejected("this is larger than what goes through a gateway at once (4 MiB)")
    if error.status in _ON_THE_WAY or _UNANSWERED.search(told):
        return on_the_way(told)
    if _TOO_BUSY.search(told):
        return RetryLater(f"WeChat asks the account to be slower: {told}", HELD_BACK, whole_platform=True)
    if _LOGGED_OUT.search(told):
        return RetryLater("nobody is logged in behind the gateway", timedelta(seconds=30))
    for words, meaning in _KNOWN:
        if words.search(told):
            return Rejected(f"{meaning} ({told})")
    return Rejected(told)
