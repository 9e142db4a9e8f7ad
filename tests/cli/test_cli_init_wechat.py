"""``groupkeeper init`` for a WeChat group: asked for in people's words, and what it writes can be used as it is."""

import itertools
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from adapters.wechaty import kind
from adapters.wechaty.puppets import PUPPETS
from bot.cli import understanding
from bot.cli.asking import ASKED
from bot.cli.asking import PUPPETS as PUPPETS_SHOWN
from bot.cli.check import run_check
from bot.cli.drafting import Answers, configuration
from bot.cli.wizard import FEATURES, run_wizard
from bot.configuration import load_setup
from bot.selfcheck import load_tested
from rules.capability import Capability

SUBSETS = [chosen for count in range(len(FEATURES) + 1) for chosen in itertools.combinations(FEATURES, count)]
TOKENS = {"WECHATY_TOKEN": "a-long-random-word", "TELEGRAM_TOKEN": "123456789:" + "A" * 35}
NOTHING: dict[str, Any] = {
    "language": None, "platform": None, "name": None, "chat": None, "timezone": None, "keep": None
}  # fmt: skip


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment as it is when the bot runs."""
    for name, value in TOKENS.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("tokens")
@pytest.mark.parametrize("staff", ["", "-1001234567890"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("keep", SUBSETS, ids="+".join)
def test_whatever_is_chosen_for_wechat_the_file_passes_its_own_tests(
    language: str, keep: tuple[str, ...], staff: str, tmp_path: Path
) -> None:
    answers = Answers(
        language, "wechaty", "Bo's: #1", "R:2", "Asia/Shanghai", keep, staff, endpoint="gateway:8788",
        puppet="workpro", staff_on="telegram" if staff.startswith("-") else "main",
    )  # fmt: skip
    file = tmp_path / "config.yaml"
    file.write_text(configuration(answers, file.name), encoding="utf-8")
    setup = load_tested(file)
    assert setup.warnings == ()
    assert {rule.id for rule in setup.config.rules} == ({"ads", "flood"} if "ads" in keep else set())
    assert len(setup.config.platforms) == (2 if staff.startswith("-") else 1)
    assert setup.rulebook.groups["main:R:2"].settings.name == "Bo's: #1"


@pytest.mark.parametrize(("puppet", "language"), list(zip(PUPPETS, itertools.cycle(("en", "zh")))))
def test_with_yes_every_puppet_gets_a_file_that_passes_without_the_token(
    groupkeeper: Any, puppet: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WECHATY_TOKEN", raising=False)
    done = groupkeeper("init", "--yes", "--platform", "wechat", "--puppet", puppet, "--language", language)
    assert done.returncode == 0, done.stderr
    assert "export WECHATY_TOKEN" in done.stdout
    for command in ("check", "test"):
        checked = groupkeeper(command, "config.yaml")
        assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(("endpoint", "slashes"), [("127.0.0.1:8788", "///"), ("gateway:8788", "////")])
def test_in_the_composition_the_database_lies_in_its_volume(endpoint: str, slashes: str) -> None:
    answers = Answers("en", "wechaty", "Readers", "R:2", "UTC", (), endpoint=endpoint, puppet="workpro")
    assert f"database: sqlite:{slashes}data/groupkeeper.db\n" in configuration(answers, "config.yaml")


def test_wecom_is_asked_for_in_chinese_and_the_group_may_be_unknown(groupkeeper: Any, tmp_path: Path) -> None:
    answers = ["zh", "企业微信", "", "10.0.0.5：9000", "读书会", "", "北京", "广告", "电报", ""]
    done = groupkeeper("init", stdin="\n".join(answers) + "\n")
    assert done.returncode == 0, done.stderr
    for told in ("→ wechaty", "workpro", "→ 10.0.0.5:9000", "在群里发 /id", "TELEGRAM_TOKEN", "WECHATY_TOKEN"):
        assert told in done.stdout
    assert "wechat4u" not in done.stdout
    setup = load_setup(tmp_path / "config.yaml", TOKENS)
    main = setup.config.platforms["main"].model_dump()
    assert (main["type"], main["endpoint"], main["puppet"]) == ("wechaty", "10.0.0.5:9000", "workpro")
    assert setup.config.groups["staff"].platform == "telegram"
    assert setup.config.defaults.mode == "shadow"


@pytest.mark.usefixtures("tokens")
def test_where_ids_change_the_group_is_known_by_its_name(groupkeeper: Any, tmp_path: Path) -> None:
    answers = [
        "en",
        "WeChat",
        "PadLocl",
        "wechaty-puppet-wechat4u",
        "nowhere:port",
        "localhost",
        "Readers",
        "A/B",
        "UTC",
    ]
    done = groupkeeper("init", stdin="\n".join([*answers, "all", "A/B", "Staff", "no"]) + "\n")
    assert done.returncode == 0, done.stderr
    for told in (
        "there is no puppet `padlocl`",
        "127.0.0.1:8788",
        "→ localhost:8788",
        "→ topic=A%2FB",
        "is the group itself",
    ):
        assert told in done.stdout
    setup = load_tested(tmp_path / "config.yaml")
    assert setup.config.groups["main"].chat == "topic=A%2FB"
    assert setup.config.groups["staff"].chat == "topic=Staff"


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--puppet", "gewechat", "wechat4u"),
        ("--endpoint", "127.0.0.1:port", "127.0.0.1:8788"),
        ("--chat", "topic=Readers", "/id"),
    ],
)
def test_a_wrong_option_about_wechat_is_refused_with_what_to_write(
    groupkeeper: Any, option: str, value: str, told: str
) -> None:
    done = groupkeeper("init", "--yes", "--platform", "wecom", option, value)
    assert done.returncode == 2
    assert f"{option}:" in done.stderr
    assert told in done.stderr


@pytest.mark.parametrize("said", ["微信", "WeChat", "企业微信", "WeCom", "企微", "wechaty", "weixin"])
def test_wechat_goes_by_many_names(said: str) -> None:
    assert understanding.platform(said) == "wechaty"
    assert understanding.is_wecom(said) is (said in ("企业微信", "WeCom", "企微"))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("127.0.0.1", "127.0.0.1:8788"),
        ("https://gateway:9000/", "gateway:9000"),
        ("gateway：9000", "gateway:9000"),
        ("[::1]:8788", "[::1]:8788"),
    ],
)
def test_a_gateway_may_be_named_without_its_port(said: str, meant: str) -> None:
    assert understanding.endpoint(said) == meant


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_there_is_a_word_on_every_puppet_that_a_group_is_kept_with(language: str) -> None:
    assert set(PUPPETS_SHOWN[language]) == set(PUPPETS) - {"mock"}
    assert ASKED[language].keys() == ASKED["en"].keys()


def test_no_puppet_can_do_what_the_template_gives_up_for_all_of_them() -> None:
    for puppet in PUPPETS.values():
        assert not puppet.capabilities & {Capability.DELETE, Capability.MUTE, Capability.PIN}


@pytest.fixture
def without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The packages for WeChat are not installed."""
    monkeypatch.setattr(kind, "find_spec", lambda name: None if name == "wechaty_grpc" else find_spec(name))


@pytest.mark.parametrize(("language", "told"), [("en", "are not installed"), ("zh", "还没有安装微信需要的软件包")])
@pytest.mark.usefixtures("without_the_extra")
def test_what_to_install_is_told_when_wechat_is_chosen(
    language: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "config.yaml"
    assert run_wizard(file, yes=True, **{**NOTHING, "language": language, "platform": "wechat"}) == 0
    out = capsys.readouterr().out
    assert told in out
    assert ".venv/bin/pip install '.[wechat]'" in out
    line = file.read_text(encoding="utf-8").split("    type: wechaty")[0].count("\n") + 1
    assert run_check(file, json=False, lang=language) == 1
    complaints = [each for each in capsys.readouterr().out.splitlines() if "config.yaml:" in each]
    assert len(complaints) == 1
    assert told in complaints[0]
    assert complaints[0].partition("config.yaml:")[2].startswith((f"{line}:", f"{line - 1}:"))
