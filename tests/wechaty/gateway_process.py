"""The process of a gateway: started, asked, frozen, killed. A thread reads what it tells: it outlives a test's loop."""

import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

MARK = "@@ "
READY_WITHIN = 60.0


class GatewayProcess:
    """One Node process at a port that it keeps over restarts; `heard` is given every line that it tells."""

    def __init__(self, folder: Path, *, token: str = "insecure-test-token", tls: bool = False) -> None:
        self.folder = folder
        self.token = token
        self.tls = tls
        self.port = _free_port()
        self.heard: Callable[[dict[str, Any]], None] = lambda line: None
        self._process: subprocess.Popen[str] | None = None
        self._answers: dict[int, Future[dict[str, Any]]] = {}
        self._asked = 0
        self._noise: list[str] = []

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None, "the gateway is not running"
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it listens."""
        assert not self.running, "the gateway runs already"
        command = ["node", "gateway.mjs", str(self.port), self.token, "tls" if self.tls else "plain"]
        self._process = subprocess.Popen(
            command,
            cwd=self.folder,
            env={**os.environ, "WECHATY_LOG": "silent", "NODE_NO_WARNINGS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            bufsize=1,
        )
        ready: Future[dict[str, Any]] = Future()
        self._noise.clear()
        threading.Thread(target=self._read, args=(self._process, ready), daemon=True).start()
        ready.result(READY_WITHIN)

    def ask(self, op: str, **command: Any) -> Future[dict[str, Any]]:
        """The answer to a command, when it comes; raises RuntimeError should the gateway refuse or end."""
        assert self._process is not None, "the gateway is not running"
        assert self._process.stdin is not None
        self._asked += 1
        answer: Future[dict[str, Any]] = Future()
        self._answers[self._asked] = answer
        self._process.stdin.write(json.dumps({"id": self._asked, "op": op, **command}) + "\n")
        self._process.stdin.flush()
        return answer

    def kill(self) -> None:
        """End it as a crash would: connections break, nothing is said."""
        self._signal(signal.SIGKILL)
        self._finish()

    def stop(self) -> None:
        """End it as its parent's end would: it sees its input close."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        self._finish()

    def freeze(self) -> None:
        """Stop it in its tracks: connections stay open, and nothing comes."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None, "the gateway is not running"
        self._process.send_signal(number)

    def _finish(self) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _read(self, process: subprocess.Popen[str], ready: Future[dict[str, Any]]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                if not line.startswith(MARK):
                    self._noise.append(line)
                    continue
                told = json.loads(line.removeprefix(MARK))
                match told["ev"]:
                    case "ready":
                        ready.set_result(told)
                    case "answer":
                        self._answered(told)
                    case "fault":
                        self._noise.append(told["error"])
                    case _:
                        self.heard(told)
        ended = RuntimeError(f"the gateway has ended: {''.join(self._noise[-20:])}")
        for waiting in (ready, *self._answers.values()):
            if not waiting.done():
                waiting.set_exception(ended)
        self._answers.clear()

    def _answered(self, told: dict[str, Any]) -> None:
        waiting = self._answers.pop(told["id"])
        if waiting.cancelled():
            return
        if told["ok"]:
            waiting.set_result(told)
        else:
            waiting.set_exception(RuntimeError(told["error"]))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
