"""Our qualified ids as the numbers that the Bot API wants.

``telegram:-1001234567890`` is a chat, ``telegram:258319`` a person, ``telegram:-1001234567890/55`` a message. What
another platform made, or somebody mistyped, is ``Rejected``: it would hit somebody else.
"""

from adapters.errors import Rejected

STAND_INS = frozenset(
    {
        1087968824,  # @GroupAnonymousBot: for an admin who speaks as the group
        136817688,  # @Channel_Bot: for a channel that speaks
        777000,  # for a linked channel; it also speaks for Telegram itself
    }
)
"""Not people: what Telegram gives as the author where somebody speaks who is none. They are never acted on."""


def number_of(platform: str, id_: str) -> int:
    """The number of a chat or person of ``platform``."""
    name, _, bare = id_.partition(":")
    if name != platform:
        raise Rejected(f"{id_} is not of the platform {platform}")
    try:
        return int(bare)
    except ValueError:
        raise Rejected(f"{id_} is no number that Telegram gives") from None


def message_of(platform: str, id_: str) -> tuple[int, int]:
    """The chat and the number of a message."""
    chat, slash, bare = id_.rpartition("/")
    if not slash or not bare.isdecimal():
        raise Rejected(f"{id_} is no message")
    return number_of(platform, chat), int(bare)
