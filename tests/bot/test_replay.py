"""Replay: rules over past messages, with the time of then, nothing sent, the same result every time."""

import io
import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import Field

from bot.replay import replay, run_replay
from rules.actions.messages import Delete
from rules.actions.sanctions import Mute
from rules.actions.talk import Reply
from rules.changes import SetTimer
from rules.commandline import CommandNames
from rules.conditions.rate import SamePerson
from rules.conditions.text import TextHasAny
from rules.copy import CopyBook
from rules.effects import SendText
from rules.errors import HistoryError
from rules.events import Event
from rules.facts import Facts, GroupSettings
from rules.rulebook import Rule, Rulebook, assemble
from rules.step import Action, Condition, RuleContext
from rules.text import Text, say
from rules.timing import Timing

HERE = "telegram:-1001"
COPY = CopyBook({"greeting": {"zh-CN": ("早!", "早上好!"), "en": ("Hello!",)}})
MESSAGE = frozenset({"message"})


class Nudge(Action):
    """Say something a while later."""

    step = "nudge"
    after: timedelta = Field(default=timedelta(minutes=5))

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Any:
        yield SetTimer("nudge", event.at + self.after)


class Speak(Action):
    """Say when it is."""

    step = "speak"

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Any:
        yield SendText(event.group.id, say(f"{facts.local_now:%H:%M}"))


class Broken(Condition):
    """Raises."""

    step = "broken"

    def holds(self, event: Event, facts: Facts) -> bool:
        raise ZeroDivisionError("by zero")


class Failing(Action):
    """Raises."""

    step = "failing"

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Any:
        raise ZeroDivisionError("in an action")


class Greet(Action):
    """Say a text of the library."""

    step = "greet"

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Any:
        yield SendText(event.group.id, Text(key="greeting"))


def rule(id_: str, condition: Condition | None, *actions: Action, **more: Any) -> Rule:
    more.setdefault("groups", frozenset({"reading"}))
    return Rule(id_, more.pop("name", id_), more.pop("kinds", MESSAGE), condition, actions, **more)


def group(key: str = "reading", chat: str = HERE, **more: Any) -> GroupSettings:
    return GroupSettings(key, chat, "telegram", timezone=ZoneInfo("Asia/Shanghai"), language="zh-CN", **more)


def book(*rules: Rule, groups: tuple[GroupSettings, ...] = (group(),), **more: Any) -> Rulebook:
    return assemble("v1", rules, groups, **more)


ADS = rule("ads", TextHasAny(of=("加微信",)), Delete(), name="No advertising")


def line(at: str, text: str = "hi", by: str = "ann", chat: str = "-1001", **more: Any) -> str:
    told = {"at": f"2026-10-05T{at}:00+08:00", "group": chat, "from": {"id": by, "name": by.title()}, "text": text}
    return json.dumps(told | more, ensure_ascii=False)


def run(folder: Path, rulebook: Rulebook, *lines: str, **how: Any) -> tuple[int, str, str]:
    path = folder / "history.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    out, err = io.StringIO(), io.StringIO()
    code = run_replay(rulebook, COPY, path, out=out, err=err, **how)
    return code, out.getvalue(), err.getvalue()


