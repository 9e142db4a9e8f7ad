"""What an adapter can do. Rules are checked against it when they are loaded, not when it is too late."""

from enum import StrEnum


class Capability(StrEnum):
    """One thing a platform lets a bot do."""

    SEND = "send"
    SEND_PRIVATE = "send_private"
    SEND_DOCUMENT = "send_document"
    DELETE = "delete"  # delete another member's message
    DELETE_OWN = "delete_own"
    DELETE_MANY = "delete_many"  # several of one group in one call
    EDIT_OWN = "edit_own"
    SEND_PICTURE = "send_picture"
    PIN = "pin"
    MUTE = "mute"
    KICK = "kick"
    BAN = "ban"
    JOIN_REQUESTS = "join_requests"
    BUTTONS = "buttons"
    ANSWER_BUTTONS = "answer_buttons"  # show who pressed a button something that nobody else sees
    MENTION = "mention"
    SEE_EDITS = "see_edits"
    SEE_JOINS = "see_joins"
    SEE_LEAVES = "see_leaves"
    SEE_REACTIONS = "see_reactions"
    ANNOUNCE = "announce"  # set the notice that stands at the top of a group (群公告)
    RENAME = "rename"  # change a group's name
    INVITE = "invite"  # bring somebody into a group
