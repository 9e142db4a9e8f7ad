"""What stands in a group without anybody having said it, a recall or a poke: seen by rules that ask for it alone."""

from datetime import UTC, datetime

import pytest

from bot.opinions import is_looked_at
from bot.records import activity_row
from rules.apply import observe
from rules.engine import decide
from rules.events import MessagePosted, subject_of
from rules.facts import Facts
from rules.memory import glimpse_of
from rules.reading import Reading
from rules.recent import Recent
from rules.rulebook import Rulebook
from rules.state import GroupState, MemberState
from rules.values import Group, Media, MediaKind, Member, Message
from storage.activity import KINDS
from tests.rulebooks import rulebook_of

NOW = datetime(2026, 9, 4, 8, tzinfo=UTC)
GROUP = Group("t:1", "Reading")
ANN, BO = Member("t:ann", "Ann"), Member("t:bo", "Bo")
CONFIG = """
platforms: { t: { type: console } }
groups: { readers: { platform: t, chat: "1" } }
rules:
  - { id: words, when: message, if: { text_has_any: [加微信] }, then: delete }
  - { id: any-media, when: message, if: { media: any }, then: delete }
  - { id: names, when: message, if: { name_has_any: [ann] }, then: delete }
  - { id: everything, when: message, then: { tag: seen } }
  - { id: not-money, when: message, if: { none: [media: money] }, then: { tag: seen } }
  - { id: recalled, when: message, if: { media: recall }, then: { tag: seen } }
  - { id: recalled-ad, when: message, if: { all: [media: recall, text_has_any: [加微信]] }, then: { tag: seen } }
  - { id: poked, when: message, if: { any: [media: nudge, text_has_any: [poke]] }, then: { tag: seen } }
  - { id: renamed, when: message, if: { media: [system, recall] }, then: { tag: seen } }
"""


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return rulebook_of(CONFIG)


def line(kind: MediaKind, text: str | None, author: Member = ANN) -> MessagePosted:
    return MessagePosted("t:e", GROUP, NOW, Message("t:1/5", author, at=NOW, media=(Media(kind, text=text),)))


def fired(event: MessagePosted, rulebook: Rulebook) -> list[str]:
    book = rulebook.group(GROUP.id)
    assert book is not None
    facts = Facts(
        now=NOW,
        settings=book.settings,
        group=GroupState(id=GROUP.id),
        member=MemberState(id=ANN.id),
        recent=Recent(rulebook.horizon),
    )
    return [rule for rule in decide(event, facts, rulebook).fired if not rule.startswith("@")]


@pytest.mark.parametrize(
    ("kind", "text", "rules"),
    [
        (MediaKind.RECALL, "加微信 abc12345", ["recalled", "recalled-ad", "renamed"]),
        (MediaKind.RECALL, None, ["recalled", "renamed"]),
        (MediaKind.NUDGE, '"Ann" 拍了拍 "Bo" 说加微信', ["poked"]),
        (MediaKind.SYSTEM, '"Ann"修改群名为“加微信”', ["renamed"]),
    ],
)
def test_a_line_is_seen_by_rules_that_name_its_kind_alone(
    kind: MediaKind, text: str | None, rules: list[str], rulebook: Rulebook
) -> None:
    assert fired(line(kind, text), rulebook) == rules


def test_what_is_said_is_seen_by_every_rule(rulebook: Rulebook) -> None:
    said = MessagePosted("t:e", GROUP, NOW, Message("t:1/5", ANN, "加微信 poke", NOW))
    assert fired(said, rulebook) == ["words", "names", "everything", "not-money", "poked"]


def test_a_line_counts_nowhere_as_something_said() -> None:
    event = line(MediaKind.NUDGE, "poke")
    group, member = GroupState(id=GROUP.id), MemberState(id=ANN.id)
    observe(event, "2026-09-04", group, member)
    assert (member.messages, member.last_seen, group.messages, group.last_message_at) == (0, None, 0, None)
    assert glimpse_of(event) is None
    assert not is_looked_at(event)


def test_a_line_that_nobody_wrote_is_about_no_member() -> None:
    assert subject_of(line(MediaKind.SYSTEM, "renamed", Member("t:system", is_bot=True))) is None
    assert subject_of(line(MediaKind.RECALL, None)) == ANN.id


def test_words_of_somebody_else_that_are_quoted_are_not_their_quoters() -> None:
    advert = "加微信 abc12345 日赚500"
    answer = Message(
        "t:1/6", BO, "骗子", NOW, reply_to="t:1/5", reply_to_author=ANN, reply_to_text=advert, quote=advert
    )
    assert Reading(MessagePosted("t:e", GROUP, NOW, answer)).text == "骗子"
    unknown = Message("t:1/6", BO, "骗子", NOW, quote=advert)
    assert advert in Reading(MessagePosted("t:e", GROUP, NOW, unknown)).text
    own = Message("t:1/6", ANN, "看", NOW, reply_to="t:1/5", reply_to_author=ANN, reply_to_text=advert, quote=advert)
    assert advert in Reading(MessagePosted("t:e", GROUP, NOW, own)).text
    forged = Message("t:1/6", BO, "看", NOW, reply_to="t:1/5", reply_to_author=ANN, reply_to_text="hello", quote=advert)
    assert advert in Reading(MessagePosted("t:e", GROUP, NOW, forged)).text


@pytest.mark.parametrize("author", [ANN, Member("t:system", is_bot=True)])
def test_a_line_is_written_down_as_one(author: Member, rulebook: Rulebook) -> None:
    event = line(MediaKind.RECALL, "加微信", author)
    book = rulebook.group(GROUP.id)
    assert book is not None
    facts = Facts(
        now=NOW,
        settings=book.settings,
        group=GroupState(id=GROUP.id),
        member=MemberState(id=""),
        recent=Recent(rulebook.horizon),
    )
    decide(event, facts, rulebook)
    row = activity_row(1, event, facts, set(), ())
    assert row is not None
    assert row.kind == "line"
    assert row.kind in KINDS
    assert row.member == (ANN.id if author is ANN else None)