def run_json(folder: Path, rulebook: Rulebook, *lines: str, **how: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    _, out, _ = run(folder, rulebook, *lines, json=True, **how)
    *events, last = [json.loads(one) for one in out.splitlines()]
    return events, last["summary"]


def test_each_event_is_told_with_its_effects_rules_and_trace(tmp_path: Path) -> None:
    events, summary = run_json(tmp_path, book(ADS), line("09:00"), line("09:01", "加微信 abc", id="m7"))
    assert events[0]["effects"] == events[0]["rules"] == []
    second = events[1]
    assert second["id"] == "telegram:m7"
    assert second["at"] == "2026-10-05T01:01:00Z"
    assert (second["group"], second["author"]) == (HERE, "telegram:ann")
    assert second["effects"] == [{"type": "delete_message", "group": HERE, "message": f"{HERE}/m7"}]
    assert second["rules"] == ["ads"]
    assert second["trace"][0]["rule"] == "ads"
    assert summary["rules"]["ads"]["hits"] == 1
    assert summary["events"] == {"message": 2}
    assert summary["acted_on"] == 1


def test_a_shadow_rule_is_told_apart_and_has_no_effects(tmp_path: Path) -> None:
    shadow = rule("ads", TextHasAny(of=("加微信",)), Delete(), mode="shadow")
    (event,), summary = run_json(tmp_path, book(shadow), line("09:00", "加微信"))
    assert (event["effects"], event["rules"], event["shadow"]) == ([], [], ["ads"])
    assert event["trace"][0]["would"] == ["delete_message"]
    told = summary["rules"]["ads"]
    assert (told["hits"], told["shadow_hits"], told["would"]) == (0, 1, {"delete_message": 1})
    assert summary["effects"] == {}


def test_rates_are_counted_with_the_time_of_then(tmp_path: Path) -> None:
    flood = rule("flood", SamePerson(messages=3, within=timedelta(minutes=2)), Mute(for_=timedelta(minutes=10)))
    minutes = ["09:00", "09:01", "09:10", "09:11", "09:11"]
    events, _ = run_json(tmp_path, book(flood), *(line(at) for at in minutes))
    assert [event["rules"] for event in events] == [[], [], [], [], ["flood"]]


def test_timers_fire_between_the_events_at_their_time(tmp_path: Path) -> None:
    rules = (
        rule("nudge-later", TextHasAny(of=("go",)), Nudge()),
        rule("nudge", None, Speak(), kinds=frozenset({"schedule"}), names=frozenset({"nudge"})),
    )
    lines = (line("09:00", "go"), line("09:04"), line("09:06"))
    events, summary = run_json(tmp_path, book(*rules), *lines, derived=True)
    assert [event["kind"] for event in events] == ["message", "message", "schedule", "message"]
    assert events[2]["effects"][0]["text"] == "09:05"
    assert events[2]["author"] is None
    assert summary["events"] == {"message": 3, "schedule": 1}
    only_read, same = run_json(tmp_path, book(*rules), *lines)
    assert [event["kind"] for event in only_read] == ["message", "message", "message"]
    assert same == summary


def test_texts_are_in_the_language_of_the_group_and_take_turns(tmp_path: Path) -> None:
    events, _ = run_json(tmp_path, book(rule("greet", None, Greet())), *(line(f"09:0{n}") for n in range(3)))
    assert [event["effects"][0]["text"] for event in events] == ["早!", "早上好!", "早!"]


def test_commands_reach_the_rules_on_commands(tmp_path: Path) -> None:
    on_command = rule("club", None, Reply(text="hi"), kinds=frozenset({"command"}), names=frozenset({"club"}))
    names = CommandNames({"club": "club"})
    lines = (line("09:00", "/club now"), line("09:01", "no"))
    events, _ = run_json(tmp_path, book(on_command), *lines, commands=names, derived=True)
    assert [(event["kind"], event["rules"]) for event in events] == [
        ("message", []),
        ("command", ["club"]),
        ("message", []),
    ]


def test_a_condition_that_raises_is_counted_with_its_rule(tmp_path: Path) -> None:
    code, out, _ = run(tmp_path, book(rule("bad", Broken(), Delete()), ADS), line("09:00", "加微信"), line("09:01"))
    assert code == 0
    assert "2 errors, first broken: ZeroDivisionError: by zero" in " ".join(out.split())
    assert "1 delete message" in out


def test_an_event_that_cannot_be_decided_on_does_not_end_the_replay(tmp_path: Path) -> None:
    failing = rule("bad", TextHasAny(of=("boom",)), Failing())
    events, summary = run_json(tmp_path, book(failing, ADS), line("09:00", "boom"), line("09:01", "加微信"))
    assert events[0]["error"] == "ZeroDivisionError: in an action"
    assert events[1]["rules"] == ["ads"]
    assert (summary["failed"], summary["first_failure"]) == (1, "telegram:line-1: ZeroDivisionError: in an action")


def test_the_summary_counts_members_and_gives_three_short_examples(tmp_path: Path) -> None:
    long = "很长的文章 " * 30 + "加微信 abc123 " + "后面还有 " * 30
    lines = [line(f"09:0{n}", long if n == 0 else f"加微信 {n}", by="ann" if n < 4 else "bo") for n in range(5)]
    _, summary = run_json(tmp_path, book(ADS), *lines)
    told = summary["rules"]["ads"]
    assert (told["hits"], told["members"]) == (5, 2)
    assert [example["author"] for example in told["examples"]] == ["Ann", "Ann", "Ann"]
    assert "加微信 abc123" in told["examples"][0]["text"]
    assert len(told["examples"][0]["text"]) < 100
    assert told["examples"][1] == {
        "id": "telegram:line-2",
        "at": "2026-10-05T09:01:00+08:00",
        "author": "Ann",
        "text": "加微信 1",
    }


def test_another_file_is_compared_message_by_message(tmp_path: Path) -> None:
    other = book(
        rule("ads", TextHasAny(of=("加微信", "兼职")), Delete(), mode="shadow"),
        rule("calm", TextHasAny(of=("吵",)), Mute(for_=timedelta(hours=1), quietly=True)),
    )
    mine = book(ADS, rule("calm", TextHasAny(of=("吵", "闹")), Delete()))
    lines = [line("09:00", "加微信"), line("09:01", "兼职"), line("09:02", "闹"), line("09:03", "吵"), line("09:04")]
    events, summary = run_json(tmp_path, mine, *lines, against=other)
    told = summary["against"]
    assert (told["newly"], told["no_longer"], told["otherwise"]) == (1, 1, 1)
    assert [example["text"] for example in told["examples"]["newly"]] == ["兼职"]
    assert [example["text"] for example in told["examples"]["no_longer"]] == ["闹"]
    assert [example["text"] for example in told["examples"]["otherwise"]] == ["吵"]
    assert [event["id"] for event in events if "against" in event] == [f"telegram:line-{n}" for n in (2, 3, 4)]
    assert events[1]["against"] == {"effects": [], "rules": [], "shadow": ["ads"]}
    assert told["rules"]["ads"]["shadow_hits"] == 2
    code, out, _ = run(tmp_path, mine, *lines, against=other, against_name="new.yaml")
    assert code == 0
    assert "Against new.yaml" in out
    assert "newly acted on: 1" in out
    assert [cell.strip() for cell in _row(out, "ads", last=True)] == ["ads", "1", "2", "+1"]


def _row(out: str, first: str, *, last: bool = False) -> list[str]:
    rows = [one.strip("│").split("│") for one in out.splitlines() if one.startswith(f"│{first}")]
    return rows[-1 if last else 0]


def test_a_chat_that_is_not_configured_is_replayed_as_the_configured_one(tmp_path: Path) -> None:
    events, summary = run_json(tmp_path, book(ADS), line("09:00", "加微信", chat="-1009"))
    assert events[0]["rules"] == ["ads"]
    assert events[0]["group"] == "telegram:-1009"
    note = "telegram:-1009 is not in the configuration: replayed as `reading`, the one configured"
    assert summary["notes"] == [note]


def test_the_staff_room_does_not_stand_in_and_a_named_group_does(tmp_path: Path) -> None:
    groups = (
        group("room", "telegram:-1"),
        group("reading", "telegram:-2", staff_chat="telegram:-1"),
        group("music", "telegram:-3", staff_chat="telegram:-1"),
    )
    rules = (ADS, rule("tunes", None, Speak(), groups=frozenset({"music"})))
    _, summary = run_json(tmp_path, book(*rules, groups=groups), line("09:00", chat="-1009"))
    assert "replayed as `reading`, the first one configured; choose another with --group" in summary["notes"][0]
    events, summary = run_json(tmp_path, book(*rules, groups=groups), line("09:00", chat="-1009"), group="music")
    assert events[0]["rules"] == ["tunes"]
    assert summary["notes"] == []


def test_json_lines_may_name_a_group_by_its_key(tmp_path: Path) -> None:
    groups = (group("music", "telegram:-3"), group("reading", "telegram:-2"))
    events, summary = run_json(tmp_path, book(ADS, groups=groups), line("09:00", "加微信", chat="reading"))
    assert events[0]["rules"] == ["ads"]
    assert summary["notes"] == []


def test_a_group_that_is_not_configured_cannot_be_named(tmp_path: Path) -> None:
    code, out, err = run(tmp_path, book(ADS), line("09:00"), group="readin")
    assert (code, out) == (1, "")
    assert "`readin` is no group of the configuration; did you mean `reading`?" in err


def test_what_came_before_a_fault_is_summed_up_and_the_fault_is_told(tmp_path: Path) -> None:
    code, out, _ = run(tmp_path, book(ADS), line("09:00", "加微信"), line("09:01")[:30])
    assert code == 1
    assert "1 delete message" in out
    assert "The history ends early" in out
    assert "history.jsonl:2:31" in out.replace("\n", "")
    code, out, err = run(tmp_path, book(ADS), line("09:00", "加微信"), line("09:01")[:30], json=True)
    assert code == 1
    assert "history.jsonl:2:31" in json.loads(out.splitlines()[-1])["summary"]["broken_off"]
    assert "history.jsonl:2:31" in err


def test_a_history_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    assert run_replay(book(ADS), COPY, tmp_path / "nowhere.json", out=out, err=err) == 1
    assert "nowhere.json: cannot be opened" in err.getvalue()


def export(*chats: tuple[int, str]) -> dict[str, Any]:
    said = {
        "id": 1,
        "type": "message",
        "date_unixtime": "1714564800",
        "from": "Ann",
        "from_id": "user5",
        "text": "加微信",
    }
    listed = [{"name": name, "type": "private_supergroup", "id": number, "messages": [said]} for number, name in chats]
    return {"chats": {"list": listed}}


@pytest.mark.parametrize(
    ("how", "groups"),
    [
        ({}, ["telegram:-1001"]),
        ({"chat": "Other"}, ["telegram:-1002"]),
        ({"chat": "2"}, ["telegram:-1002"]),
        ({"chat": "-1002"}, ["telegram:-1002"]),
        ({"chat": "telegram:-1002"}, ["telegram:-1002"]),
    ],
)
def test_of_a_whole_account_only_configured_or_named_chats_are_replayed(
    tmp_path: Path, how: dict[str, Any], groups: list[str]
) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps(export((1, "Reading"), (2, "Other"))))
    out, err = io.StringIO(), io.StringIO()
    assert run_replay(book(ADS), COPY, path, json=True, out=out, err=err, **how) == 0
    assert list(json.loads(out.getvalue().splitlines()[-1])["summary"]["groups"]) == groups


