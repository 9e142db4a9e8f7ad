"""The extractors: what of a message speaks for an advertisement, as clues."""

from collections.abc import Iterator

from rules.detectors.clue_contacts import contact_clues
from rules.detectors.clue_hidden import hidden_clues, phrase_sounds
from rules.detectors.clue_layout import layout_clues
from rules.detectors.clue_links import link_clues
from rules.detectors.clue_message import message_clues
from rules.detectors.clue_phrases import phrase_clues
from rules.detectors.clue_prices import price_clues
from rules.detectors.clues import Clue
from rules.detectors.folding import View, view_of
from rules.detectors.kinds import ClueKind
from rules.detectors.phrases import phrase_book
from rules.values import Member, Message

_MOST = 60
_ASIDE = 1000  # characters that are looked at of what stands beside the text
_NAME = {
    "link": ClueKind.NAME_LINK,
    "contact": ClueKind.NAME_CONTACT,
    "call": ClueKind.NAME_CALL,
    "trade": ClueKind.NAME_TRADE,
    "price": ClueKind.NAME_TRADE,
    "hidden": ClueKind.NAME_HIDDEN,
}
# Ordinary in names and biographies: letters of fancy, a hyphen between words; and in biographies alone.
_ORDINARY = frozenset(
    (
        ClueKind.LINK_KNOWN,
        ClueKind.HIDDEN_LETTERS,
        ClueKind.HIDDEN_SPREAD,
        ClueKind.HIDDEN_MARKS,
        ClueKind.PRICE_AMOUNT,
        ClueKind.CONTACT_CODE,
    )
)
_ORDINARY_BESIDE = frozenset((ClueKind.LINK_OTHER, ClueKind.LINK_SHOP, ClueKind.CONTACT_EMAIL, ClueKind.CONTACT_HANDLE))
_SAID = ("call.", "trade.", "price.", "contact.", "link.")


def clues_in(view: View, message: Message | None = None, own: frozenset[str] = frozenset()) -> tuple[Clue, ...]:
    """The clues in a message: in its text, of which ``view`` is the folding view, and in all that it carries beside.

    ``own`` are the domains of the group itself, of which others may be imitations.
    """
    found = _in_text(view, message, own)
    found.extend(hidden_clues(view))
    found.extend(layout_clues(view))
    if message is not None:
        found.extend(message_clues(message))
        found.extend(_aside(message, found))
        found.extend(name_clues(message.author))
    return tuple(found[:_MOST])


def name_clues(member: Member, note: str = "") -> tuple[Clue, ...]:
    """The clues in how somebody presents themselves: name, biography, and the note of a request to join.

    A link to a site of one's own and an address for mail are ordinary in a biography; in a name nothing of it is.
    """
    kinds: dict[ClueKind, str] = {}
    for told, is_name in ((member.name, True), (member.bio, False), (note, False)):
        if not told:
            continue
        view = view_of(told[:_ASIDE])
        for clue in (*_in_text(view, None, frozenset()), *hidden_clues(view)):
            kind = _NAME.get(clue.kind.partition(".")[0])
            if kind is None or clue.kind in _ORDINARY or (clue.kind in _ORDINARY_BESIDE and not is_name):
                continue
            if kind is not ClueKind.NAME_TRADE or clue.detail != view.text.strip():  # somebody is called Molly
                kinds.setdefault(kind, clue.detail)
    return tuple(Clue(kind, detail) for kind, detail in kinds.items())


def read_lists() -> None:
    """Read the phrases and their sounds now: it takes a while, and else the first message waits for it."""
    phrase_book()
    phrase_sounds()


def _in_text(view: View, message: Message | None, own: frozenset[str]) -> list[Clue]:
    found = [*link_clues(view, message, own), *contact_clues(view), *price_clues(view.text)]
    found.extend(phrase_clues(view.text, found))
    return found


def _aside(message: Message, known: list[Clue]) -> Iterator[Clue]:
    """What is said elsewhere than in the text: in a quote, a caption of a card, on buttons, in names of files."""
    seen = {(clue.kind, clue.detail) for clue in known}
    named = [media.file_name for media in message.media if media.file_name]
    for name in named[:5]:
        clues = _in_text(view_of(name.rpartition(".")[0].replace("_", " ")[:200]), None, frozenset())
        if any(clue.kind.startswith(_SAID) for clue in clues):
            yield Clue(ClueKind.FILE_NAME, name[:80])
    told = [media.text for media in message.media if media.text]
    told += [button.text for button in message.buttons if button.text]
    if quote := message.own_quote:
        told.append(quote)
    if message.elsewhere is not None:
        told += [media.text for media in message.elsewhere.media if media.text]
    if not told:
        return
    for clue in _in_text(view_of("\n".join(told)[:_ASIDE]), None, frozenset()):
        if (clue.kind, clue.detail) not in seen:
            seen.add((clue.kind, clue.detail))
            yield Clue(clue.kind, clue.detail)
