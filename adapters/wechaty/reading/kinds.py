"""The sorts of message, by the number that puppets give them on the wire."""

from enum import IntEnum

from rules.values import MediaKind


class Sort(IntEnum):
    """``wechaty-puppet``'s ``types.Message``, which gateways put on the wire whatever their own enumeration says."""

    UNKNOWN = 0
    ATTACHMENT = 1
    AUDIO = 2
    CONTACT = 3
    CHAT_HISTORY = 4
    EMOTICON = 5
    IMAGE = 6
    TEXT = 7
    LOCATION = 8
    MINI_PROGRAM = 9
    GROUP_NOTE = 10
    TRANSFER = 11
    RED_ENVELOPE = 12
    RECALLED = 13
    URL = 14
    VIDEO = 15
    POST = 16


MEDIA = {
    Sort.UNKNOWN: MediaKind.UNKNOWN,
    Sort.ATTACHMENT: MediaKind.DOCUMENT,
    Sort.AUDIO: MediaKind.VOICE,
    Sort.CONTACT: MediaKind.CONTACT,
    Sort.CHAT_HISTORY: MediaKind.HISTORY,
    Sort.EMOTICON: MediaKind.STICKER,
    Sort.IMAGE: MediaKind.PHOTO,
    Sort.LOCATION: MediaKind.LOCATION,
    Sort.MINI_PROGRAM: MediaKind.MINI_PROGRAM,
    Sort.GROUP_NOTE: MediaKind.NOTE,
    Sort.TRANSFER: MediaKind.MONEY,
    Sort.RED_ENVELOPE: MediaKind.MONEY,
    Sort.RECALLED: MediaKind.RECALL,
    Sort.URL: MediaKind.CARD,
    Sort.VIDEO: MediaKind.VIDEO,
    Sort.POST: MediaKind.CARD,
}


def sort_of(number: int) -> Sort:
    """The sort of a number; unknown ones are ``UNKNOWN``, never text."""
    try:
        return Sort(number)
    except ValueError:
        return Sort.UNKNOWN
