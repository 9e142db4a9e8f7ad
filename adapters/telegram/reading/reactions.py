"""Reactions to messages: those that were not there before."""

from typing import Any

from adapters.telegram.reading.people import People
from adapters.telegram.reading.values import Json, mapping, moment, number, objects
from rules.events import ReactionAdded


def reaction(x: Json, id_: str, people: People) -> ReactionAdded | None:
    """What somebody added to their reactions to a message; None where they only took away."""
    chat = mapping(x["chat"])
    before = {_name(one) for one in objects(x["old_reaction"])}
    added = tuple(dict.fromkeys(name for one in objects(x["new_reaction"]) if (name := _name(one)) not in before))
    if not added or chat["type"] not in ("group", "supergroup"):
        return None
    by = x.get("actor_chat")
    member = people.author({"sender_chat": by}, chat) if by is not None else people.user(mapping(x["user"]), chat)
    message = f"{people.name}:{chat['id']}/{number(x['message_id'])}"
    return ReactionAdded(id_, people.group(chat), moment(x["date"]), member, message, added)


def _name(x: Json) -> str:
    """An emoji, the id of a custom one, or what a newer kind of reaction is called."""
    name: Any = x.get("emoji") or x.get("custom_emoji_id") or x.get("type")
    return str(name)
