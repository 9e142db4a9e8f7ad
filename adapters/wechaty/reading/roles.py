"""A contact as a member: what they are called, and what the platform lets them do in the room."""

from adapters.wechaty.people import Contact, Room
from rules.values import Member, PlatformRole


def member_of(platform: str, contact: Contact, room: Room | None, name: str = "") -> Member:
    """The member; ``name`` is what they call themselves in the room, where they do."""
    role = PlatformRole.MEMBER
    if room is not None and contact.id == room.owner:
        role = PlatformRole.OWNER
    elif room is not None and contact.id in room.admins:
        role = PlatformRole.ADMIN
    return Member(id=f"{platform}:{contact.id}", name=name or contact.name, is_bot=not contact.person, role=role)
