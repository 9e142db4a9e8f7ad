"""Saying things: in a room, to one person alone, as a file."""

from collections.abc import Sequence

import structlog
from msgspec import Struct

from adapters.errors import AdapterError, OutcomeUnknown, Rejected, RetryLater
from adapters.pictures import drawn
from adapters.protocol import Receipt
from adapters.wechaty.people import Contact
from adapters.wechaty.sending.api import Api
from adapters.wechaty.sending.echoes import Saying
from adapters.wechaty.sending.mentions import Named, called_at_once, marked, shared_out
from adapters.wechaty.sending.wording import cleaned, parts, with_buttons
from rules import effects as fx

TRIES, PATIENTLY, LONGEST_WAIT = 4, 15.0, 60.0
"""How often the rest of a text is tried whose beginning was said, how many seconds apart."""

log = structlog.get_logger("groupkeeper.wechaty")


class _Part(Struct, frozen=True):
    """One message: words with those whom they mention, or a picture."""

    text: str = ""
    mentions: tuple[str, ...] = ()
    picture: fx.Picture | None = None


async def send_text(effect: fx.SendText, api: Api) -> Receipt:
    """Say it in the room. To be a reply, it mentions whom it answers: WeChat's API knows no replies."""
    room = api.id(effect.group)
    people = await _named(effect, room, api)
    text = marked(cleaned(with_buttons(effect.text.literal or "", effect.buttons)), people)
    what = shared_out(parts(text, api.puppet.longest), people)
    said = [_Part(part, ids if api.puppet.pings else ()) for part, ids in what]
    return await _say(effect, effect.group, room, said, effect.picture, api)


async def send_private(effect: fx.SendPrivate, api: Api) -> Receipt:
    """Say it to one person alone, who has to be a friend."""
    contact = await friend(effect.member, api)
    text = cleaned(with_buttons(effect.text.literal or "", effect.buttons))
    said = [_Part(part) for part in parts(text, api.puppet.longest)]
    try:
        return await _say(effect, effect.member, contact.id, said, effect.picture, api)
    except Rejected as error:
        raise _no_friend(str(error)) from error


async def send_document(effect: fx.SendDocument, api: Api) -> Receipt:
    """Send a text file."""
    place = effect.member or effect.group
    if effect.member is not None:
        await friend(effect.member, api)
    content = effect.content.encode("utf-8", "replace")
    sent = await api.calls().send_file(api.id(place), effect.name, content)
    return Receipt(api.note(place, sent)) if sent is not None else Receipt()


async def friend(member: str, api: Api) -> Contact:
    """Somebody whom the account may write to and bring into rooms. Raises ``Rejected`` where they are no friend."""
    id_ = api.id(member)
    contact = await api.people.contact(id_)
    if not contact.friend:  # they may have become one without a word of the gateway
        api.people.forget_contact(id_)
        contact = await api.people.contact(id_)
    if not contact.friend:
        raise _no_friend("")
    return contact


def _no_friend(why: str) -> Rejected:
    if not why:
        return Rejected("this person is no friend of the bot's account on WeChat, so it cannot write to them")
    return Rejected(f"WeChat does not let the bot's account write to this person: no friend, or it is blocked ({why})")


async def _named(effect: fx.SendText, room: str, api: Api) -> list[Named]:
    """Whom the text is to mention: those whom it names, and whom it answers. In private nobody is mentioned."""
    found: list[Named] = []
    names = (*effect.mention_names, *("" for _ in effect.mentions))
    for member, called in zip(effect.mentions, names, strict=False):
        id_ = api.id(member)
        if id_ != room and all(id_ != one.id for one in found):
            found.append(Named(id_, called, await _name(id_, called, room, api)))
    if effect.reply_to is not None and not found:
        author = await _author(effect, api)
        if author not in (None, room, api.account()):
            name = await _name(author, "", room, api)
            called = name if called_at_once(effect.text.literal or "", name) else ""
            found.append(Named(author, called, name))
    return [one for one in found if one.name]


async def _author(effect: fx.SendText, api: Api) -> str | None:
    """Who wrote the message that is answered; None where it is gone."""
    try:
        answered = await api.calls().message(api.message(effect.group, effect.reply_to or ""))
    except Rejected:
        return None
    return answered.from_id or None


async def _name(id_: str, called: str, room: str, api: Api) -> str:
    try:
        return await api.people.name_in(room, id_) or (await api.people.contact(id_)).name or called
    except Rejected:
        return called


async def _say(
    effect: fx.SendText | fx.SendPrivate,
    place: str,
    to: str,
    said: Sequence[_Part],
    picture: fx.Picture | None,
    api: Api,
) -> Receipt:
    """Send the picture and the parts, one after the other."""
    what = [*([_Part(picture=picture)] if picture is not None else []), *said]
    if not what:
        raise Rejected("there is nothing to say: the text is empty")
    saying, lost = api.echoes.begin(effect, len(what)), False
    try:
        for part in what:
            if saying.done:
                await api.pause(api.between(len(what)))
            id_ = await _patiently(part, to, saying, api)
            api.echoes.answered(saying, id_)
            if id_ is not None:
                saying.said.append(api.note(place, id_))
    except OutcomeUnknown:
        lost = True
        raise
    except AdapterError as error:
        if not saying.done:
            raise
        # Trying it all again would say the beginning twice.
        why = f"only {saying.done} of {len(what)} parts of the text were said: {error}"
        raise OutcomeUnknown(why) from error
    finally:
        api.echoes.end(saying, lost=lost)
    return Receipt(saying.said[0], tuple(saying.said[1:])) if saying.said else Receipt()


async def _patiently(part: _Part, to: str, saying: Saying, api: Api) -> str | None:
    """What follows on something that was said is tried again while it certainly did not happen."""
    tries = TRIES if saying.done else 1
    while True:
        try:
            return await _send(part, to, saying, api)
        except RetryLater as error:
            tries -= 1
            if not tries or error.after.total_seconds() > LONGEST_WAIT:
                raise
            await api.pause(max(PATIENTLY, error.after.total_seconds()))


async def _send(part: _Part, to: str, saying: Saying, api: Api) -> str | None:
    calls = api.calls()
    saying.connection = calls
    if part.picture is None:
        api.echoes.leaves(saying, to, part.text)
        return await calls.send_text(to, part.text, part.mentions)
    name, content = await drawn(part.picture)
    api.echoes.leaves(saying, to, None)
    return await calls.send_file(to, name, content)
