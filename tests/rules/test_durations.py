"""Durations and days as operators write them, in digits and in Chinese."""

from datetime import timedelta

import pytest

from bot.configuration import builtin_copy
from rules.copy import CopyBook
from rules.durations import format_duration, parse_duration
from rules.timing import parse_days
from rules.wording import spoken


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("30s", 0.5), ("10m", 10), ("1h30m", 90), ("7d", 10080), ("1w", 10080), ("1 h", 60), ("１０ｍ", 10),
        ("30秒", 0.5), ("10分钟", 10), ("2小时", 120), ("2小时30分钟", 150), ("7天", 10080), ("一周", 10080),
        ("半小时", 30), ("半个小时", 30), ("1小时半", 90), ("一个半小时", 90), ("两小时", 120), ("3个小时", 180),
        ("半天", 720), ("十五分钟", 15), ("二十四小时", 1440), ("一天半", 2160), ("两个星期", 20160),
    ],
)  # fmt: skip
def test_a_duration_is_read_as_people_write_it(written: str, minutes: float) -> None:
    assert parse_duration(written) == timedelta(minutes=minutes)
    assert parse_duration(format_duration(parse_duration(written))) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("60", "60 of what"), ("", "such as 30s"), ("h", "such as 30s"), ("1.5h", "such as 30s"), ("半", "10分钟"),
        ("小时", "10分钟"), ("一会儿", "10分钟"), ("1小时左右", "10分钟"), ("4000d", "at most ten years"),
    ],
)  # fmt: skip
def test_what_is_no_duration_is_answered_with_what_to_write(written: str, advice: str) -> None:
    with pytest.raises(ValueError, match=advice):
        parse_duration(written)


@pytest.mark.parametrize(
    ("written", "said"),
    [("1h", "1 小时"), ("90m", "90 分钟"), ("2h30m", "2 小时 30 分钟"), ("3d", "3 天"), ("30h", "30 小时")],
)
def test_a_duration_is_said_as_people_say_it(written: str, said: str) -> None:
    assert CopyBook(texts=builtin_copy()).render(spoken(parse_duration(written)), "zh-CN") == said


@pytest.mark.parametrize("written", ["周日", "周天", "星期日", "星期天", "礼拜天", "sun", "Sunday", ["星期天"]])
def test_a_day_has_many_names(written: object) -> None:
    assert parse_days(written) == frozenset({6})


def test_what_is_no_day_is_answered_in_the_same_script() -> None:
    with pytest.raises(ValueError, match="周一, 周五"):
        parse_days(["周八"])
    with pytest.raises(ValueError, match="mon, fri"):
        parse_days("fryday")
