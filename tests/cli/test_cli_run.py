"""``groupkeeper run`` as a process: signals, reloads, health, and the troubles an operator can have."""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from storage import version
from storage.database import Database


class Bot:
    """A running bot whose platform is its standard input and output, in JSON lines."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.seen: list[dict[str, Any]] = []
        self.log: list[dict[str, Any]] = []

    def say(self, id_: str, text: str) -> None:
        assert self.process.stdin is not None
        line = {"id": id_, "group": "readers", "from": {"id": "ann", "name": "Ann"}, "text": text}
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()

    def hear(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """What comes out until something wanted does."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told: dict[str, Any] = json.loads(line)
            self.seen.append(told)
            if wanted(told):
                return told
        raise AssertionError(f"the bot ended: {self._errors()}")

    def logged(self, event: str) -> dict[str, Any]:
        """The next thing logged under this name."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(json.loads(line))
            if self.log[-1]["event"] == event:
                return self.log[-1]
        raise AssertionError(f"the bot ended without {event}: {self.log}")

    def end(self) -> int:
        """Read all that still comes; the exit code."""
        assert self.process.stdout is not None
        self.seen += [json.loads(line) for line in self.process.stdout]
        self.log += [json.loads(line) for line in self._errors().splitlines()]
        return self.process.wait(timeout=30)

    def _errors(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.read()


@pytest.fixture
def start(tmp_path: Path, rules: Path) -> Callable[..., Any]:
    @contextmanager
    def start(*options: str) -> Iterator[Bot]:
        command = [sys.executable, "-m", "bot.cli", "run", str(rules), "--log", "json"]
        process = subprocess.Popen(
            [*command, "--database", f"sqlite:///{tmp_path / 'group.db'}", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        bot = Bot(process)
        try:
            bot.hear(lambda told: "ready" in told)
            yield bot
        finally:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                assert stream is not None
                stream.close()

    return start


def _kind(told: dict[str, Any]) -> str:
    return str(told["effect"]["type"]) if "effect" in told else ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_drains_what_was_acknowledged_is_decided_and_sent(start: Any, number: signal.Signals) -> None:
    with start() as bot:
        for index in range(40):
            bot.say(f"m{index}", "buy now" if index % 2 == 0 else "good morning")
        bot.hear(lambda told: told.get("ack") == "m39")
        bot.process.send_signal(number)
        assert bot.end() == 0
        deleted = {told["effect"]["message"] for told in bot.seen if _kind(told) == "delete_message"}
        assert deleted == {f"main:readers/m{index}" for index in range(0, 40, 2)}
        assert bot.log[-1]["event"] == "stopped"


def test_the_input_s_end_ends_the_bot(start: Any) -> None:
    with start() as bot:
        bot.say("m1", "buy now")
        bot.process.stdin.close()
        assert bot.end() == 0
        assert [_kind(told) for told in bot.seen if "effect" in told] == ["delete_message", "send_text"]


def test_a_reload_takes_over_new_rules_and_keeps_the_old_ones_on_a_complaint(start: Any, rules: Path) -> None:
    good = rules.read_text()
    with start() as bot:
        rules.write_text(good.replace("then: [delete,", "thn: [delete,").replace("if:", "iff:"))
        bot.process.send_signal(signal.SIGHUP)
        refused = bot.logged("reload_refused")
        assert refused["complaints"] == len(refused["told"]) > 1
        assert any("did you mean `then`" in told for told in refused["told"])
        bot.say("m1", "buy now")
        assert bot.hear(lambda told: _kind(told) == "delete_message")["effect"]["message"] == "main:readers/m1"

        rules.write_text(good.replace("buy now", "sell now"))
        bot.process.send_signal(signal.SIGHUP)
        assert bot.logged("reloaded")["rules"] == 1
        bot.say("m2", "buy now")
        bot.say("m3", "sell now")
        bot.hear(lambda told: _kind(told) == "delete_message")
        assert [t["effect"]["message"] for t in bot.seen if _kind(t) == "delete_message"] == [
            "main:readers/m1",
            "main:readers/m3",
        ]


def test_a_reload_whose_tests_fail_keeps_the_old_rules_and_tells_the_staff_room(start: Any, rules: Path) -> None:
    good = (
        rules.read_text().replace("  readers: {", "  staff: { platform: main, chat: staff }\n  readers: {")
        + "staff: { room: staff }\n"
    )
    rules.write_text(good)
    with start() as bot:
        rules.write_text(good.replace("text_has_any: [buy now]", "text_has_any: [purchase]"))
        bot.process.send_signal(signal.SIGHUP)
        told = bot.hear(lambda told: told.get("effect", {}).get("group") == "main:staff")
        assert "expected delete, but the rule did nothing" in told["effect"]["text"]["literal"]
        assert "group.yaml:13:9" in told["effect"]["text"]["literal"]
        bot.say("m1", "buy now")
        bot.hear(lambda told: _kind(told) == "delete_message")


def test_rules_whose_tests_fail_are_not_started(groupkeeper: Any, rules: Path) -> None:
    rules.write_text(rules.read_text().replace("expect: delete", "expect: ban"))
    done = groupkeeper("run", rules)
    assert done.returncode == 1
    assert "group.yaml:12:9: rules.ads.tests[0]: member says “buy now”: expected ban" in done.stderr


def test_health_tells_of_the_parts_and_metrics_count(start: Any) -> None:
    port = _free_port()
    with start("--port", str(port)) as bot:
        bot.say("m1", "buy now")
        bot.hear(lambda told: _kind(told) == "send_text")
        assert json.loads(_get(port, "/healthz")) == {"ok": True, "loop": True, "writer": True}
        ready = json.loads(_get(port, "/readyz"))
        assert (ready["ok"], ready["database"], ready["adapters"]) == (True, True, {"main": True})
        assert ready["rulebook"]["rules"] == 1
        bot.process.send_signal(signal.SIGTERM)
        assert bot.end() == 0


def test_a_port_that_is_taken_is_told_in_a_line(groupkeeper: Any, rules: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = groupkeeper("run", rules, "--database", "sqlite:///x.db", "--port", port)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"groupkeeper: port {port} of 127.0.0.1 cannot be opened")


def test_a_database_of_a_newer_version_is_refused_in_a_line(groupkeeper: Any, rules: Path, tmp_path: Path) -> None:
    with Database.open(f"sqlite:///{tmp_path / 'new.db'}") as database:
        database.upgrade()
    with sqlite3.connect(tmp_path / "new.db") as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
    conn.close()
    for command in (("run", rules), ("db", "upgrade"), ("db", "check")):
        done = groupkeeper(*command, "--database", "sqlite:///new.db")
        assert done.returncode == 1
        (line,) = done.stderr.splitlines()
        assert f"has schema 9999, this Groupkeeper knows up to {version.HEAD}" in line


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder in which nobody may write")
def test_a_folder_that_may_not_be_written_to_is_told_in_a_line(groupkeeper: Any, rules: Path) -> None:
    done = groupkeeper("run", rules, "--database", "sqlite:////proc/self/group.db")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "/proc/self/group.db" in line
    assert "Traceback" not in line


def test_the_database_can_be_copied_checked_and_explained(groupkeeper: Any, rules: Path, tmp_path: Path) -> None:
    line = {"id": "m1", "group": "readers", "from": {"id": "ann"}, "text": "buy now"}
    url = "sqlite:///group.db"
    assert groupkeeper("run", rules, "--database", url, stdin=json.dumps(line) + "\n").returncode == 0
    assert groupkeeper("db", "backup", "--to", "copy.db", "--database", url).returncode == 0
    (tmp_path / "group.db").unlink()
    assert groupkeeper("db", "check", "--database", "sqlite:///copy.db").returncode == 0
    told = groupkeeper("explain", "m1", "--database", "sqlite:///copy.db")
    assert told.returncode == 0
    assert "ads held, and acted" in told.stdout
    assert "text_has_any: buy now" in told.stdout
    assert "did: delete message, send text" in told.stdout
    unknown = groupkeeper("explain", "m2", rules, "--database", "sqlite:///copy.db")
    assert unknown.returncode == 1
    assert "no trace is kept for `m2`" in unknown.stderr
    assert groupkeeper("db", "backup", "--to", "copy.db", "--database", url).returncode == 1


def test_a_second_bot_on_the_same_database_is_refused_until_the_first_has_ended(start: Any, groupkeeper: Any) -> None:
    with start() as bot:
        second = groupkeeper("run", "group.yaml", "--database", "sqlite:///group.db")
        assert second.returncode == 1
        assert "another Groupkeeper is running on this database" in second.stderr
        assert groupkeeper("db", "check", "--database", "sqlite:///group.db").returncode == 0
        bot.process.kill()
        bot.process.wait()
        assert groupkeeper("run", "group.yaml", "--database", "sqlite:///group.db").returncode == 0


@pytest.mark.parametrize("command", [("db", "backup", "--to", "copy.db"), ("db", "check"), ("explain", "m1")])
def test_a_database_that_is_not_there_is_no_empty_one(groupkeeper: Any, tmp_path: Path, command: Any) -> None:
    done = groupkeeper(*command, "--database", "sqlite:///mistyped.db")
    assert done.returncode == 1
    assert "mistyped.db: there is no such file" in done.stderr
    assert list(tmp_path.iterdir()) == []


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _get(port: int, path: str) -> bytes:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return bytes(answer.read())
    except HTTPError as error:
        return bytes(error.read())
