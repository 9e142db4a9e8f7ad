"""Files and profile pictures."""

from adapters.botapi.call import Call
from adapters.botapi.errors import bad_request
from adapters.botapi.state import Json

MAX_DOWNLOAD = 20 * 1024 * 1024


def get_file(call: Call) -> Json:
    """getFile; the bytes are then at ``/file/bot<token>/<file_path>``."""
    number = call.text("file_id")
    if not number:
        raise bad_request("file_id not specified")
    found = call.world.files.get(number)
    if found is None:
        raise bad_request("invalid file_id")
    if len(found.data) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return found.json()


def get_user_profile_photos(call: Call) -> Json:
    """getUserProfilePhotos, the newest first."""
    user = call.user()
    offset = max(call.integer("offset", 0) or 0, 0)
    limit = min(max(call.integer("limit", 100) or 100, 1), 100)
    return {"total_count": len(user.photos), "photos": user.photos[offset : offset + limit]}
