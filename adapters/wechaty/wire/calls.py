"""The calls of a gateway over one channel, its errors sorted by what is to be done next."""

from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar

import betterproto
from grpclib.client import Channel, StreamUnaryMethod
from grpclib.const import Status
from grpclib.exceptions import GRPCError, StreamTerminatedError
from wechaty_grpc.wechaty import PuppetStub
from wechaty_grpc.wechaty import puppet as pb

from adapters.errors import OutcomeUnknown, Rejected, RetryLater
from adapters.wechaty.wire import filebox
from adapters.wechaty.wire.messages import Chunk, DownloadRequest, RoomTextRequest, TextResponse, UploadResponse

T = TypeVar("T")
M = TypeVar("M", bound=betterproto.Message)

PATIENCE = 20.0
"""Seconds that a call may take."""
LONG = 90.0
"""The same for a file."""
CHUNK = 64 * 1024
LOST = (StreamTerminatedError, TimeoutError, OSError)
"""The connection went while something was on its way."""


class Calls:
    """What can be asked of the gateway. Raises ``adapters.errors``; after an effect ``OutcomeUnknown`` where it may
    have happened."""

    def __init__(self, channel: Channel, token: str, patience: float = PATIENCE) -> None:
        metadata = {"authorization": f"Wechaty {token}"}
        self._channel = channel
        self._metadata = metadata
        self.stub = PuppetStub(channel, timeout=patience, metadata=metadata)

    # What is read

    async def message(self, id_: str) -> pb.MessagePayloadResponse:
        return await _read(self.stub.message_payload(id=id_))

    async def room(self, id_: str) -> pb.RoomPayloadResponse:
        return await _read(self.stub.room_payload(id=id_))

    async def rooms(self) -> Sequence[str]:
        return list((await _read(self.stub.room_list())).ids)

    async def members(self, room: str) -> Sequence[str]:
        return list((await _read(self.stub.room_member_list(id=room))).member_ids)

    async def member(self, room: str, contact: str) -> pb.RoomMemberPayloadResponse:
        return await _read(self.stub.room_member_payload(id=room, member_id=contact))

    async def contact(self, id_: str) -> pb.ContactPayloadResponse:
        return await _read(self.stub.contact_payload(id=id_))

    async def friendship(self, id_: str) -> pb.FriendshipPayloadResponse:
        return await _read(self.stub.friendship_payload(id=id_))

    async def invitation(self, id_: str) -> pb.RoomInvitationPayloadResponse:
        return await _read(self.stub.room_invitation_payload(id=id_))

    async def link_card(self, message: str) -> str:
        """The link card in a message, as JSON."""
        return str((await _read(self.stub.message_url(id=message))).url_link)

    async def mini_program(self, message: str) -> str:
        """The mini program in a message, as JSON."""
        return str((await _read(self.stub.message_mini_program(id=message))).mini_program)

    async def card_of(self, message: str) -> str:
        """The contact whose card a message is."""
        return str((await _read(self.stub.message_contact(id=message))).id)

    async def file(self, message: str, most: int, *, picture: bool = False) -> bytes:
        """The bytes of what is attached to a message. Raises ``Rejected`` where they are more than ``most``."""
        if picture:
            answer = await _read(self.stub.message_image(id=message, type=pb.ImageType.IMAGE_TYPE_ARTWORK))
        else:
            answer = await _read(self.stub.message_file(id=message))
        box = filebox.opened(answer.filebox, most)
        return box.content if box.content is not None else await self._download(box.uuid, most)

    async def alive(self) -> None:
        """Ask for anything at all."""
        await _read(self.stub.version())

    # What is done

    async def send_text(self, to: str, text: str, mentions: Sequence[str] = ()) -> str | None:
        """Say something; the message's id, where the puppet tells it."""
        request = pb.MessageSendTextRequest(conversation_id=to, text=text, mentonal_ids=list(mentions))
        return (await _done(self._ask("MessageSendText", request, TextResponse))).value

    async def send_file(self, to: str, name: str, content: bytes) -> str | None:
        """Send a file; the message's id, where the puppet tells it."""
        if len(content) > filebox.INLINE:
            box = filebox.named(name, await self._upload(content), len(content))
        else:
            box = filebox.packed(name, content)
        request = pb.MessageSendFileRequest(conversation_id=to, filebox=box)
        return (await _done(self._ask("MessageSendFile", request, TextResponse))).value

    async def recall(self, message: str) -> bool:
        """Take an own message back; whether that went."""
        return bool((await _done(self.stub.message_recall(id=message))).success)

    async def remove(self, room: str, contact: str) -> None:
        await _done(self.stub.room_del(id=room, contact_id=contact))

    async def add(self, room: str, contact: str) -> None:
        await _done(self.stub.room_add(id=room, contact_id=contact))

    async def rename(self, room: str, topic: str) -> None:
        await _done(self._ask("RoomTopic", RoomTextRequest(id=room, old=topic, new=topic), TextResponse))

    async def announce(self, room: str, text: str) -> None:
        await _done(self._ask("RoomAnnounce", RoomTextRequest(id=room, old=text, new=text), TextResponse))

    async def accept_friend(self, request: str) -> None:
        await _done(self.stub.friendship_accept(id=request))

    async def accept_invitation(self, request: str) -> None:
        await _done(self.stub.room_invitation_accept(id=request))

    async def _ask(self, route: str, request: betterproto.Message, response: type[M]) -> M:
        answer: M = await self.stub._unary_unary(f"/wechaty.Puppet/{route}", request, response)
        return answer

    async def _download(self, uuid: str, most: int) -> bytes:
        async def pieces() -> bytes:
            found = bytearray()
            stream = self.stub._unary_stream("/wechaty.Puppet/Download", DownloadRequest(id=uuid), Chunk, timeout=LONG)
            async for piece in stream:
                found += piece.chunk
                if len(found) > most:
                    raise Rejected(f"the file is larger than {most} bytes")
            return bytes(found)

        return await _read(pieces())

    async def _upload(self, content: bytes) -> str:
        method: Any = StreamUnaryMethod(self._channel, "/wechaty.Puppet/Upload", Chunk, UploadResponse)
        pieces = [Chunk(chunk=content[at : at + CHUNK]) for at in range(0, len(content), CHUNK)]
        answer = await _read(method(pieces, timeout=LONG, metadata=self._metadata))
        return str(answer.id)


async def _read(call: Awaitable[T]) -> T:
    """An answer to something that changes nothing: it may be asked again."""
    try:
        return await call
    except GRPCError as error:
        raise _refused(error, RetryLater) from error
    except LOST as error:
        raise RetryLater(_why(error)) from error


async def _done(call: Awaitable[T]) -> T:
    """An answer to something that was to happen."""
    try:
        return await call
    except GRPCError as error:
        raise _refused(error, OutcomeUnknown) from error
    except ConnectionRefusedError as error:  # it never left
        raise RetryLater(_why(error)) from error
    except LOST as error:
        raise OutcomeUnknown(_why(error)) from error


def _refused(error: GRPCError, on_the_way: type[RetryLater] | type[OutcomeUnknown]) -> Exception:
    why = error.message or error.status.name
    if error.status in (Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.CANCELLED):
        return on_the_way(why)
    return Rejected(why)


def _why(error: BaseException) -> str:
    return "the gateway did not answer in time" if isinstance(error, TimeoutError) else str(error) or repr(error)
