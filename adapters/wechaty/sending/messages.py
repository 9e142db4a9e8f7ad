"""Taking an own message back."""

from adapters.errors import Rejected, TooLate, Unsupported
from adapters.wechaty.reading.times import moment
from adapters.wechaty.sending.api import Api
from rules import effects as fx


async def recall(effect: fx.DeleteMessage, api: Api) -> None:
    """Take a message back, which has to be an own one and young. One that the gateway does not know is tried."""
    within = api.puppet.recalls_within
    if within is None:
        raise Unsupported(f"{api.puppet.title} takes no message back by this puppet")
    id_ = api.message(effect.group, effect.message)
    at = api.sent.get(id_)
    if at is None:
        try:
            told = await api.calls().message(id_)
        except Rejected:
            told = None
        if told is not None and told.from_id != api.account():
            raise Unsupported(f"{api.puppet.title} lets nobody take another's message back")
        at = moment(told.timestamp, int(api.now().timestamp())) if told is not None and told.timestamp else None
    if id_ in api.recalled:
        return
    if at is not None and api.now() - at > within:
        minutes = within.total_seconds() / 60
        raise TooLate(f"{api.puppet.title} takes a message back within {minutes:g} minutes of its sending")
    if not await api.calls().recall(id_):
        raise Rejected(f"{api.puppet.title} did not take the message back")
    api.recalled[id_] = None
