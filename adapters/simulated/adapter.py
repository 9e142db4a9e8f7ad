"""The adapter of a simulated platform: the same road as any other, with a cursor and confirmed updates."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from adapters.errors import Rejected, Unsupported
from adapters.protocol import Intake, Receipt
from adapters.simulated.platform import SimulatedPlatform
from adapters.simulated.record import Act, Migration
from adapters.simulated.room import Post, Room, Seat
from rules import effects as fx
from rules.capability import Capability
from rules.events import Event
from rules.values import Button, Message


class SimulatedAdapter:
    """A connection to a ``SimulatedPlatform``. Several may be made one after another, as after restarts."""

    def __init__(self, platform: SimulatedPlatform) -> None:
        self.platform = platform
        self.name = platform.name
        self.capabilities = platform.capabilities

    async def run(self, intake: Intake) -> None:
        """Feed events until cancelled."""
        while True:
            if not await self.pump(intake):
                await self.platform.something_new.wait()

    async def pump(self, intake: Intake) -> int:
        """Feed what waits now; how many events that was."""
        source = f"{self.name}:updates"
        position = int(await intake.cursor(source) or 0)
        found = self.platform.updates(position)
        # The cursor is kept with the events, and only the next call confirms them to the platform.
        events: list[Event] = []
        for number, update in found:
            if isinstance(update, Migration):
                await intake.accept(events, (source, str(number - 1)))
                await intake.migrated(update.old, update.new)
                events = []
            else:
                events.append(update)
        if found:
            await intake.accept(events, (source, str(found[-1][0])))
        return len(found)

    async def perform(self, effect: fx.Effect) -> Receipt:
        """Carry one effect out."""
        fault, after = self.platform.faults.popleft() if self.platform.faults else (None, False)
        if fault is not None and not after:
            raise fault
        receipt = self._perform(effect)
        if fault is not None:
            raise fault
        return receipt

    async def close(self) -> None:
        """Nothing to let go of: the platform lives on."""

    def _perform(self, effect: fx.Effect) -> Receipt:
        own = isinstance(effect, fx.DeleteMessage) and Capability.DELETE_OWN in self.capabilities
        if effect.capability not in self.capabilities and not own:
            raise Unsupported(f"{self.name} cannot do this: {effect.capability}")
        room = self.platform.rooms.get(effect.group)
        if room is None:
            raise Rejected(f"there is no group {effect.group}")
        match effect:
            case fx.SendText():
                return self._send(effect, room)
            case fx.SendPrivate():
                return self._whisper(effect)
            case fx.SendDocument():
                return self._file(effect, room)
            case fx.DeleteMessage():
                self._delete(effect.message, room)
            case fx.DeleteMessages():
                for message in effect.messages:
                    self._delete(message, room)
            case fx.EditText():
                self._edit(effect, room)
            case fx.AnswerButton():
                if effect.text is not None:  # without words it only stops the waiting
                    self._note(Act.ANSWER, room, text=effect.text.literal or "")
            case fx.PinMessage():
                self._pin(room, effect.message)
            case fx.SetAnnouncement():
                self._announce(effect, room)
            case fx.RenameGroup():
                self._rename(effect, room)
            case fx.InviteMember():
                self._invite(effect, room)
            case _:
                self._on_member(effect, room)
        return Receipt()

    def _send(self, effect: fx.SendText, room: Room) -> Receipt:
        message = self._write(room, effect.text.literal or "", effect.reply_to, effect.buttons, effect.topic)
        if Capability.MENTION in self.capabilities:
            room.posts[message].notified = effect.mentions
        self._note(Act.POST, room, text=effect.text.literal or "", message=message, reply_to=effect.reply_to)
        if effect.pin and Capability.PIN in self.capabilities:
            self._pin(room, message)
        return Receipt(message)

    def _whisper(self, effect: fx.SendPrivate) -> Receipt:
        person = self.platform.people.get(effect.member)
        if person is None or not person.reachable:
            raise Rejected(f"{effect.member} never wrote to the bot, so it may not write to them")
        room = self.platform.private_room(person)
        text = effect.text.literal or ""
        message = self._write(room, text, None, effect.buttons)
        self.platform.note(Act.WHISPER, effect.group, self.platform.bot.id, text=text, message=message, whom=person.id)
        return Receipt(message)

    def _file(self, effect: fx.SendDocument, room: Room) -> Receipt:
        if effect.member is not None:
            person = self.platform.people.get(effect.member)
            if person is None or not person.reachable:
                raise Rejected(f"{effect.member} never wrote to the bot, so it may not write to them")
            room = self.platform.private_room(person)
        message = self._write(room, f"[{effect.name}]\n{effect.content}", None, ())
        self._note(Act.FILE, room, text=effect.name, message=message, whom=effect.member)
        return Receipt(message)

    def _write(
        self, room: Room, text: str, reply_to: str | None, buttons: tuple[Button, ...], topic: str | None = None
    ) -> str:
        answered = room.posts.get(reply_to) if reply_to else None
        if answered is None or answered.deleted:
            reply_to = None  # what was answered is gone; the words are still said
        platform = self.platform
        message = Message(
            platform.new_message_id(room.group.id),
            platform.bot,
            text,
            platform.now(),
            reply_to,
            buttons=buttons,
            topic=topic,
        )
        shown = buttons if Capability.BUTTONS in self.capabilities else ()
        room.posts[message.id] = Post(message, by_bot=True, buttons=shown)
        return message.id

    def _edit(self, effect: fx.EditText, room: Room) -> None:
        post = room.posts.get(effect.message)
        if post is None or post.deleted or not post.by_bot:
            raise Rejected(f"{effect.message} is gone, so it cannot be changed")
        text = effect.text.literal or ""
        post.message = replace(post.message, text=text, buttons=effect.buttons)
        post.buttons = effect.buttons if Capability.BUTTONS in self.capabilities else ()
        self._note(Act.EDIT, room, text=text, message=effect.message)

    def _delete(self, message: str, room: Room) -> None:
        post = room.posts.get(message)
        if post is None or post.deleted:
            return
        if not post.by_bot and Capability.DELETE not in self.capabilities:
            raise Unsupported(f"{self.name} cannot delete what others wrote")
        post.deleted, post.pinned = True, False
        self._note(Act.DELETE, room, message=message, whom=post.message.author.id)

    def _pin(self, room: Room, message: str) -> None:
        post = room.posts.get(message)
        if post is None or post.deleted:
            raise Rejected(f"{message} is gone, so it cannot be pinned")
        if not post.pinned:
            post.pinned = True
            self._note(Act.PIN, room, message=message)

    def _announce(self, effect: fx.SetAnnouncement, room: Room) -> None:
        text = effect.text.literal or ""
        if room.notice != text:
            room.notice = text
            self._note(Act.ANNOUNCE, room, text=text)

    def _rename(self, effect: fx.RenameGroup, room: Room) -> None:
        name = effect.name.literal or ""
        if room.group.name != name:
            room.group = replace(room.group, name=name)
            self._note(Act.RENAME, room, text=name)

    def _invite(self, effect: fx.InviteMember, room: Room) -> None:
        person = self.platform.people.get(effect.member)
        if person is None:
            raise Rejected(f"{effect.member} is nobody here")
        if not room.seats.setdefault(person.id, Seat(person)).present:
            self._note(Act.INVITE, room, whom=person.id)
            self.platform.join(room.group.id, person.id)

    def _on_member(self, effect: fx.Effect, room: Room) -> None:
        member = getattr(effect, "member", "")
        seat = room.seats.get(member)
        if seat is None and isinstance(effect, fx.AnswerJoinRequest) and member in self.platform.people:
            seat = room.seats[member] = Seat(self.platform.people[member])
        if seat is None:
            raise Rejected(f"{member} was never in {room.group.name}")
        _ON_MEMBER[type(effect)](self, effect, room, seat)

    def _mute(self, effect: fx.MuteMember, room: Room, seat: Seat) -> None:
        seat.muted, seat.muted_until = True, effect.until
        self._note(Act.MUTE, room, whom=effect.member, until=effect.until)

    def _unmute(self, effect: fx.UnmuteMember, room: Room, seat: Seat) -> None:
        seat.muted, seat.muted_until = False, None
        self._note(Act.UNMUTE, room, whom=effect.member)

    def _kick(self, effect: fx.KickMember, room: Room, seat: Seat) -> None:
        if seat.present:
            self._note(Act.KICK, room, whom=effect.member)
        self.platform.unseat_member(room, seat, self.platform.bot)

    def _ban(self, effect: fx.BanMember, room: Room, seat: Seat) -> None:
        seat.banned, seat.banned_until = True, effect.until
        self._note(Act.BAN, room, whom=effect.member, until=effect.until)
        self.platform.unseat_member(room, seat, self.platform.bot)

    def _unban(self, effect: fx.UnbanMember, room: Room, seat: Seat) -> None:
        seat.banned, seat.banned_until = False, None
        self._note(Act.UNBAN, room, whom=effect.member)

    def _answer(self, effect: fx.AnswerJoinRequest, room: Room, seat: Seat) -> None:
        invites = Capability.INVITE in self.capabilities and effect.approve and not seat.present
        if not (seat.asking or invites):
            return
        seat.asking = False
        self._note(Act.LET_IN if effect.approve else Act.TURN_DOWN, room, whom=effect.member)
        if room.group.kind == "private":  # what was asked of the bot itself
            seat.person.reachable = seat.person.reachable or effect.approve
        elif effect.approve:
            self.platform.join(room.group.id, seat.person.id)

    def _note(self, act: Act, room: Room, **details: Any) -> None:
        self.platform.note(act, room.group.id, self.platform.bot.id, **details)


_ON_MEMBER: dict[type, Callable[..., None]] = {
    fx.MuteMember: SimulatedAdapter._mute,
    fx.UnmuteMember: SimulatedAdapter._unmute,
    fx.KickMember: SimulatedAdapter._kick,
    fx.BanMember: SimulatedAdapter._ban,
    fx.UnbanMember: SimulatedAdapter._unban,
    fx.AnswerJoinRequest: SimulatedAdapter._answer,
}
