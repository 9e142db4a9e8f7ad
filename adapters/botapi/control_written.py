"""Values of the control API: the world's own objects as JSON."""

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from adapters.botapi.bots import Bot, CallbackQuery
from adapters.botapi.errors import ApiError
from adapters.botapi.faults import Fault
from adapters.botapi.log import Request
from adapters.botapi.state import (
    Chat,
    InviteLink,
    JoinRequest,
    Json,
    Member,
    Message,
    Poll,
    Topic,
    User,
)

_FAULT = ("kind", "method", "chat", "times", "probability", "until", "error", "seconds", "met")
_REQUEST = ("at", "bot", "method", "files", "ok", "code", "error", "fault")


def written(value: Any) -> Any:
    """The JSON for what a verb returned."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Message():
            return value.body
        case User() | Chat():
            return value.json
        case Poll():
            return value.json() if value.message is None else value.message.body
        case InviteLink():
            return value.json()
        case Topic():
            return {"message_thread_id": value.id, "name": value.name}
        case JoinRequest():
            return {"user": value.user.json, "date": int(value.asked.timestamp()), "bio": value.bio}
        case ApiError():
            return value.body()
        case Fault():
            return {name: written(getattr(value, name)) for name in _FAULT}
        case Request():
            return {**{name: written(getattr(value, name)) for name in _REQUEST}, "params": written(value.args)}
        case Bot():
            return {**value.me(), "token": value.token}
        case Member():
            return {"user": value.user.json, "status": value.status}
        case CallbackQuery():
            return _query(value)
        case datetime():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode()
        case Mapping():
            return {str(key): written(each) for key, each in value.items()}
        case Iterable():
            return [written(each) for each in value]
        case _:
            return str(value)


def _query(query: CallbackQuery) -> Json:
    told: Json = {"id": query.id, "from": query.user.json, "message_id": query.message_id, "data": query.data}
    return {**told, "answer": query.answer}
