"""A digest's title says the day as people do, in the group's language and zone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.configuration import builtin_copy
from rules.copy import CopyBook
from rules.digest import Digest
from rules.facts import GroupSettings
from rules.posts import digest_text
from rules.wording import spoken_day

COPY = CopyBook(texts=builtin_copy(), fallback="en")
SETTINGS = GroupSettings("reading", "sim:1", "sim", name="Reading", timezone=ZoneInfo("Asia/Shanghai"))
UNTIL = datetime(2026, 10, 9, 14, tzinfo=UTC)  # 22:00 in Shanghai


@pytest.mark.parametrize(
    ("language", "period", "title"),
    [
        ("en", "day", "🗞 Today in “Reading” (9 October)"),
        ("en", "evening", "🌙 Good evening! Today in “Reading” (9 October)"),
        ("zh-CN", "day", "🗞 「Reading」今日（10月9日）"),
        ("zh-CN", "yesterday", "🗞 「Reading」昨日回顾（10月9日）"),
    ],
)
def test_a_digests_title_says_the_day_as_people_do(language: str, period: str, title: str) -> None:
    text = digest_text(Digest(UNTIL - timedelta(days=1), UNTIL), period, replace(SETTINGS, language=language))
    assert COPY.render(text, language).splitlines()[0] == title


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_words(month: int) -> None:
    day = date(2026, month, 3)
    assert COPY.render(spoken_day(day), "en") == f"3 {day:%B}"
    assert COPY.render(spoken_day(day), "zh-CN") == f"{month}月3日"
