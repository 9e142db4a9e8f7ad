"""Acting as people: what they do in the chats, with everything that follows from it.

A muted, banned or absent person who tries what Telegram would not let them do raises ``NotAllowed``.
"""

from adapters.botapi.people.channels import Channels
from adapters.botapi.people.circumstances import Circumstances
from adapters.botapi.people.coming import Coming
from adapters.botapi.people.founding import Founding
from adapters.botapi.people.media import Media
from adapters.botapi.people.responses import Responses
from adapters.botapi.people.staff import Staff

__all__ = ["People"]


class People(Founding, Coming, Media, Channels, Responses, Staff, Circumstances):
    """The hands of everybody who is not a bot, over one world; every public method is one thing that people do."""
