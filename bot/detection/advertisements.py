"""The detector `ad`: the model's opinion, corrected by what the group taught, with what was posted before."""

import asyncio
from collections.abc import Callable
from functools import partial

from msgspec.structs import replace

from bot.detection.campaigns import Campaigns
from bot.detection.learning import Learning
from bot.detection.second_opinion import SecondOpinion
from bot.detection.shipped import shipped_model
from bot.settle import Settled
from bot.setup import Setup
from rules.detectors.deciding import COLD
from rules.detectors.extract import name_clues, read_lists
from rules.detectors.folding import view_of
from rules.detectors.head import NOTHING, Head
from rules.detectors.judging import probability, total, weightiest
from rules.detectors.looking import Examined, Reasons, evidence, examine, text_of
from rules.detectors.model import Model
from rules.detectors.recently import Recently
from rules.detectors.recurrence import Recurrence
from rules.detectors.sketch import sketch_of
from rules.events import Event, JoinRequested, MessageEdited, MessagePosted, member_of
from rules.values import PlatformRole
from rules.verdict import Reason, Verdict
from schedules.clock import Clock
from storage.database import Database

JOINED = "joined"
"""The kind of reason by which an advertisement in pieces is told; its detail is how many messages it is made of."""
IN_PIECES = 2.0
"""How much more an author's last messages must say together, in log-odds, than the last of them alone."""
ADDS = 0.7
"""How much more than those before it, so that what follows an advertisement is not taken for a piece of it."""
SURE = 2.2
"""Log-odds (90%) of a message that needs no others; they go with it where they look like an advertisement, too."""
Judged = tuple[Reasons, tuple[str, ...]]
_STAFF = frozenset({PlatformRole.ADMIN, PlatformRole.OWNER, PlatformRole.GROUP})


class Advertisements:
    """What it makes of a message is told in log-odds that add up: the words, the group's teaching, copies, signs.

    Without a database (``tests:`` beside rules, replay) it remembers what it was shown, and no group is cold.
    """

    name = "ad"

    def __init__(self, model: Model | None = None) -> None:
        self.model = model or shipped_model()
        self.version = self.model.version
        self._recently = Recently()
        self._campaigns = Campaigns()
        self._learning = Learning(self.model)
        self.second_opinion = SecondOpinion()

    async def begin(self, database: Database, clock: Clock, setup: Callable[[], Setup]) -> None:
        """Read what its groups taught, what was posted before, and what the first message would wait for."""
        await asyncio.to_thread(read_lists)
        await self._campaigns.begin(database, clock)
        await self._learning.begin(database, clock, setup)
        await self.second_opinion.begin(database, clock, setup)

    def settled(self, settled: Settled) -> None:
        """What staff taught counts from now on; what rules removed is known when it is posted again."""
        self._learning.settled(settled)
        self._campaigns.settled(settled)
        for removed in settled.removed:
            self._campaigns.removed(*removed)
        for _, member in settled.forgotten:
            self._recently.forget(member)
        self.second_opinion.settled(settled)

    async def keep(self) -> None:
        """Write down what was posted, and count what stood as ordinary."""
        await self._campaigns.keep()
        await self._learning.keep()

    def again(self, event: Event, verdict: Verdict) -> Verdict:
        """What it makes of a message now that somebody else has said what they think of it, or has not."""
        return self.second_opinion.again(event, verdict)

    def wakes(self, wake: Callable[[], object]) -> None:
        """What is to be called when somebody else has said what they think."""
        self.second_opinion.wakes(wake)

    async def close(self) -> None:
        """Ask nobody any more."""
        await self.second_opinion.close()

    def look(self, event: Event) -> Verdict:
        """How sure it is that a message, or who comes, advertises."""
        if isinstance(event, MessagePosted | MessageEdited):
            reasons, also = self._of_message(event)
            reasons = (*reasons, *self.second_opinion.consider(event, reasons, partial(self._judged, event, reasons)))
        else:
            reasons, also = self._of_joiner(event), ()
        cold = self._learning.cold(event.group.id)
        if cold is not None:
            reasons = (*reasons, Reason(COLD, 0.0, cold))
        return Verdict(self.name, self.version, probability(total(reasons)), weightiest(reasons), also)

    def _of_message(self, event: MessagePosted | MessageEdited) -> Judged:
        message, text, head = event.message, text_of(event), self._head(event)
        examined = examine(self.model, text, message)
        reasons = evidence(self.model, examined, head, self._again(event, examined))
        return self._together(event, text, reasons, head)

    def _together(self, event: MessagePosted | MessageEdited, text: str, alone: Reasons, head: Head) -> Judged:
        """The evidence in an author's last messages taken as one, where that says more; with the ids of the others.

        What follows an advertisement and adds nothing to it is judged by itself.
        """
        message = event.message
        found = self._recently.joined(event.group.id, message.author.id, event.at, text, message.id)
        if found is None:
            return alone, ()
        together = evidence(self.model, examine(self.model, found.text, message), head)
        if total(together) <= 0:
            return alone, ()  # most of what people write one after the other
        before = examine(self.model, found.rest)
        earlier = total(evidence(self.model, before, head))
        if total(alone) > SURE:
            return alone, self._pieces(event, found.others, head) if earlier > 0 else ()
        if total(together) <= max(total(alone) + IN_PIECES, earlier + ADDS):
            return alone, ()
        # Where the words stand is told of the messages taken together: of this one it would be wrong.
        told = (replace(reason, start=-1, end=-1) for reason in together)
        return (*told, Reason(JOINED, 0.0, str(len(found.others) + 1))), found.others

    def _pieces(self, event: MessagePosted | MessageEdited, others: tuple[str, ...], head: Head) -> tuple[str, ...]:
        """Those of an author's other messages that may be a piece of an advertisement: not what is plainly ordinary."""
        group, author = event.group.id, event.message.author.id
        texts = ((other, self._recently.words(group, author, other)) for other in others)
        return tuple(
            other for other, text in texts if total(evidence(self.model, examine(self.model, text), head)) > -SURE
        )

    def _judged(self, event: MessagePosted | MessageEdited, reasons: Reasons) -> str:
        """The words that reasons are about: of the message, or of the author's last messages together."""
        text = text_of(event)
        if all(reason.kind != JOINED for reason in reasons):
            return text
        author = event.message.author.id
        found = self._recently.joined(event.group.id, author, event.at, text, event.message.id)  # as before
        return text if found is None else found.text

    def _of_joiner(self, event: Event) -> Reasons:
        """What somebody's name, biography and note say: too few words for a model of messages to judge them alone."""
        member = member_of(event)
        if member is None:
            return ()
        view = view_of(text_of(event))
        clues = name_clues(member, event.note if isinstance(event, JoinRequested) else "")
        return evidence(self.model, Examined(view, clues, self.model.look(view)))

    def _head(self, event: Event) -> Head:
        return self._learning.head(event.group.id) or NOTHING

    def _again(self, event: MessagePosted | MessageEdited, examined: Examined) -> Recurrence | None:
        author = event.message.author
        return self._campaigns.look(
            sketch_of(examined.view, event.message),
            event.group.id,
            author.id,
            event.at,
            event.id,
            message=event.message.id,
            staff=author.role in _STAFF,
        )