def test_an_account_without_a_configured_chat_says_which_there_are(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps(export((7, "Seven"), (8, "Eight"))))
    out, err = io.StringIO(), io.StringIO()
    assert run_replay(book(ADS), COPY, path, out=out, err=err) == 1
    told = " ".join(out.getvalue().split())
    assert "none of its chats is in the configuration; name one with --chat" in told
    assert "Seven (telegram:-1007), Eight (telegram:-1008)" in told


def test_what_members_wrote_cannot_play_with_the_terminal(tmp_path: Path) -> None:
    nasty = "加微信 \x1b[2J\x1b]0;owned\x07 \u202egnp.exe [bold]x[/bold]"
    _, out, _ = run(tmp_path, book(ADS), line("09:00", nasty))
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "[bold]x[/bold]" in out


def test_no_progress_bar_where_no_terminal_is(tmp_path: Path) -> None:
    assert run(tmp_path, book(ADS), *(line("09:00") for _ in range(1200)))[2] == ""


def test_the_same_replay_gives_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    (tmp_path / "history.jsonl").write_text("\n".join(line(f"09:0{n}", "加微信 兼职 日结 vx") for n in range(5)))
    script = (
        "import sys; from bot.replay import run_replay; from rules.copy import CopyBook\n"
        "from rules.rulebook import Rule, assemble; from rules.facts import GroupSettings\n"
        "from rules.conditions.text import TextHasAny; from rules.actions.messages import Delete\n"
        "ads = Rule('ads', 'Ads', frozenset({'message', 'edit'}), TextHasAny(of=('兼职', '加微信', 'vx', '日结')),"
        " (Delete(),), groups=frozenset({'a'}))\n"
        "rulebook = assemble('1', [ads], [GroupSettings('a', 'telegram:-1001', 'telegram')])\n"
        f"sys.exit(run_replay(rulebook, CopyBook(), {str(tmp_path / 'history.jsonl')!r}, json=True))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            cwd=Path(__file__).parents[2],
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(runs) == 1
    assert len(runs.pop().splitlines()) == 6


def test_replaying_events_gives_their_outcomes() -> None:
    from rules.values import Group, Member, Message

    at = datetime(2026, 10, 5, 9, tzinfo=ZoneInfo("UTC"))
    from rules.events import MessagePosted

    event = MessagePosted("e1", Group(HERE), at, Message("m1", Member("telegram:5"), "加微信", at))
    (outcome,) = replay(book(ADS), [event])
    assert outcome.decision.fired == ("ads",)


def test_a_configuration_without_groups_cannot_be_replayed() -> None:
    with pytest.raises(HistoryError, match="no group"):
        list(replay(book(groups=()), []))


def test_a_schedule_is_not_told_as_a_rule_that_never_held(tmp_path: Path) -> None:
    digest = rule("digest", None, Delete(), kinds=frozenset({"schedule"}), timing=Timing(quiet_for=timedelta(hours=6)))
    quiet = rule("quiet", TextHasAny(of=("never said",)), Delete())
    _, out, _ = run(tmp_path, book(digest, quiet), line("08:00"))
    assert "Never held: quiet\n" in out
