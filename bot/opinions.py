"""What detectors think of an event, where one that fails has no opinion."""

from collections.abc import Callable, Mapping

import structlog
from msgspec.structs import replace

from rules.events import Event, JoinRequested, MemberJoined, MessageEdited, MessagePosted, message_of
from rules.verdict import Detector, Verdict

log = structlog.get_logger("groupkeeper.opinions")

LOOKED_AT = (MessagePosted, MessageEdited, MemberJoined, JoinRequested)
"""The events that detectors are asked about."""


def is_looked_at(event: Event) -> bool:
    """Whether detectors are asked about an event: not about what nobody has said, such as a recall."""
    message = message_of(event)
    return isinstance(event, LOOKED_AT) and not (message is not None and message.is_line)


def opinion(name: str, detector: Detector, event: Event) -> Verdict | None:
    """A detector's opinion, under the name and version that it is asked for again; None where it has none."""
    try:
        verdict = detector.look(event)
        if not 0.0 <= verdict.score <= 1.0:  # NaN included
            raise ValueError(f"the score {verdict.score} is not between 0 and 1")
    except Exception as error:  # noqa: BLE001 - a detector's fault must not stop the group
        log.warning("detector_failed", detector=name, event_id=event.id, error=f"{type(error).__name__}: {error}")
        return None
    return replace(verdict, detector=name, version=detector.version)


def opinions(detectors: Mapping[str, Detector]) -> Callable[[Event], Mapping[str, Verdict]]:
    """A function that asks all of them about an event, without a database in which to keep what they say."""

    def look(event: Event) -> Mapping[str, Verdict]:
        if not is_looked_at(event):
            return {}
        asked = ((name, opinion(name, detector, event)) for name, detector in detectors.items())
        return {name: verdict for name, verdict in asked if verdict is not None}

    return look
