"""An advertisement that Telegram hands over, wherever it hides, makes the rules fire that an operator would write."""

import json
from pathlib import Path

import pytest

from adapters.telegram.reading import Reader
from rules.effects import BanMember, DeleteMessage
from rules.engine import decide
from rules.facts import Facts
from rules.recent import Recent
from rules.rulebook import Rulebook
from rules.state import GroupState, MemberState
from tests.rulebooks import rulebook_of

FIXTURES = Path(__file__).parent / "fixtures"
GROUP = "tg:-1001234567890"
CONFIG = """
platforms: { tg: { type: console } }
groups: { readers: { platform: tg, chat: "-1001234567890" } }
rules:
  - { id: words, when: [message, edit], if: { text_has_any: [加微信] }, then: delete }
  - { id: links, when: [message, edit], if: { links: { from: [casino.example, t.me/casino_deals] } }, then: delete }
  - { id: names, when: [message, join, join_request, reaction], if: { name_has_any: [加微信] }, then: ban }
  - { id: unknown, when: message, if: { media: unknown }, then: delete }
  - { id: elsewhere, when: message, if: { replies_elsewhere: any }, then: delete }
  - { id: forwards, when: message, if: { forwarded: any }, then: delete }
  - { id: styled, when: message, if: { styled: [spoiler, custom_emoji] }, then: delete }
"""
FIRES = {
    "text": "words",
    "caption": "words",
    "edit": "words",
    "dressed_up": "words styled",
    "text_link": "links",
    "url_after_emoji": "links",
    "button_url": "links",
    "button_web_app": "links",
    "button_login": "links",
    "button_copy": "words",
    "button_inline": "words",
    "quote": "words links",
    "external_reply": "words links elsewhere",
    "external_reply_poll": "words links unknown elsewhere",
    "forward_user": "words forwards",
    "forward_hidden_user": "words forwards",
    "forward_chat": "words forwards",
    "forward_channel": "words forwards",
    "sender_channel": "names",
    "sender_tag": "names",
    "contact_card": "words links",
    "poll_question": "words",
    "poll_option": "words",
    "poll_description": "words links",
    "poll_explanation": "links",
    "file_name": "words",
    "audio_title": "words",
    "video": "words",
    "animation": "words",
    "live_photo": "words",
    "venue": "words",
    "game": "words",
    "invoice": "words",
    "giveaway": "words links",
    "paid_media": "words unknown",
    "checklist": "words links",
    "gift": "words",
    "story": "unknown",
    "reply_to_story": "words unknown elsewhere",
    "rich_message": "words links unknown",
    "newer_than_us": "words links unknown",
    "newer_and_wordless": "unknown",
    "link_preview": "links",
    "album_photo": "words",
    "join": "names",
    "join_in_chat": "names",
    "join_request": "names",
    "reaction": "names",
    "reaction_of_channel": "names",
    "topic_reply": "",
    "comment_on_post": "",
    "sender_anonymous_admin": "",
    "sender_linked_channel": "",
}


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return rulebook_of(CONFIG)


@pytest.mark.parametrize(("name", "rules"), FIRES.items())
def test_an_advertisement_is_seen_wherever_it_hides(name: str, rules: str, rulebook: Rulebook) -> None:
    (event,) = Reader("tg", 42).read(json.loads((FIXTURES / f"{name}.json").read_text())).events
    book = rulebook.group(GROUP)
    assert book is not None
    facts = Facts(
        now=event.at,
        settings=book.settings,
        group=GroupState(id=GROUP),
        member=MemberState(id="tg:258319"),
        recent=Recent(rulebook.horizon),
    )
    decision = decide(event, facts, rulebook)
    assert " ".join(rule for rule in decision.fired if not rule.startswith("@")) == rules
    done = {type(effect) for effect in decision.effects} & {DeleteMessage, BanMember}
    assert done == ({BanMember} if rules == "names" else {DeleteMessage} if rules else set())
