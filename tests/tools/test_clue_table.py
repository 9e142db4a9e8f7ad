"""The table of how much each kind of clue tells, of a few made-up messages."""

import gzip
from pathlib import Path

import msgspec
import pytest

from tools.detection.clue_table import main

ROWS = [
    ("日入500+，加微信 abc12345", "ad", "zh", "chat", "train"),
    ("晚上一起吃饭吗", "ham", "zh", "chat", "train"),
    ("晚上一起吃饭吗，加微信 abc12345", "ham", "zh", "chat", "test"),
    ("加微信 abc12345", "ham", "zh", "game_zh", "train"),
]


def test_the_table_tells_shares_and_no_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("text", "label", "lang", "source", "split")
    lines = b"\n".join(msgspec.json.encode(dict(zip(names, row, strict=True))) for row in ROWS)
    (tmp_path / "made_up.jsonl.gz").write_bytes(gzip.compress(lines))
    main(str(tmp_path), "train")
    told = capsys.readouterr().out
    (wechat,) = [line for line in told.splitlines() if line.startswith("contact.wechat")]
    assert wechat.split()[:4] == ["contact.wechat", "100.00", "/", "0.00"]
    assert wechat.endswith(" 1/0")
    assert "abc12345" not in told
    assert "吃饭" not in told
