"""``groupkeeper init``: what it writes can be used as it is."""

import itertools
from pathlib import Path
from typing import Any

import pytest

from bot.cli import understanding
from bot.cli.drafting import Answers, configuration
from bot.cli.wizard import FEATURES
from bot.configuration import load_setup
from bot.selfcheck import load_tested

SUBSETS = [chosen for count in range(len(FEATURES) + 1) for chosen in itertools.combinations(FEATURES, count)]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("keep", SUBSETS, ids="+".join)
def test_whatever_is_chosen_the_file_passes_its_own_tests(language: str, keep: tuple[str, ...], tmp_path: Path) -> None:
    answers = Answers(language, "console", 'Bo\'s "café" @ 8: #1', "readers", "Asia/Shanghai", keep)
    file = tmp_path / "config.yaml"
    file.write_text(configuration(answers, file.name), encoding="utf-8")
    setup = load_tested(file)
    (book,) = setup.rulebook.groups.values()
    assert book.settings.name == 'Bo\'s "café" @ 8: #1'
    assert book.settings.language == language
    assert str(book.settings.timezone) == "Asia/Shanghai"
    assert {rule.id for rule in setup.config.rules} == ({"ads", "flood"} if "ads" in keep else set())
    assert {each.id for each in setup.config.schedules} == {"challenge", "digest"} & set(keep)
    assert bool(setup.config.onboarding) is ("welcome" in keep)
    assert setup.warnings == ()


def test_nothing_is_asked_with_yes_and_nothing_is_overwritten(groupkeeper: Any, tmp_path: Path) -> None:
    first = groupkeeper("init", "--yes")
    assert first.returncode == 0
    written = (tmp_path / "config.yaml").read_text()
    assert groupkeeper("test", "config.yaml").returncode == 0
    again = groupkeeper("init", "--yes", "--language", "zh")
    assert again.returncode == 1
    assert "config.yaml" in again.stderr
    assert (tmp_path / "config.yaml").read_text() == written


def test_questions_come_in_the_language_chosen_and_wrong_answers_are_asked_again(
    groupkeeper: Any, tmp_path: Path
) -> None:
    answers = ["zh", "console", "读书会", "dushu", "Asia/Shanghi", "Asia/Chongqing", "welcome，digest", "", "no"]
    done = groupkeeper("init", "group.yaml", stdin="\n".join(answers) + "\n")
    assert done.returncode == 0, done.stderr
    assert "群叫什么名字" in done.stdout
    assert "Asia/Shanghai" in done.stdout
    setup = load_setup(tmp_path / "group.yaml", {})
    assert setup.config.groups["main"].name == "读书会"
    assert setup.config.defaults.timezone == "Asia/Chongqing"
    assert [each.id for each in setup.config.schedules] == ["digest"]


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [("--timezone", "Asia/Shangai", "Asia/Shanghai"), ("--keep", "adverts", "ads"), ("--platform", "irc", "console")],
)
def test_a_wrong_option_is_refused_with_what_to_write(groupkeeper: Any, option: str, value: str, told: str) -> None:
    done = groupkeeper("init", "--yes", option, value)
    assert done.returncode == 2
    assert value in done.stderr
    assert told in done.stderr


