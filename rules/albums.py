"""Take note of albums: which messages are shown as one, and whether they were taken away.

Beside ``rules.apply``, because it follows from effects rather than from changes.
"""

from rules.state import Album, GroupState
from rules.values import Message

REMEMBERED = 20
"""Albums of a group that are remembered. A part that comes late comes within seconds; an edit may come later."""


def note_albums(message: Message | None, removed: set[str], group: GroupState) -> None:
    """Note the album of a message that was decided on, and which messages are taken away."""
    if message is not None and message.album is not None:
        album = next((one for one in group.albums if one.id == message.album), None)
        if album is None:
            album = Album(id=message.album)
            group.albums = [*group.albums[1 - REMEMBERED :], album]
        album.parts += [part for part in (message.id, *message.parts) if part not in album.parts]
    if removed:
        for album in group.albums:
            album.removed = album.removed or not removed.isdisjoint(album.parts)
