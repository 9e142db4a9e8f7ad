"""A whole process on the console: told to end while its input is open, it ends at once and in order."""

import json
import signal
import subprocess
import sys
from pathlib import Path

CONFIG = """
version: 1
platforms:
  console: {{ type: console, json: true }}
groups:
  reading: {{ platform: console, chat: reading }}
rules:
  - {{ id: hello, when: message, then: {{ reply: "hello" }} }}
storage: {{ database: "sqlite:///{folder}/bot.db" }}
"""


def test_a_process_told_to_end_while_nobody_types_ends_with_what_it_had_settled(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.format(folder=tmp_path), encoding="utf-8")
    command = [sys.executable, "-c", "from bot.cli import main; main()", "run", str(config)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline()) == {"ready": True}
        process.stdin.write(b'{"id": "1", "group": "reading", "from": {"id": "ann"}, "text": "hi"}\n')
        process.stdin.flush()
        assert json.loads(process.stdout.readline()) == {"ack": "1"}
        process.send_signal(signal.SIGTERM)
        out = [json.loads(line) for line in process.stdout]
        errors = process.stderr.read().decode()
        assert process.wait() == 0, errors
    assert [line["effect"]["text"]["literal"] for line in out] == ["hello"]


def test_a_process_whose_reader_has_gone_settles_what_it_took_and_ends_without_a_fault(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.format(folder=tmp_path), encoding="utf-8")
    events = tmp_path / "events.jsonl"
    line = '{{"id": "{}", "group": "reading", "from": {{"id": "ann"}}, "text": "hi"}}\n'
    events.write_text("".join(line.format(number) for number in range(5000)), encoding="utf-8")
    command = [sys.executable, "-c", "from bot.cli import main; main()", "run", str(config)]
    with (
        events.open("rb") as stdin,
        subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
    ):
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read().decode()
        assert process.wait() == 0, errors
    assert "Traceback" not in errors
