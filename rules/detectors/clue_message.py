"""Clues from what surrounds the words of a message: what is attached, where it comes from, buttons, codes, marks."""

from collections.abc import Iterator

from rules.detectors.clue_links import address_clues
from rules.detectors.clues import Clue
from rules.detectors.kinds import ClueKind
from rules.values import Media, MediaKind, Message

_PROGRAMS = (
    *(".apk", ".exe", ".msi", ".scr", ".bat", ".cmd", ".com", ".vbs", ".jar", ".ipa", ".mobileconfig", ".lnk", ".ps1"),
)
_WECHAT = ("weixin://", "http://weixin.qq.com", "https://weixin.qq.com", "https://u.wechat.com", "https://work.weixin")
_PAYMENTS = (
    *("wxp://", "alipays://", "https://qr.alipay.com", "http://qr.alipay.com", "https://qr.95516.com", "upwrp://"),
    *("bitcoin:", "ethereum:", "tron:", "ton://transfer", "solana:", "lightning:", "paypal.me", "https://paypal.me"),
    *("https://cash.app", "https://qr.nspk.ru"),
)
_PICTURES = frozenset(
    {MediaKind.PHOTO, MediaKind.VIDEO, MediaKind.ANIMATION, MediaKind.DOCUMENT, MediaKind.CARD, MediaKind.UNKNOWN}
)
_MANY_BUTTONS = 3
_MANY_MENTIONS = 5
_FEW_WORDS = 4
_MOST = 10


def message_clues(message: Message) -> Iterator[Clue]:
    """What a message carries beside its words."""
    for media in message.media[:_MOST]:
        yield from _attached(media)
    if message.media and len(message.text.strip()) < _FEW_WORDS and any(m.kind in _PICTURES for m in message.media):
        yield Clue(ClueKind.MEDIA_ALONE, message.media[0].kind.value)
    yield from _origin(message)
    addresses = [button for button in message.buttons if button.url]
    if addresses:
        yield Clue(ClueKind.BUTTON_LINK, (addresses[0].text or addresses[0].url or "")[:60])
    if len(message.buttons) >= _MANY_BUTTONS:
        yield Clue(ClueKind.BUTTON_MANY, str(len(message.buttons)))
    if len(message.mentions) >= _MANY_MENTIONS:
        yield Clue(ClueKind.MENTION_MANY, str(len(message.mentions)))
    if "spoiler" in message.marks:
        yield Clue(ClueKind.MARK_SPOILER)
    if "custom_emoji" in message.marks:
        yield Clue(ClueKind.MARK_EMOJI)


def _origin(message: Message) -> Iterator[Clue]:
    if (forward := message.forward) is not None:
        kind = ClueKind.ORIGIN_CHANNEL if forward.kind in ("channel", "chat") else ClueKind.ORIGIN_FORWARD
        yield Clue(kind, forward.name[:60])
    if message.elsewhere is not None:
        yield Clue(ClueKind.ORIGIN_ELSEWHERE, message.elsewhere.origin.name[:60])
    if quote := message.own_quote:
        yield Clue(ClueKind.ORIGIN_QUOTE, quote[:60])
    if message.via_bot:
        yield Clue(ClueKind.ORIGIN_VIA_BOT, message.via_bot[:60])


def _attached(media: Media) -> Iterator[Clue]:
    for code in media.codes[:_MOST]:
        yield Clue(_code_kind(code), code[:100])
        yield from address_clues(code[:500])
    if media.file_name and media.file_name.lower().endswith(_PROGRAMS):
        yield Clue(ClueKind.FILE_PROGRAM, media.file_name[:80])
    if media.kind is MediaKind.CONTACT:
        yield Clue(ClueKind.CONTACT_CARD, (media.text or "")[:60])
    elif media.kind is MediaKind.CARD:
        yield Clue(ClueKind.MEDIA_CARD, (media.text or "")[:60])


def _code_kind(code: str) -> ClueKind:
    code = code.strip().lower()
    if code.startswith(_PAYMENTS):
        return ClueKind.QR_PAYMENT
    if code.startswith(_WECHAT):
        return ClueKind.QR_WECHAT
    if "://" in code or code.startswith(("www.", "t.me/", "tg:")):
        return ClueKind.QR_LINK
    return ClueKind.QR_OTHER
