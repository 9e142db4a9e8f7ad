"""One person plays every role: what they type, and what comes of it."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bot.simulation.chat import run_chat

DEMO = Path(__file__).parents[2] / "bot" / "simulation" / "demo.en.yaml"
CHINESE = DEMO.with_name("demo.zh-CN.yaml")
THURSDAY_MORNING = datetime(2026, 10, 8, 9, tzinfo=UTC)  # ten o'clock in London


def chat(*lines: str, config: Path = DEMO) -> str:
    """What is shown when somebody types these lines."""
    waiting = iter(lines)
    out = StringIO()
    prompts: list[str] = []

    def read(prompt: str) -> str:
        prompts.append(prompt)
        line = next(waiting, None)
        if line is None:
            raise EOFError
        return line

    assert run_chat(config, read=read, console=Console(file=out, width=120), start=THURSDAY_MORNING) == 0
    return out.getvalue() + "\n".join(prompts)


def test_what_is_typed_is_said_and_answered() -> None:
    shown = chat("Checking in")
    assert "[1] Checking in" in shown
    assert "checked in: day 1 in a row" in shown


def test_an_advertisement_is_struck_out_with_its_reason() -> None:
    shown = chat("as rick", "Passive income! https://t.me/rick")
    assert "removed · Advertisements only on Friday evening · t.me/rick" in shown
    assert "rick, a friendly reminder" in shown


def test_somebody_who_joins_is_welcomed_when_the_batch_is_due() -> None:
    shown = chat("join bo cy", "+1m", "+1m")
    assert "→ bo, cy joined" in shown
    assert shown.index("Thu 2026-10-08 10:01") < shown.index("Welcome to Slow Readers, bo, cy!")


def test_time_goes_on_to_a_wall_time_and_what_falls_due_happens_on_the_way() -> None:
    shown = chat("hello", "at 21:05")
    assert "13:00    Groupkeeper │ [2] 🫖" in shown
    assert "Good evening! Today in “Slow Readers”" in shown


def test_a_wall_time_that_is_over_is_tomorrows() -> None:
    assert "Fri 2026-10-09 08:00" in chat("at 8:00")


def test_why_asks_about_the_message_with_that_number() -> None:
    shown = chat("as bo", "He dies at the end!", "role ann admin", "as ann", "why 1")
    assert "No spoilers without a warning – it acted" in shown


def test_an_answer_is_given_by_number() -> None:
    shown = chat("hello", ">1 hello yourself", "reply 1 and you?")
    assert shown.count("↩ hello") == 2


def test_an_edit_is_judged_like_a_message() -> None:
    shown = chat("He lives.", "edit 1 He dies at the end.")
    assert "(edited) He dies at the end." in shown
    assert "a friendly reminder" in shown


def test_a_muted_person_is_not_heard() -> None:
    shown = chat("as rick", "earn from home", "earn from home", "hello?")
    assert "tries to write “hello?”, but is muted until 11:00" in shown


def test_what_was_known_is_known_after_a_restart() -> None:
    shown = chat("/checkin", "restart", "/checkin")
    assert "A new bot starts on the same database." in shown
    assert "already checked in" in shown


def test_the_bot_writes_alone_to_who_wrote_to_it_alone() -> None:
    shown = chat("private hi", "He dies at the end!")
    assert "[to Groupkeeper alone] hi" in shown
    assert "[to me alone] Hello me, a friendly reminder" in shown


def test_what_the_database_knows_can_be_asked() -> None:
    shown = chat("/checkin", "state")
    assert "Schedules that fired" in shown


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("reply 9 hm", "There is no message 9 here."),
        ("press 1", "Message 1 has 0 buttons."),
        ("in nowhere", "there are: reading, staff"),
        ("at 99:99", "99:99 is no time"),
        ("at 2020-01-01 10:00", "is over"),
        ("leave nobody", "Nobody here is called nobody."),
        ("edit 2 mine now", "Message 2 is the bot's own."),
        ("why 9", "There is no message 9 here."),
    ],
)
def test_an_order_about_what_is_not_there_is_answered_with_what_is(line: str, told: str) -> None:
    assert told in chat("Checking in", line)


def test_words_that_only_begin_like_an_order_are_said() -> None:
    shown = chat("as if I knew!", "in the end, all was well", "+1 from me", "say as ann")
    for words in ("as if I knew!", "in the end, all was well", "+1 from me", "as ann"):
        assert f"] {words}" in shown


def test_the_prompt_tells_when_where_and_who() -> None:
    shown = chat("as ann", "in staff", "+2h")
    assert "Thu 10:00 reading · me> " in shown
    assert "Thu 12:00 staff · ann> " in shown


def test_it_speaks_the_language_of_the_group() -> None:
    shown = chat("扮演 小钱", "加微信 abc12345 领资料", "+2小时", "时间 20:30", "帮助", "退出", config=CHINESE)
    assert "已删除 · 广告只在周五晚上发" in shown
    assert "任何话" in shown


def test_roles_and_days_of_the_week_are_told_in_the_language_of_the_group() -> None:
    shown = chat("角色 小波 管理员", "成员", "+2小时", config=CHINESE)
    assert "小波 现在是 管理员" in shown
    assert "· 管理员" in shown
    assert "周四 2026-10-08" in shown
    assert "Thu" not in shown


def test_what_the_bot_takes_back_during_a_long_time_is_counted() -> None:
    people = [line for name in "abcde" for line in (f"as rick{name}", f"Passive income! https://t.me/rick{name}")]
    shown = chat(*people, "+1h")
    assert "10:05    Groupkeeper │ takes back 5 of its messages" in shown
    assert "takes back “" not in shown
    assert chat(*people[:4], "+1h").count("takes back “") == 2


def test_the_hint_breaks_between_orders_only() -> None:
    for config in (DEMO, CHINESE):
        out = StringIO()
        run_chat(config, read=lambda _: "quit", console=Console(file=out, width=60), start=THURSDAY_MORNING)
        for line in out.getvalue().splitlines():
            assert line.count("(") + line.count("（") == line.count(")") + line.count("）"), line


def test_complaints_are_told_in_the_language_of_the_file(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("version: 1\ndefaults: { language: zh-CN }\ngruops: {}\n", encoding="utf-8")
    out = StringIO()
    assert run_chat(config, console=Console(file=out, width=120)) == 1
    assert "没有 `gruops` 这个键" in out.getvalue()


def test_a_faulty_configuration_is_told_with_its_place(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("version: 1\ngruops: {}\n", encoding="utf-8")
    out = StringIO()
    assert run_chat(config, console=Console(file=out, width=120)) == 1
    assert "config.yaml:2:1" in out.getvalue()


def test_a_configuration_without_groups_is_told_what_to_write(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("version: 1\n", encoding="utf-8")
    out = StringIO()
    assert run_chat(config, console=Console(file=out, width=200)) == 1
    assert "groups:" in out.getvalue()


def test_secrets_need_not_be_set(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    secret = 'storage: { database: "postgresql://bot:${NOT_SET_ANYWHERE}@db/bot" }\n'
    config.write_text(DEMO.read_text(encoding="utf-8") + secret, encoding="utf-8")
    assert "checked in" in chat("/checkin", config=config)


def test_what_a_shadow_rule_would_have_done_something_about_is_said(tmp_path: Path) -> None:
    config = tmp_path / "group.yaml"
    rule = "{ id: ads, name: No adverts, when: message, if: { text_has_any: [buy now] }, then: delete, mode: shadow }"
    config.write_text(
        "version: 1\nplatforms: { main: { type: console } }\n"
        f"groups: {{ readers: {{ platform: main, chat: readers }} }}\nrules: [{rule}]\n"
    )
    shown = chat("good morning", "buy now", config=config)
    assert shown.count("“No adverts” is in shadow mode") == 1
    assert shown.index("buy now") < shown.index("“No adverts” is in shadow mode")
