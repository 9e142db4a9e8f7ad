"""What of a message is shown to others: its folded text, without what leads to a person."""

import re
from collections.abc import Iterable

from rules.detectors.folding import LONGEST as FOLDED
from rules.detectors.folding import view_of
from rules.events import MessageEdited, MessagePosted
from rules.folding import fold

LONGEST = 1_000
"""Characters that are shown at most: of a longer text its beginning and its end."""
_HEAD = 700
_LOOKED_AT = 2_000
_CUT = " … "
_LONGEST_NAME = 24
_MOST_NAMES = 3
_MAIL = re.compile(r"[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,}")
_LINK = re.compile(r"(?:https?://)?(?P<host>(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24})(?::\d{1,5})?(?:[/?#][!-~]*)?")
_HANDLE = re.compile(r"@[a-z0-9_]{3,32}")
_NUMBER = re.compile(r"\+?\d(?:[ .()-]{0,2}\d){4,24}")
_NAMED = re.compile(r"\b(?=[a-z_-]{0,39}\d)(?=[\d_-]{0,39}[a-z])[a-z0-9_-]{5,40}\b", re.ASCII)
_GIVEN = re.compile(
    r"(?P<where>(?:wechat|weixin|vx|wx|qq|telegram|tg|line|微信|v信)(?:号|id)?\s{0,2}:\s{0,2})[a-z][a-z0-9_-]{4,39}",
    re.ASCII,
)


def shown(text: str, event: MessagePosted | MessageEdited) -> tuple[str, bool]:
    """The text as it is shown, and whether that is all of it.

    Names of people are left out, long numbers, handles, addresses of mail and made-up names with digits are told by
    their kind, and of a link nothing is left but where it leads.
    """
    view = view_of(text)
    whole = len(text) <= FOLDED
    text = view.reversed or view.text
    text = text if len(text) <= _LOOKED_AT else text[:_LOOKED_AT] + text[-_LOOKED_AT:]
    for name in names_in(event):
        text = text.replace(name, "<name>")
    text = _MAIL.sub("<mail>", text)
    text = _HANDLE.sub("<handle>", text)
    text = _LINK.sub(lambda found: f"<link {found['host']}>", text)
    text = _GIVEN.sub(r"\g<where><id>", text)
    text = _NAMED.sub("<id>", text)
    text = _NUMBER.sub("<number>", text)
    text = text.encode("utf-8", "replace").decode()
    if len(text) <= LONGEST:
        return text, whole
    return text[:_HEAD] + _CUT + text[len(text) - (LONGEST - _HEAD - len(_CUT)) :], False


def names_in(event: MessagePosted | MessageEdited) -> Iterable[str]:
    """What people are called in a message: who is mentioned by name, whose message was passed on."""
    message = event.message
    origins = (message.forward, message.elsewhere.origin if message.elsewhere is not None else None)
    people = [origin.name for origin in origins if origin is not None and origin.kind in ("user", "hidden_user")]
    people += [mention.text for mention in message.mentions if not mention.text.startswith("@")]
    found = dict.fromkeys(fold(name).strip() for name in people)
    # Anybody may be mentioned by any words: an advertisement cannot be left out in this way.
    return [name for name in found if 2 <= len(name) <= _LONGEST_NAME][:_MOST_NAMES]
