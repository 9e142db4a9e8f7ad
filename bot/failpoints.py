"""Named points at which a test makes the process die, to show that nothing is lost. Off unless the environment asks.

``GROUPKEEPER_DIE_AT=after-send:3`` ends the process, without any clean-up, the third time it passes that point.
"""

import os

_NAME, _, _COUNT = os.environ.get("GROUPKEEPER_DIE_AT", "").partition(":")
_left = [int(_COUNT or 1)]

POINTS = (
    "received",  # an event arrived, nothing is kept yet
    "kept",  # it is in the inbox, the platform does not know
    "settling",  # in the middle of the transaction that settles it
    "settled",  # decided and recorded, nothing is sent
    "held",  # its platform does not let it go yet: nothing is marked
    "sending",  # marked as being sent
    "sent",  # the platform has it, we have not marked it
    "marked",  # and marked
)


def reach(name: str) -> None:
    """Die here, if this is the point asked for."""
    if name == _NAME:
        _left[0] -= 1
        if _left[0] <= 0:
            os._exit(137)
