"""The updates that wait for one bot."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice

from adapters.botapi.errors import bad_request
from adapters.botapi.state import Json

KINDS: tuple[str, ...] = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
    "subscription",
    "stopped_message_generation",
)
"""Every kind of update that can be asked for."""

USUAL_KINDS: frozenset[str] = frozenset(KINDS) - {"chat_member", "message_reaction", "message_reaction_count"}
"""What a bot gets that never said ``allowed_updates``, or said an empty list."""

KEPT = timedelta(hours=24)
"""How long an update waits to be fetched."""


class UpdateQueue:
    """Updates in the order in which they arose, until they are confirmed.

    ``allowed`` is applied when an update arises, as the real server does: what is already waiting stays. With a clock
    (``now``) what nobody fetched for 24 hours is gone.
    """

    def __init__(self, first_id: int, now: Callable[[], datetime] | None = None) -> None:
        self._now = now
        self._born: deque[tuple[datetime, int]] = deque()
        self._held: list[Json] | None = None
        self.next_id = first_id
        self.allowed: frozenset[str] = USUAL_KINDS
        self.waiting: deque[Json] = deque()
        self.listeners: list[Callable[[], None]] = []
        self.emitted = 0

    def put(self, kind: str, content: Json) -> Json | None:
        """Add an update of this kind, unless the bot did not ask for it; returns it."""
        if kind not in self.allowed:
            return None
        return self.put_raw({kind: content})

    def put_raw(self, update: Json) -> Json:
        """Add any update at all; it gets an ``update_id`` if it has none."""
        if self._held is not None:
            self._held.append(update)
            return update
        if "update_id" not in update:
            update = {"update_id": self.next_id, **update}
        self.next_id = max(self.next_id, int(update["update_id"])) + 1
        self.waiting.append(update)
        if self._now is not None:
            self._born.append((self._now(), update["update_id"]))
            while self._born[0][1] < self.waiting[0]["update_id"]:  # delivered to a webhook
                self._born.popleft()
        self.emitted += 1
        self.wake()
        return update

    def hold(self) -> None:
        """Keep what arises from now on aside, until ``release``."""
        if self._held is None:
            self._held = []

    def release(self, *, reverse: bool = False) -> None:
        """Let what was held go, in order or the other way round: their numbers follow the order in which they go."""
        held, self._held = self._held or [], None
        for update in reversed(held) if reverse else held:
            self.put_raw(update)

    def wake(self) -> None:
        """Tell whoever listens (a long poll, the webhook) to look again."""
        for listener in tuple(self.listeners):
            listener()

    def take(self, offset: int, limit: int) -> list[Json]:
        """What ``getUpdates`` answers.

        A positive offset confirms everything before it; a negative one keeps only so many of the last.
        """
        waiting = self.waiting
        if self._now is not None:
            self._forget_old(self._now())
        if offset > 0:
            self.confirm_before(offset)
        elif offset < 0:
            while len(waiting) > -offset:
                waiting.popleft()
        if len(waiting) <= limit:
            return list(waiting)
        return list(islice(waiting, limit))

    def confirm_before(self, update_id: int) -> None:
        """Forget all updates with a smaller id."""
        waiting = self.waiting
        while waiting and waiting[0]["update_id"] < update_id:
            waiting.popleft()
        while self._born and self._born[0][1] < update_id:
            self._born.popleft()

    def _forget_old(self, now: datetime) -> None:
        while self._born and now - self._born[0][0] >= KEPT:
            self.confirm_before(self._born[0][1] + 1)

    def forget(self, update: Json) -> None:
        """Forget this one update, wherever it stands in the queue."""
        for place, one in enumerate(self.waiting):
            if one is update:
                del self.waiting[place]
                return

    def clear(self) -> None:
        """Forget all of them (``drop_pending_updates``)."""
        self.waiting.clear()


def remember_allowed(queue: UpdateQueue, given: object) -> None:
    """Keep ``allowed_updates`` for updates that arise from now on; None leaves it as it was.

    Unknown names are passed over; an empty list means the usual ones.
    """
    if given is None:
        return
    if not isinstance(given, list):
        raise bad_request('can\'t parse parameter "allowed_updates": expected an Array of strings')
    queue.allowed = (frozenset(str(kind) for kind in given) & frozenset(KINDS)) or USUAL_KINDS
