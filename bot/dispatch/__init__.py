"""Dispatch: carries out what is in the outbox, each group's lanes in order, side by side, what keeps order first.

A text cannot be sent twice by the same key on most platforms. So it is marked before it leaves; where the process
dies, or the answer is lost, in between, nobody knows whether it arrived: it becomes ``uncertain``, and is dropped or
repeated as the operator chose. Deletes, mutes and bans are simply repeated: doing them twice does no harm.

``backlog`` knows the order of what waits, ``dispatcher`` starts turns, ``turn`` carries the deliveries of one line out,
``pace`` says when, ``parcels`` what is performed, ``outcomes`` what is recorded of it.
"""

from bot.dispatch.dispatcher import Dispatcher

__all__ = ["Dispatcher"]
