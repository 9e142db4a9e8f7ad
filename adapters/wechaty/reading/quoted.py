"""What of a message another one may show when it quotes it, and which message is quoted."""

from collections.abc import Iterable

from adapters.wechaty.reading.body import Quote
from adapters.wechaty.reading.quotes import unbracketed
from adapters.wechaty.reading.seen import LONGEST, Known, Seen, as_shown
from rules.values import Link, Media, MediaKind, Member

_LABELS = {
    MediaKind.PHOTO: ("图片", "Photo"),
    MediaKind.VIDEO: ("视频", "Video"),
    MediaKind.STICKER: ("动画表情", "表情", "Sticker"),
    MediaKind.VOICE: ("语音", "Voice"),
    MediaKind.LOCATION: ("位置", "Location"),
}
"""What quotes say in the place of what has no words."""


def known_as(
    id_: str, author: Member, names: Iterable[str], text: str, media: tuple[Media, ...], links: Iterable[Link]
) -> Known:
    """A message as it is remembered."""
    said = [text] if text else []
    labels: list[str] = []
    for part in media:
        said += [words for words in (part.text, part.file_name) if words]
        if part.text:
            labels.append(part.text.partition("\n")[0])
        labels += _LABELS.get(part.kind, ())
    shown = dict.fromkeys(as_shown(words) for words in (*said, *labels))
    kept = "\n".join(said)[:LONGEST]
    return Known(
        id_,
        author,
        kept,
        tuple(dict.fromkeys(name for name in names if name)),
        tuple(shown),
        frozenset(link.url for link in links),
    )


def answered(quote: Quote, place: str, seen: Seen) -> tuple[Known | None, str]:
    """The message that is quoted, where it was seen, and the words that are."""
    ways = [(quote.author.name, quote.text), *quote.others]
    ways += [(name, bare) for name, text in ways if (bare := unbracketed(text)) != text]
    known = seen.by_id(place, quote.id)
    if known is None:
        known = seen.by_words(place, ways)
    if known is None:
        return None, quote.text
    words = next((text for name, text in ways if as_shown(text) in known.shown), quote.text)
    return known, words
