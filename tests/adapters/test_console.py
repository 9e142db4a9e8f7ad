"""The console as a person and as a script see it."""

import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from adapters.console import ConsoleAdapter, ConsoleSettings, StreamLines
from adapters.driver import MemoryIntake
from rules import effects as fx
from rules.events import MemberJoined, MessagePosted
from rules.text import Text

NOON = datetime(2026, 10, 9, 12, tzinfo=UTC)


class Bytes(io.RawIOBase):
    """A raw stream of bytes, which come in pieces as from a pipe."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def read(self, size: int = -1, /) -> bytes:
        return self._content.read(size)


async def run(
    given: str | bytes, *, intake: MemoryIntake | None = None, at: datetime = NOON, **settings: object
) -> tuple[MemoryIntake, list[str]]:
    """What the console makes of an input: the intake that got it, and what came out."""
    intake = intake or MemoryIntake()
    raw = given if isinstance(given, bytes) else given.encode()
    out: list[str] = []
    options = ConsoleSettings.model_validate(settings)
    adapter = ConsoleAdapter("console", lambda: at, options, lines=StreamLines(Bytes(raw)), write=out.append)
    await adapter.run(intake)
    return intake, out


def texts(intake: MemoryIntake) -> list[str]:
    return [event.message.text for event in intake.events if isinstance(event, MessagePosted)]


async def test_a_plain_line_is_a_message_of_the_person_named() -> None:
    intake, out = await run("Ann: hello, see https://example.com/a.\n小明：大家好\n", group="reading")
    first, second = intake.events
    assert isinstance(first, MessagePosted)
    assert isinstance(second, MessagePosted)
    assert (first.message.author.id, first.message.text) == ("console:ann", "hello, see https://example.com/a.")
    assert [link.url for link in first.message.links] == ["https://example.com/a"]
    assert (second.message.author.name, second.message.text) == ("小明", "大家好")
    assert first.group.id == "console:reading"
    assert out == []


async def test_an_event_as_json_keeps_all_it_says() -> None:
    line = {
        "at": "2026-10-09T20:30:00+08:00",
        "id": 7,
        "group": {"id": -100, "name": "Reading"},
        "from": {"id": 42, "name": "Ann", "role": "admin"},
        "text": "this one",
        "reply_to": 6,
        "links": ["https://a.example", {"url": "https://b.example", "text": "here"}],
        "media": ["photo", {"kind": "document", "file_name": "list.xlsx"}, "hologram"],
        "forward": {"kind": "channel", "name": "Ads"},
    }
    intake, out = await run(json.dumps(line) + "\n", json=True)
    (event,) = intake.events
    assert isinstance(event, MessagePosted)
    message = event.message
    assert event.id == "console:7"
    assert event.at == NOON + timedelta(minutes=30)
    assert (event.group.id, event.group.name) == ("console:-100", "Reading")
    assert (message.id, message.reply_to) == ("console:-100/7", "console:-100/6")
    assert (message.author.id, message.author.role) == ("console:42", "admin")
    assert [link.text for link in message.links] == [None, "here"]
    assert [media.kind for media in message.media] == ["photo", "document", "unknown"]
    assert message.forward is not None
    assert [json.loads(line) for line in out] == [{"ready": True}, {"ack": "7"}]


async def test_lines_that_are_no_events_are_told_with_their_number_and_the_rest_goes_on() -> None:
    lines = [
        "just words",
        '{"group": "reading"}',
        '{"group": "reading", "from": {"id": "ann"}, "tetx": "hi"}',
        '{"group": "reading", "from": {"id": "ann"}, "text": "hi", "at": "2026-10-09T20:30:00"}',
        '{"group": "reading", "from": {"id": "ann"}, "text": "hi", "at": "soon"}',
        '{"group": "", "from": {"id": "ann"}}',
        "[1, 2]: ",
        '{"group": "reading", "from": {"id": "ann"}, "text": "cut',
        '{"group": "reading", "from": {"id": "ann"}, "text": "fine"}',
    ]
    intake, out = await run("\n".join(lines), json=True)
    told = [json.loads(line) for line in out]
    assert [answer["line"] for answer in told if "error" in answer] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert "tetx" in told[3]["error"]
    assert "+08:00" in told[4]["error"]
    assert texts(intake) == ["fine"]


async def test_a_line_that_is_no_text_and_one_without_end_do_no_harm() -> None:
    endless = b"ann: " + b"x" * 1_500_000
    intake, out = await run(b"\xff\xfe\x00: hm\n" + endless + b"\nann: still here\n")
    assert texts(intake) == ["still here"]
    assert len(out) == 2
    assert "longer than" in out[1]


async def test_ids_made_up_in_two_runs_differ() -> None:
    intake, _ = await run("ann: one\nann: two\n")
    await run("ann: three\n", intake=intake, at=NOON + timedelta(minutes=1))
    assert texts(intake) == ["one", "two", "three"]


async def test_what_could_not_be_kept_is_not_acknowledged_and_comes_through_when_told_again() -> None:
    intake = MemoryIntake(failures=1)
    line = '{"id": "1", "group": "reading", "from": {"id": "ann"}, "type": "join"}\n'
    _, out = await run(line, intake=intake, json=True)
    assert json.loads(out[-1])["retry"] == "1"
    _, out = await run(line, intake=intake, json=True)
    assert json.loads(out[-1]) == {"ack": "1"}
    assert [type(event) for event in intake.events] == [MemberJoined]


async def test_what_could_not_be_kept_is_told_to_a_person_with_its_words() -> None:
    _, out = await run("ann: hello\n", intake=MemoryIntake(failures=1))
    assert out == ["? not kept, say it again (the disk is full (as this test wants it)): hello"]


async def test_the_console_has_ended_when_nobody_reads_it_any_more() -> None:
    def write(line: str) -> None:
        if "ack" in line:
            raise BrokenPipeError

    intake = MemoryIntake()
    line = b'{"id": "1", "group": "reading", "from": {"id": "ann"}, "text": "hi"}\n'
    settings = ConsoleSettings(json=True)
    adapter = ConsoleAdapter("console", lambda: NOON, settings, lines=StreamLines(Bytes(line)), write=write)
    await adapter.run(intake)
    assert texts(intake) == ["hi"]


def _every_effect() -> Sequence[fx.Effect]:
    words = Text(literal="Welcome!\nPlease read the rules.")
    group, bo = "console:reading", "console:bo"
    return (
        fx.SendText(group, words, reply_to="console:reading/7"),
        fx.SendPrivate(group, bo, words),
        fx.SendDocument(group, "list.csv", "a,b", member=bo),
        fx.DeleteMessage(group, "console:reading/7"),
        fx.PinMessage(group, "console:reading/7"),
        fx.MuteMember(group, bo, NOON),
        fx.UnmuteMember(group, bo),
        fx.KickMember(group, bo),
        fx.BanMember(group, bo),
        fx.UnbanMember(group, bo),
        fx.AnswerJoinRequest(group, bo, approve=False),
    )


async def test_every_effect_is_told_in_words_that_name_group_and_member() -> None:
    out: list[str] = []
    adapter = ConsoleAdapter("console", lambda: NOON, write=out.append)
    for effect in _every_effect():
        await adapter.perform(effect)
    assert len(set(out)) == len(_every_effect())
    assert all(line.startswith("[reading] ") for line in out)
    assert out[0] == "[reading] bot (to reading/7): Welcome!\n  Please read the rules."
    assert out[5] == "[reading] mutes bo until 2026-10-09 12:00 UTC"


@pytest.mark.parametrize("effect", _every_effect(), ids=fx.kind_of)
async def test_an_effect_as_json_can_be_read_back(effect: fx.Effect) -> None:
    out: list[str] = []
    adapter = ConsoleAdapter("console", lambda: NOON, ConsoleSettings(json=True), write=out.append)
    await adapter.perform(effect)
    assert fx.decode(json.dumps(json.loads(out[0])["effect"])) == effect
