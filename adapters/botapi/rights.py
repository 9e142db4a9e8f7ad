"""The rights of administrators and the permissions of members, as the Bot API names them."""

from collections.abc import Iterable, Mapping

PERMISSIONS: tuple[str, ...] = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
"""The fields of ChatPermissions and, with ``is_member`` and ``until_date``, of ChatMemberRestricted."""

_MEDIA = (
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
)

ADMIN_RIGHTS: tuple[str, ...] = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
"""The rights that every ChatMemberAdministrator has to state."""

GROUP_RIGHTS: tuple[str, ...] = ("can_pin_messages", "can_manage_topics", "can_manage_tags")
CHANNEL_RIGHTS: tuple[str, ...] = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")

MODERATOR: frozenset[str] = frozenset(
    {
        "can_manage_chat",
        "can_delete_messages",
        "can_restrict_members",
        "can_invite_users",
        "can_pin_messages",
        "can_manage_video_chats",
    }
)
"""What a moderating bot is usually given."""

ALL: frozenset[str] = frozenset(ADMIN_RIGHTS) | frozenset(GROUP_RIGHTS) | frozenset(CHANNEL_RIGHTS)

EVERYTHING: frozenset[str] = frozenset(PERMISSIONS)
USUAL: frozenset[str] = EVERYTHING - {"can_change_info", "can_pin_messages", "can_manage_topics"}
"""What members of a new group may do."""


def rights_for(kind: str) -> tuple[str, ...]:
    """The rights that an administrator of this kind of chat (``supergroup``, ``group``, ``channel``) states."""
    return ADMIN_RIGHTS + (CHANNEL_RIGHTS if kind == "channel" else GROUP_RIGHTS)


def checked(names: Iterable[str]) -> frozenset[str]:
    """The rights named; ValueError for one that does not exist."""
    found = frozenset(names)
    if unknown := found - ALL:
        raise ValueError(f"no such administrator right: {', '.join(sorted(unknown))}")
    return found


def read_permissions(given: Mapping[str, object], *, independent: bool) -> frozenset[str]:
    """ChatPermissions as a set of names.

    Without ``use_independent_chat_permissions`` the later ones imply the former: polls, other messages and previews
    imply all media, and media imply plain messages.
    """
    found = {name for name in PERMISSIONS if given.get(name)}
    if given.get("can_send_media_messages"):  # the field of before Bot API 6.5
        found.update(_MEDIA)
    if not independent:
        if found & {"can_send_other_messages", "can_add_web_page_previews"}:
            found.update(_MEDIA)
        if found & {*_MEDIA, "can_send_polls"}:
            found.add("can_send_messages")
    for silent in ("can_react_to_messages", "can_edit_tag"):  # newer: where not given they follow can_send_messages
        if silent not in given and "can_send_messages" in found:
            found.add(silent)
    if "can_manage_topics" not in given and "can_pin_messages" in found:
        found.add("can_manage_topics")
    return frozenset(found)