def test_answers_may_be_chinese_words_and_what_was_understood_is_told(groupkeeper: Any, tmp_path: Path) -> None:
    answers = ["中文", "console", "读书会", "dushu", "北京", "欢迎、广告和日报", "dushu", "guanli", "也许", "是"]
    done = groupkeeper("init", "group.yaml", stdin="\n".join(answers) + "\n")
    assert done.returncode == 0, done.stderr
    for told in ("→ Asia/Shanghai", "→ welcome ads digest", "`dushu` 就是这个群", "`也许` 不是“是”也不是“否”"):
        assert told in done.stdout
    setup = load_tested(tmp_path / "group.yaml")
    assert setup.config.defaults.mode == "shadow"
    assert setup.config.defaults.timezone == "Asia/Shanghai"
    assert {book.settings.staff_chat for book in setup.rulebook.groups.values()} == {"main:guanli"}
    assert {rule.id for rule in setup.config.rules} == {"ads", "flood"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *(
            ("北京", "Asia/Shanghai"),
            ("上海市", "Asia/Shanghai"),
            ("北京时间", "Asia/Shanghai"),
            ("Beijing", "Asia/Shanghai"),
        ),
        *(
            ("Asia/Beijing", "Asia/Shanghai"),
            ("香港", "Asia/Hong_Kong"),
            ("台北", "Asia/Taipei"),
            ("london", "Europe/London"),
        ),
        *(("asia/shanghai", "Asia/Shanghai"), ("Hong Kong", "Asia/Hong_Kong"), ("Nowhere", "Nowhere")),
    ],
)
def test_a_time_zone_may_be_named_by_its_city(said: str, meant: str) -> None:
    assert understanding.zone(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("全部", "welcome ads challenge digest"),
        ("All", "welcome ads challenge digest"),
        ("打卡 广告", "challenge ads"),
        ("画画", "画画"),
    ],
)
def test_what_the_bot_does_may_be_said_in_chinese(said: str, meant: str) -> None:
    assert understanding.features(said, FEATURES) == meant


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_staff_room_and_watching_only_are_written_into_the_file(language: str, tmp_path: Path) -> None:
    answers = Answers(language, "console", "Readers", "readers", "Asia/Shanghai", FEATURES, "staff-room", shadow=True)
    file = tmp_path / "config.yaml"
    file.write_text(configuration(answers, file.name), encoding="utf-8")
    setup = load_tested(file)
    assert setup.warnings == ()
    assert setup.config.staff.room == "staff"
    assert setup.config.groups["staff"].chat == "staff-room"
    assert {rule.mode for rule in setup.rulebook.rules if not rule.internal} == {"shadow"}


ORDINARY = [
    "B站这个讲解很棒 https://www.bilibili.com/video/BV1xx411c7mD",
    "https://mp.weixin.qq.com/s/abcDEF123 这篇书评写得真好",
    "b23.tv/abc123 大家看看这个朗读视频",
    "今晚八点腾讯会议 https://meeting.tencent.com/dm/abc123 会议号 456 789 123",
    "场地联系电话 13800138000，说读书会订的",
    "出版社邮箱：editor@publisher.example",
    "加个好友吗？想和你多聊聊这本书",
    "方便加个微信吗？",
    "他日结工资，生活窘迫，看得心酸",
    "这本书原价68，当当活动价34，ISBN 9787020002207",
]
ADVERTS = [
    "需要电子书的加我VX：shudan_88，免费送",
    "进QQ群：876543210 每天分享千本电子书",
    "兼职刷单 一单一结 无需押金 私信我",
    "扫码进群领红包",
    "https://t.me/+AbCdEfGhIjKlMnOp 电子书总群",
    "点击 http://t.cn/A6xyzKd 领取读书礼包",
]


def test_a_chinese_group_may_talk_as_it_does_and_adverts_go(tmp_path: Path) -> None:
    answers = Answers("zh-CN", "console", "读书会", "dushu", "Asia/Shanghai", ("ads",))
    lines = [
        f'      - {{ say: "{say}", by: newcomer, at: "2026-10-05 10:00", expect: {expected} }}\n'
        for said, expected in ((ORDINARY, "nothing"), (ADVERTS, "delete"))
        for say in said
    ]
    text = configuration(answers, "config.yaml")
    before, flood, after = text.partition("\n  - id: flood\n")
    file = tmp_path / "config.yaml"
    file.write_text(before + "".join(lines) + flood + after, encoding="utf-8")
    setup = load_tested(file)
    assert len(setup.config.rules[0].tests) >= len(ORDINARY) + len(ADVERTS)


def test_a_telegram_group_is_wanted_by_its_number_and_what_is_written_then_passes(groupkeeper: Any) -> None:
    wrong = groupkeeper("init", "--yes", "--platform", "telegram", "--chat", "@readers", "--language", "zh")
    assert wrong.returncode == 2
    assert "要写群号" in wrong.stderr
    assert groupkeeper("init", "--yes", "--platform", "telegram").returncode == 0
    assert groupkeeper("check", "config.yaml").returncode == 0
