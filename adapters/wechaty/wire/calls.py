"""The calls of a gateway over one channel, its errors sorted by what is to be done next."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any, TypeVar

import betterproto
from grpclib.client import Channel, StreamUnaryMethod
from wechaty_grpc.wechaty import PuppetStub
from wechaty_grpc.wechaty import puppet as pb

from adapters.errors import Rejected
from adapters.wechaty.wire import filebox, messages
from adapters.wechaty.wire.faults import done, read

M = TypeVar("M", bound=betterproto.Message)

PATIENCE = 20.0
"""Seconds that a call may take."""
LONG = 90.0
"""The same for a file."""
CHUNK = 64 * 1024


class Calls:
    """What can be asked of the gateway. Raises ``adapters.errors``; after an effect ``OutcomeUnknown`` where it may
    have happened."""

    def __init__(self, channel: Channel, token: str, patience: float = PATIENCE) -> None:
        metadata = {"authorization": f"Wechaty {token}"}
        self._channel = channel
        self._metadata = metadata
        self._stub = PuppetStub(channel, timeout=patience, metadata=metadata)

    # The gateway itself

    def events(self) -> AsyncGenerator[pb.EventResponse, None]:
        """The stream of events: it ends when the gateway does, or another client stops it. Raises as grpclib does."""
        stream: AsyncGenerator[pb.EventResponse, None] = PuppetStub(self._channel, metadata=self._metadata).event()
        return stream

    async def start(self) -> None:
        """Have the puppet run; one that runs already stays as it is."""
        await read(self._stub.start())

    async def stop(self) -> None:
        """Stop the puppet, and end the stream of events of whoever listens."""
        await read(self._stub.stop())

    async def alive(self) -> None:
        """Ask for anything at all."""
        await read(self._stub.version())

    async def ding(self) -> None:
        """Ask the puppet for a ``dong`` in the stream of events."""
        await read(self._stub.ding(data="groupkeeper"))

    # What is read

    async def message(self, id_: str) -> messages.MessagePayload:
        """A message."""
        request = pb.MessagePayloadRequest(id=id_)
        return await read(self._ask("MessagePayload", request, messages.MessagePayload))

    async def room(self, id_: str) -> pb.RoomPayloadResponse:
        """A group, less its members."""
        return await read(self._stub.room_payload(id=id_))

    async def rooms(self) -> Sequence[str]:
        """The ids of all groups the account is in."""
        return list((await read(self._stub.room_list())).ids)

    async def members(self, room: str) -> Sequence[str]:
        """The ids of who is in a group."""
        return list((await read(self._stub.room_member_list(id=room))).member_ids)

    async def member(self, room: str, contact: str) -> pb.RoomMemberPayloadResponse:
        """Somebody as a member of a group."""
        return await read(self._stub.room_member_payload(id=room, member_id=contact))

    async def contact(self, id_: str) -> pb.ContactPayloadResponse:
        """An account."""
        return await read(self._stub.contact_payload(id=id_))

    async def friendship(self, id_: str) -> pb.FriendshipPayloadResponse:
        """A request for friendship, or that it was granted."""
        return await read(self._stub.friendship_payload(id=id_))

    async def invitation(self, id_: str) -> messages.InvitationPayload:
        """An invitation to a group."""
        request = pb.RoomInvitationPayloadRequest(id=id_)
        return await read(self._ask("RoomInvitationPayload", request, messages.InvitationPayload))

    async def link_card(self, message: str) -> dict[str, Any] | None:
        """The link card in a message: ``title``, ``url``, ``description``, ``thumbnailUrl``, as far as it has them."""
        return (await read(self._ask("MessageUrl", pb.MessageUrlRequest(id=message), messages.LinkResponse))).card

    async def mini_program(self, message: str) -> dict[str, Any] | None:
        """The mini program in a message: ``title``, ``appid``, ``pagePath``, ..., as far as it has them."""
        request = pb.MessageMiniProgramRequest(id=message)
        return (await read(self._ask("MessageMiniProgram", request, messages.MiniProgramResponse))).card

    async def card_of(self, message: str) -> str:
        """The contact whose card a message is."""
        return str((await read(self._stub.message_contact(id=message))).id)

    async def file(self, message: str, most: int, *, picture: bool = False) -> bytes:
        """The bytes of what is attached to a message. Raises ``Rejected`` where they are more than ``most``."""
        if picture:
            answer = await read(self._stub.message_image(id=message, type=pb.ImageType.IMAGE_TYPE_ARTWORK))
        else:
            answer = await read(self._stub.message_file(id=message))
        box = filebox.opened(answer.filebox, most)
        return box.content if box.content is not None else await self._download(box.uuid, most)

    # What is done

    async def send_text(self, to: str, text: str, mentions: Sequence[str] = ()) -> str | None:
        """Say something; the message's id, where the puppet tells it."""
        request = pb.MessageSendTextRequest(conversation_id=to, text=text, mentonal_ids=list(mentions))
        return (await done(self._ask("MessageSendText", request, messages.TextResponse))).value

    async def send_file(self, to: str, name: str, content: bytes) -> str | None:
        """Send a file; the message's id, where the puppet tells it."""
        if len(content) > filebox.INLINE:
            box = filebox.named(name, await self._upload(content), len(content))
        else:
            box = filebox.packed(name, content)
        request = pb.MessageSendFileRequest(conversation_id=to, filebox=box)
        return (await done(self._ask("MessageSendFile", request, messages.TextResponse))).value

    async def recall(self, message: str) -> bool:
        """Take an own message back; whether that went."""
        return bool((await done(self._stub.message_recall(id=message))).success)

    async def remove(self, room: str, contact: str) -> None:
        """Remove somebody from a group."""
        await done(self._stub.room_del(id=room, contact_id=contact))

    async def add(self, room: str, contact: str) -> None:
        """Bring somebody into a group, or invite them where it is large."""
        await done(self._stub.room_add(id=room, contact_id=contact))

    async def rename(self, room: str, topic: str) -> None:
        """Give a group a name."""
        request = messages.RoomTextRequest(id=room, old=topic, new=topic)
        await done(self._ask("RoomTopic", request, messages.TextResponse))

    async def announce(self, room: str, text: str) -> None:
        """Put up a group's announcement."""
        request = messages.RoomTextRequest(id=room, old=text, new=text)
        await done(self._ask("RoomAnnounce", request, messages.TextResponse))

    async def accept_friend(self, request: str) -> None:
        """Grant a request for friendship."""
        await done(self._stub.friendship_accept(id=request))

    async def accept_invitation(self, request: str) -> None:
        """Follow an invitation to a group."""
        await done(self._stub.room_invitation_accept(id=request))

    async def _ask(self, route: str, request: betterproto.Message, response: type[M]) -> M:
        answer: M = await self._stub._unary_unary(f"/wechaty.Puppet/{route}", request, response)
        return answer

    async def _download(self, uuid: str, most: int) -> bytes:
        async def pieces() -> bytes:
            found = bytearray()
            request = messages.DownloadRequest(id=uuid)
            route = "/wechaty.Puppet/Download"
            async for piece in self._stub._unary_stream(route, request, messages.Chunk, timeout=LONG):
                found += piece.chunk
                if len(found) > most:
                    raise Rejected(f"the file is larger than {most} bytes")
            return bytes(found)

        return await read(pieces())

    async def _upload(self, content: bytes) -> str:
        """Give a file to the gateway, which is nothing that anybody sees: gateways of 0.x have no such call."""
        route = "/wechaty.Puppet/Upload"
        method: Any = StreamUnaryMethod(self._channel, route, messages.Chunk, messages.UploadResponse)
        pieces = [messages.Chunk(chunk=content[at : at + CHUNK]) for at in range(0, len(content), CHUNK)]
        answer = await read(method(pieces, timeout=LONG, metadata=self._metadata))
        return str(answer.id)
