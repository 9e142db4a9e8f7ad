"""What is done to a room: its announcement, its name."""

from adapters.errors import Rejected
from adapters.wechaty.sending.api import Api
from adapters.wechaty.sending.wording import cleaned
from rules import effects as fx

LONGEST_ANNOUNCEMENT, LONGEST_NAME = 2_000, 32
"""Characters that WeChat's own apps let somebody write there."""


async def announce(effect: fx.SetAnnouncement, api: Api) -> None:
    """Put a text into the room's announcement. Never an empty one: to some puppets that asks what stands there."""
    text = _fitting(effect.text.literal, LONGEST_ANNOUNCEMENT)
    room = api.id(effect.group)
    try:
        await api.calls().announce(room, text)
    except Rejected as error:
        raise await api.why(room, error) from error


async def rename(effect: fx.RenameGroup, api: Api) -> None:
    """Give the room another name, on one line."""
    name = _fitting(" ".join((effect.name.literal or "").split()), LONGEST_NAME)
    room = api.id(effect.group)
    try:
        await api.calls().rename(room, name)
    except Rejected as error:
        raise await api.why(room, error) from error
    finally:
        api.people.forget_room(room)


def _fitting(text: str | None, longest: int) -> str:
    text = cleaned(text or "").strip()
    if not text:
        raise Rejected("there is nothing to say: the text is empty")
    if len(text) > longest:
        raise Rejected(f"the text has {len(text)} characters, and WeChat takes {longest} there: shorten it")
    return text
