"""What the account says comes back as an event: that is how a text is known to stand whose answer was lost.

A gateway can be asked about a message by its id, not for the messages of a room. So that a text does *not* stand can
never be said: an echo that does not come may be one that this puppet does not give.
"""

from collections import deque
from collections.abc import Callable
from datetime import timedelta

from adapters.errors import OutcomeUnknown, RetryLater
from adapters.protocol import Receipt
from adapters.wechaty.wire.calls import Calls
from rules.effects import Effect

LATE = 30.0
"""Seconds after which an echo that has not come is not waited for any more."""
LOOK = timedelta(seconds=5)
MOST_LOST, MOST_KNOWN = 64, 512


class Saying:
    """One effect as it is said, part by part, on one connection. ``said`` are the ids of the parts that were answered.

    ``waits`` is what has no answer yet: its conversation, and its text (None: a picture).
    """

    def __init__(self, effect: Effect, parts: int, connection: Calls) -> None:
        self.effect = effect
        self.parts = parts
        self.connection = connection
        self.said: list[str] = []
        self.done = 0
        self.waits: tuple[str, str | None] | None = None
        self.echo: str | None = None
        self.lost_at: float | None = None


class Echoes:
    """What is being said, and what was lost. ``calls`` gives the connection, ``clock`` the time in seconds."""

    def __init__(self, calls: Callable[[], Calls], clock: Callable[[], float]) -> None:
        self._calls = calls
        self._clock = clock
        self._open: deque[Saying] = deque(maxlen=MOST_LOST)
        self._known: deque[str] = deque(maxlen=MOST_KNOWN)

    def begin(self, effect: Effect, parts: int) -> Saying:
        """An effect is about to be said. Raises ``RetryLater`` while there is no connection."""
        saying = Saying(effect, parts, self._calls())
        self._open.append(saying)
        return saying

    def leaves(self, saying: Saying, to: str, text: str | None) -> None:
        """Its next part is on its way."""
        saying.waits, saying.echo = (to, _squeezed(text)), None

    def answered(self, saying: Saying, id_: str | None) -> None:
        """Its part was answered, with the message's id where the puppet tells it."""
        saying.waits = None
        saying.done += 1
        if id_ is None:
            return
        self._known.append(id_)
        for other in self._open:
            if other is not saying and other.echo == id_:
                other.echo = None  # the echo came before the answer, and was taken for that of the same words before

    def end(self, saying: Saying, *, lost: bool) -> None:
        """It is over; ``lost``: its part may have been said or not."""
        if lost:
            saying.lost_at = self._clock()
        elif saying in self._open:
            self._open.remove(saying)

    def heard(self, to: str, text: str | None, id_: str) -> None:
        """A message of the account's own came back: what waits for such an echo longest has it."""
        if id_ in self._known or any(saying.echo == id_ for saying in self._open):
            return
        for saying in self._open:
            if saying.waits == (to, _squeezed(text)) and saying.echo is None:
                saying.echo = id_
                return

    def verify(self, effect: Effect, name: Callable[[str], str]) -> Receipt:
        """The receipt of what was lost, ids made of by ``name``. Raises as ``adapters.protocol.Verifies`` says."""
        saying = next((one for one in self._open if one.effect is effect and one.lost_at is not None), None)
        if saying is None or saying.lost_at is None:
            raise OutcomeUnknown("it is not among what was said lately")
        if saying.echo is None:
            if self._clock() - saying.lost_at < LATE and self._connected(saying):
                raise RetryLater("the account's own message has not come back yet", LOOK)
            self._open.remove(saying)
            raise OutcomeUnknown("the account's own message did not come back")
        self._open.remove(saying)
        if saying.done + 1 < saying.parts:
            raise OutcomeUnknown(f"only {saying.done + 1} of {saying.parts} parts of the text were said")
        self._known.append(saying.echo)
        ids = [*saying.said, name(saying.echo)]
        return Receipt(ids[0], tuple(ids[1:]))

    def _connected(self, saying: Saying) -> bool:
        """Whether it is the same connection still: one that was lost may have lost the echo."""
        try:
            return self._calls() is saying.connection
        except RetryLater:
            return False


def _squeezed(text: str | None) -> str | None:
    """A text without its white space, which puppets change."""
    return None if text is None else "".join(text.split())
