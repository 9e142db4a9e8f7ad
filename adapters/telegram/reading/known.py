"""What has been learned of the groups that messages do not say themselves: who is an admin, which channel is linked."""

from collections.abc import Mapping

from rules.values import PlatformRole

ROLES = {"creator": PlatformRole.OWNER, "administrator": PlatformRole.ADMIN}
"""By a status of Telegram's ``ChatMember``; whoever has another one is a member like any."""


class Known:
    """Who the admins of each chat are, and its linked channel; by Telegram's own ids.

    A message does not say whether its author is an admin. It is told at start (``getChatAdministrators``) and kept up
    by the ``chat_member`` updates. Lost with the process: it is asked for again.
    """

    def __init__(self) -> None:
        self._roles: dict[int, dict[int, PlatformRole]] = {}
        self._linked: dict[int, int] = {}

    def admins(self, chat: int, roles: Mapping[int, PlatformRole]) -> None:
        """All admins of a chat, in place of those known so far."""
        self._roles[chat] = dict(roles)

    def changed(self, chat: int, user: int, status: str) -> None:
        """Somebody has another standing in a chat now (a status of Telegram's ``ChatMember``)."""
        role = ROLES.get(status)
        if role is not None:
            self._roles.setdefault(chat, {})[user] = role
        elif chat in self._roles:
            self._roles[chat].pop(user, None)

    def links(self, chat: int, channel: int | None) -> None:
        """Whose posts are brought into a chat: its linked channel's; None where it has none (any more)."""
        if channel is None:
            self._linked.pop(chat, None)
        else:
            self._linked[chat] = channel

    def role(self, chat: int, user: int) -> PlatformRole:
        """What Telegram lets somebody do in a chat, as far as it was told."""
        roles = self._roles.get(chat)
        return PlatformRole.MEMBER if roles is None else roles.get(user, PlatformRole.MEMBER)

    def is_linked(self, chat: int, channel: int) -> bool:
        """Whether a channel is the chat's own."""
        return self._linked.get(chat) == channel

    def moved(self, old: int, new: int) -> None:
        """A chat has another id."""
        if old in self._roles:
            self._roles[new] = self._roles.pop(old)
        if old in self._linked:
            self._linked[new] = self._linked.pop(old)
