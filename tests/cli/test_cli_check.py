"""``groupkeeper check``, ``schema``, help and exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

TEN_MISTAKES = """\
version: 1
defaults:
  timezone: Asia/Shangai
  language: zh-CN
platforms:
  main: { type: consol }
groups:
  readers: { platform: main, chat: readers }
windows:
  ad-time: { days: [fry], from: "20:00", to: "21:00" }
rules:
  - id: ads
    when: mesage
    if: { text_has_any: [buy now], in_window: ads-time }
    then: [delete, { mute: { for: 2x } }]
  - id: ads
    when: message
    if: { text_matches: "(" }
    then: [{ ladder: nowhere }, mutee]
"""

EXPECTED = [
    ("3:13", "time zone"),
    ("6:9", "no adapter of this type"),
    ("10:20", "day"),
    ("13:11", "mesage"),
    ("14:47", "did you mean `ad-time`"),
    ("15:35", "duration"),
    ("16:9", "used twice"),
    ("18:25", "text_matches"),
    ("19:22", "nowhere"),
    ("19:33", "did you mean `mute`"),
]


def test_ten_mistakes_give_ten_complaints_each_at_its_place(groupkeeper: Any, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text(TEN_MISTAKES, encoding="utf-8")
    done = groupkeeper("check", "broken.yaml", "--lang", "en")
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert done.stderr == ""
    assert lines[-1] == "10 complaints"
    for line, (place, word) in zip(lines, EXPECTED, strict=False):
        assert line.startswith(f"broken.yaml:{place}: "), line
        assert word in line
    assert len(lines) == len(EXPECTED) + 1


CHINESE = [
    ("3:13", "`Asia/Shangai` 不是 IANA 时区"),
    ("6:9", "没有这种类型的适配器"),
    ("10:20", "`fry` 不是星期几"),
    ("13:11", "是不是想写 `message`？"),
    ("14:47", "没有叫 `ads-time` 的时段；是不是想写 `ad-time`？"),
    ("15:35", "请写时长"),
    ("16:9", "编号 `ads` 用了两次，第一次在第 12 行"),
    ("18:25", "模式 `(` 不能用"),
    ("19:22", "没有叫 `nowhere` 的阶梯；请写到 ladders: 下面"),
    ("19:33", "没有 `mutee` 这个步骤；是不是想写 `mute`？"),
]


def test_complaints_come_in_the_language_of_the_file(groupkeeper: Any, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text(TEN_MISTAKES, encoding="utf-8")
    lines = groupkeeper("check", "broken.yaml", LC_ALL="C.UTF-8").stdout.splitlines()
    for line, (place, words) in zip(lines, CHINESE, strict=False):
        assert line.startswith(f"broken.yaml:{place}: "), line
        assert words in line
    assert lines[len(CHINESE) :] == ["共 10 处问题"]
    ran = groupkeeper("run", "broken.yaml")
    assert ran.stderr.splitlines() == lines
    assert ran.stdout == ""


@pytest.mark.parametrize(
    ("file", "options", "environ", "told"),
    [
        ("defaults: { language: en }\nrulez: []\n", (), {"LC_ALL": "zh_CN.UTF-8"}, "1 complaint"),
        ("rulez: []\n", (), {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8"}, "共 1 处问题"),
        ("rulez: []\n", (), {"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "1 complaint"),
        ("rulez: []\n", ("--lang", "zh"), {"LC_ALL": "en_GB.UTF-8"}, "共 1 处问题"),
        ("defaults:\n  # 中文\n  language: “zh-CN”\n[broken\n", (), {"LC_ALL": "C.UTF-8"}, "共 "),
    ],
)
def test_the_language_is_the_files_else_the_terminals_unless_asked_for(
    groupkeeper: Any, tmp_path: Path, file: str, options: tuple[str, ...], environ: dict[str, str], told: str
) -> None:
    (tmp_path / "broken.yaml").write_text(file, encoding="utf-8")
    last = groupkeeper("check", "broken.yaml", *options, **environ).stdout.splitlines()[-1]
    assert last.startswith(told)


def test_a_chinese_group_is_summed_up_and_tested_in_chinese(groupkeeper: Any, rules: Path) -> None:
    text = rules.read_text() + "defaults: { language: zh-CN }\n"
    rules.write_text(text)
    checked = groupkeeper("check", rules).stdout
    assert "1 条规则（1 条执行），2 个测试，1 个群，0 个定时任务" in checked
    assert "聊天编号" in checked
    assert "1 条规则的 2 个测试全部通过" in groupkeeper("test", rules).stdout
    rules.write_text(text.replace("expect: delete", "expect: ban"))
    failed = groupkeeper("test", rules).stdout
    assert "member 说“buy now”：应该 ban，但规则做的是 delete, reply" in failed
    assert "符合，已执行" in failed
    assert "做了：删除消息，发消息" in failed


def test_complaints_name_the_file_as_it_was_named(groupkeeper: Any, tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "broken.yaml").write_text("rulez: []\n", encoding="utf-8")
    assert groupkeeper("check", "conf/broken.yaml").stdout.startswith("conf/broken.yaml:1:1: ")


def test_complaints_as_json_have_places(groupkeeper: Any, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text(TEN_MISTAKES, encoding="utf-8")
    done = groupkeeper("check", "broken.yaml", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"], len(told["complaints"])) == (1, False, 10)
    assert [f"{one['line']}:{one['column']}" for one in told["complaints"]] == [place for place, _ in EXPECTED]


def test_a_sound_file_is_summed_up_with_the_next_times_of_its_schedules(groupkeeper: Any, rules: Path) -> None:
    with rules.open("a") as file:
        file.write('schedules:\n  - { id: morning, at: "08:00", post: rules.short }\n')
    done = groupkeeper("check", rules)
    assert done.returncode == 0
    assert "1 rule (1 enforce), 2 tests, 1 group, 1 schedule" in done.stdout
    summary = json.loads(groupkeeper("check", rules, "--json").stdout)["summary"]
    times = summary["schedules"][0]["next"]
    assert len(times) == 3
    assert all(time.endswith(" 08:00") for time in times)
    assert times == sorted(times)


def test_what_the_environment_lacks_is_a_warning_for_a_check_and_a_complaint_for_a_run(
    groupkeeper: Any, rules: Path
) -> None:
    with rules.open("a") as file:
        file.write('storage: { database: "sqlite:///${NO_SUCH_PLACE}.db" }\n')
    checked = groupkeeper("check", rules)
    assert checked.returncode == 0
    assert "warning: the environment variable NO_SUCH_PLACE is not set" in checked.stdout
    ran = groupkeeper("run", rules)
    assert ran.returncode == 1
    assert "the environment variable NO_SUCH_PLACE is not set" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_token_that_is_not_set_is_one_complaint_and_not_two(groupkeeper: Any, rules: Path) -> None:
    telegram = 'main: { type: telegram, token: "${NO_SUCH_TOKEN}" }'
    rules.write_text(rules.read_text().replace("main: { type: console, json: true }", telegram))
    ran = groupkeeper("run", rules)
    assert "the environment variable NO_SUCH_TOKEN is not set" in ran.stderr
    assert "this is no bot token" not in ran.stderr


def test_a_rule_that_asks_a_detector_that_nobody_has_is_a_warning(groupkeeper: Any, rules: Path) -> None:
    rules.write_text(
        rules.read_text().replace("if: { text_has_any: [buy now] }", "if: { detector: { name: mood, at_least: 90% } }")
    )
    done = groupkeeper("check", rules)
    assert done.returncode == 0
    assert "group.yaml:7:9: warning: rule ads: no detector `mood` is installed here" in done.stdout


def test_a_file_that_is_not_there_is_a_wrong_command_line(groupkeeper: Any) -> None:
    done = groupkeeper("check", "nowhere.yaml")
    assert done.returncode == 2
    assert "nowhere.yaml" in done.stderr
    assert "does not exist" in done.stderr


def test_an_unknown_command_is_a_wrong_command_line(groupkeeper: Any) -> None:
    done = groupkeeper("chek", "x.yaml")
    assert done.returncode == 2
    assert "check" in done.stderr


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom bot.cli import main\nsys.argv = ['groupkeeper', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'sqlalchemy', 'pydantic', 'yaml', 'structlog', 'starlette', 'apscheduler', 'telegram', 'aiohttp'}\n"
        "heavy |= {'bot.app'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "replay" in done.stdout


def test_checking_a_configuration_loads_no_library_of_a_platform(rules: Path) -> None:
    code = (
        "import sys\nfrom bot.cli import main\n"
        f"sys.argv = ['groupkeeper', 'check', {str(rules)!r}]\n"
        "try: main()\nexcept SystemExit as done: assert not done.code\n"
        "print(sorted({'telegram', 'aiohttp', 'httpx'} & set(sys.modules)), file=sys.stderr)"
    )
    for platform in (
        "{ type: console, json: true }",
        "{ type: telegram, token: '123456789:AAEhBOweik6ad9r_QXMENQjcrG' }",
    ):
        text = rules.read_text().replace("{ type: console, json: true }", platform)
        rules.write_text(text.replace("chat: readers", 'chat: "-1001"') if "telegram" in platform else text)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr.strip()) == (0, "[]"), done.stdout


def test_the_schema_accepts_what_check_accepts(groupkeeper: Any, rules: Path) -> None:
    schema = json.loads(groupkeeper("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load(rules.read_text()), schema)


def test_a_reader_that_goes_away_is_no_fault() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "schema"], stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert done.stderr == ""


def test_an_unexpected_fault_is_one_line_and_its_details_are_kept(
    groupkeeper: Any, rules: Path, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import bot.cli.schema\n"
        "def broken():\n    raise KeyError('token 1234567890:AAAbbbCCCdddEEEfff')\n"
        "bot.cli.schema.schema_text = broken\n"
    )
    done = groupkeeper("schema", PYTHONPATH=str(tmp_path), TMPDIR=str(tmp_path))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("groupkeeper: unexpected fault: KeyError")
    assert "AAAbbbCCC" not in line
    (kept,) = tmp_path.glob("groupkeeper-fault-*.log")
    assert str(kept) in line
    details = kept.read_text()
    assert "Traceback" in details
    assert "AAAbbbCCC" not in details


def test_a_group_s_rules_are_counted_as_those_of_the_file(groupkeeper: Any, rules: Path) -> None:
    with rules.open("a", encoding="utf-8") as file:
        file.write('schedules: [{ id: evening, at: "21:00", post: digest.evening }]\n')
    done = groupkeeper("check", rules)
    assert "1 rule (1 enforce), 2 tests, 1 group, 1 schedule" in done.stdout
    (group,) = [line for line in done.stdout.splitlines() if line.startswith("readers")]
    assert group.split() == ["readers", "main:readers", "UTC", "en", "1"]
