"""Every hit of a replay: printed one by one, or as a table; in the group's time and language."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot import speech
from bot.replay import run_replay
from bot.speech import Speech
from rules.actions.messages import Delete
from rules.conditions.text import TextHasAny
from rules.copy import CopyBook
from rules.facts import GroupSettings
from rules.rulebook import Rule, assemble

SHANGHAI = GroupSettings("reading", "telegram:-1001", "telegram", timezone=ZoneInfo("Asia/Shanghai"), name="读书会")


def rule(id_: str, word: str, **more: Any) -> Rule:
    groups = frozenset({"reading"})
    return Rule(id_, id_, frozenset({"message"}), TextHasAny(of=(word,)), (Delete(),), groups=groups, **more)


RULES = assemble(
    "v1", [rule("ads", "加微信"), rule("watch", "日结", mode="shadow"), rule("own", "never", internal=True)], [SHANGHAI]
)


def run(folder: Path, *texts: str, by: str = "Ann", language: str = "en", **how: Any) -> str:
    path = folder / "history.jsonl"
    lines = [
        {"at": f"2026-10-05T23:0{n}:00Z", "group": "-1001", "from": {"id": "ann", "name": by}, "text": text}
        for n, text in enumerate(texts)
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    out = io.StringIO()
    assert run_replay(RULES, CopyBook({}), path, speech=Speech(language), out=out, err=out, **how) == 0
    return out.getvalue()


def test_times_are_those_of_the_group_and_its_zone_is_named(tmp_path: Path) -> None:
    told = " ".join(run(tmp_path, "加微信").split())
    assert "2026-10-06 07:00 to 2026-10-06 07:00 (Asia/Shanghai)" in told


def test_rules_that_nobody_wrote_are_not_told_as_never_held(tmp_path: Path) -> None:
    assert "Never held: watch\n" in run(tmp_path, "加微信")


def test_all_hits_are_told_with_what_the_conditions_saw(tmp_path: Path) -> None:
    lines = run(tmp_path, *["加微信 abc"] * 5, "日结", every_hit=True).splitlines()
    assert lines[8:10] == ["2026-10-06 07:04 Ann: 加微信 abc", "  ads · saw text_has_any: 加微信 · delete message"]
    assert lines[10:12] == ["2026-10-06 07:05 Ann: 日结", "  watch (shadow) · saw text_has_any: 日结 · delete message"]
    assert len([one for one in run(tmp_path, *["加微信 abc"] * 5).splitlines() if "Ann: 加微信" in one]) == 3


def test_a_table_has_every_hit_and_no_formula(tmp_path: Path) -> None:
    file = tmp_path / "hits.csv"
    told = run(tmp_path, '=HYPERLINK("x") 加微信', "hello", by="@cmd", table=file)
    assert "1 hits are in" in " ".join(told.split())
    raw = file.read_bytes()
    assert raw.startswith("\ufeff".encode())
    (row,) = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
    assert row["time"] == "2026-10-06 07:00:00"
    assert (row["author"], row["text"]) == ("'@cmd", '\'=HYPERLINK("x") 加微信')
    assert (row["rule"], row["outcome"], row["saw"]) == ("ads", "acted", "text_has_any: 加微信")


def test_the_report_is_in_chinese_for_a_chinese_group(tmp_path: Path) -> None:
    told = " ".join(run(tmp_path, "加微信", "日结", language="zh-CN", every_hit=True).split())
    for words in (
        "2 条消息",
        "（Asia/Shanghai）",
        "什么都没有发出去",
        "删除消息 1 次",
        "watch（仅观察） · 看到",
        "仅观察",
    ):
        assert words in told


def test_a_table_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.write_text("{}\n")
    out = io.StringIO()
    assert run_replay(RULES, CopyBook({}), path, table=tmp_path / "none" / "x.csv", out=out, err=out) == 1
    assert "No such file" in out.getvalue()


def test_both_languages_have_the_same_phrases() -> None:
    folder = Path(speech.__file__).parent
    words = [yaml.safe_load((folder / f"speech.{name}.yaml").read_text("utf-8")) for name in ("en", "zh-CN")]
    here, there = ({key for key in found if not key.startswith("word.")} for found in words)
    assert here == there
    for key in here:
        assert set(re.findall(r"{\w+}", words[0][key])) == set(re.findall(r"{\w+}", words[1][key])), key
