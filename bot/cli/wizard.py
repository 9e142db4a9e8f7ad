"""``groupkeeper init``: a few questions, and a commented configuration in the operator's language."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import available_timezones

import typer

from adapters.protocol import KnowsGroupIds
from bot import extensions
from bot.cli import understanding
from bot.cli.guard import tell
from bot.simulation.labels import language_of
from rules.errors import Complaint, Place
from rules.language.saying import said

TEMPLATES = Path(__file__).with_name("templates")
FEATURES = ("welcome", "ads", "challenge", "digest")
_BLOCK = re.compile(r"^<<(\w+)\n(.*?)^>>\n", re.MULTILINE | re.DOTALL)
_TRYING = frozenset({"simulated"})
"""Platforms that nobody keeps a group on."""

_ASKED = {
    "en": {
        "platform": "Which platform is the group on? ({choices})",
        "name": "What is the group called?",
        "chat": "Its id on the platform (-100... on Telegram; any name for the console)",
        "timezone": "Its time zone, as an IANA name such as Europe/London",
        "keep": "What shall the bot do? Any of {choices}, or all",
        "staff": "The id of a room for staff, which reports and alerts go to (Enter: none)",
        "shadow": "Begin by watching only, so that rules say what they would do and do nothing? (yes, no)",
        "platform?": "there is no platform `{value}` here; write one of {choices}",
        "timezone?": "there is no time zone `{value}`{near}",
        "keep?": "`{value}` is none of {choices}",
        "empty?": "write something",
        "near": "; did you mean {near}?",
        "staff?": "`{value}` is the group itself; name another room, or none",
        "shadow?": "`{value}` is neither yes nor no",
        "understood": "  → {value}",
        "exists": "{file}: is there already; name another file, or move it away",
        "written": "Wrote {file}. Next:",
        "token": "  export {variable}=...        the bot's token, from {giver}",
        "doctor": "the token works, and the bot has the rights that it needs",
        "check": "the file is sound",
        "chat!": "try it out",
        "run": "keep the group",
    },
    "zh-CN": {
        "platform": "群在哪个平台上？（{choices}）",
        "name": "群叫什么名字？",
        "chat": "群在平台上的编号（Telegram 是 -100 开头的数字；console 随便写一个）",
        "timezone": "群的时区，例如 北京、香港，或 IANA 名称 Asia/Shanghai",
        "keep": "要机器人做什么？可选 {choices}（欢迎、广告、挑战、日报），全部都要写“全部”",
        "staff": "管理群的编号，报告和提醒会发到那里（没有就直接回车）",
        "shadow": "先只观察吗？规则只说“本来会做什么”，不真正动手（是、否）",
        "platform?": "这里没有平台 `{value}`；请写其中一个：{choices}",
        "timezone?": "没有时区 `{value}`{near}",
        "keep?": "`{value}` 不在可选项里：{choices}",
        "empty?": "请写点什么",
        "near": "；是不是 {near}？",
        "staff?": "`{value}` 就是这个群；请写另一个群，或者不写",
        "shadow?": "`{value}` 不是“是”也不是“否”",
        "understood": "  → {value}",
        "exists": "{file}：文件已经存在；请换个文件名，或先把它移走",
        "written": "已写好 {file}。接下来：",
        "token": "  export {variable}=...        机器人的 token，向 {giver} 取得",
        "doctor": "检查 token 和机器人的权限",
        "check": "检查文件",
        "chat!": "试一试",
        "run": "正式开始",
    },
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What the operator said."""

    language: str
    platform: str
    name: str
    chat: str
    timezone: str
    keep: tuple[str, ...]
    staff: str = ""
    shadow: bool = False


def run_wizard(
    file: Path,
    *,
    yes: bool,
    language: str | None,
    platform: str | None,
    name: str | None,
    chat: str | None,
    timezone: str | None,
    keep: str | None,
    staff: str | None = None,
    shadow: bool | None = None,
) -> int:
    """Ask what was not given (with ``yes``: take what is usual), and write the file; 1 where there is one already."""
    spoken = _language(language, yes=yes)
    asked = _ASKED[spoken]
    if file.exists():
        tell(asked["exists"].format(file=file))
        return 1
    platforms = sorted(set(extensions.adapter_types()) - _TRYING)

    def ask(
        key: str,
        given: str | None,
        usual: str,
        check: Callable[[str], str],
        choices: tuple[str, ...] = (),
        meant: Callable[[str], str] = str.strip,
    ) -> str:
        listed = ", ".join(choices)
        if given is not None or yes:
            value = usual if given is None else meant(given)
            if fault := check(value):
                raise typer.BadParameter(fault, param_hint=f"--{key}")
            return value
        while True:
            typed = typer.prompt(asked[key].format(choices=listed), default=usual, show_default=bool(usual))
            value = meant(typed)
            if fault := check(value):
                typer.echo(fault)
                continue
            if value != typed.strip():
                typer.echo(asked["understood"].format(value=value))
            return value

    def known(key: str, among: tuple[str, ...]) -> Callable[[str], str]:
        def check(value: str) -> str:
            wrong = next((part for part in _parts(value) if part not in among), None)
            return "" if wrong is None else asked[f"{key}?"].format(value=wrong, choices=", ".join(among))

        return check

    def zone(value: str) -> str:
        if value in available_timezones():
            return ""
        near = get_close_matches(value, sorted(available_timezones()), 1)
        return asked["timezone?"].format(value=value, near=asked["near"].format(near=near[0]) if near else "")

    def written(value: str) -> str:
        return "" if value.strip() else asked["empty?"]

    def other(value: str) -> str:
        if value and value == chat_id:
            return asked["staff?"].format(value=value)
        return group(value) if value else ""

    def decided(value: str) -> str:
        return "" if value in ("yes", "no") else asked["shadow?"].format(value=value)

    usual_name = "慢读书友会" if spoken == "zh-CN" else "Slow Readers"
    platform = ask("platform", platform, "telegram", known("platform", tuple(platforms)), tuple(platforms))
    name = ask("name", name, usual_name, written)
    kind = extensions.adapter_type(platform)

    def group(value: str) -> str:
        fault = kind.group_fault(value, {}) if isinstance(kind, KnowsGroupIds) else None
        told = said(Complaint(Place("chat"), fault), spoken).message if fault else ""
        return written(value) or told

    chat_id = ask("chat", chat, "-1001234567890" if platform == "telegram" else "readers", group)
    timezone = ask("timezone", timezone, _here(spoken), zone, meant=understanding.zone)

    def features(answer: str) -> str:
        return understanding.features(answer, FEATURES)

    kept = ask("keep", keep, " ".join(FEATURES), known("keep", FEATURES), FEATURES, features)
    staff = ask("staff", staff, "", other)
    given = None if shadow is None else "yes" if shadow else "no"
    watching = ask("shadow", given, "no", decided, meant=understanding.yes_or_no)
    answers = Answers(spoken, platform, name, chat_id, timezone, _parts(kept), staff, watching == "yes")
    text = configuration(answers, file.name)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8") as out:
        out.write(text)
    _say_what_next(answers, file, asked)
    return 0


def configuration(answers: Answers, file: str) -> str:
    """The configuration that the answers make."""
    wanted = set(answers.keep)
    wanted |= {"posts"} if wanted & {"challenge", "digest"} else set()
    wanted |= {"copy"} if wanted & {"welcome", "ads"} else set()
    wanted |= {"staff"} if answers.staff else {"no_staff"}
    template = (TEMPLATES / f"{answers.language}.yaml").read_text(encoding="utf-8")
    text = _BLOCK.sub(lambda block: block.group(2) if block.group(1) in wanted else "", template)
    values = {
        "title": " ".join(answers.name.split()),
        "file": file,
        "timezone": answers.timezone,
        "platform": _platform(answers),
        "chat": json.dumps(answers.chat, ensure_ascii=False),
        "name": json.dumps(answers.name, ensure_ascii=False),
        "mode": ("shadow" if answers.shadow else "enforce").ljust(7),
        "staff": json.dumps(answers.staff, ensure_ascii=False),
    }
    return re.sub(r"@(\w+)@", lambda match: values[match.group(1)], text)


def token_variable(platform: str) -> str | None:
    """The environment variable in which a platform's token is expected; None for one without."""
    return None if platform == "console" else f"{platform.upper()}_TOKEN"


def _platform(answers: Answers) -> str:
    variable = token_variable(answers.platform)
    if variable is None:
        return f"  main: {{ type: console, group: {json.dumps(answers.chat, ensure_ascii=False)} }}"
    return f'  main: {{ type: {answers.platform}, token: "${{{variable}}}" }}'


def _language(given: str | None, *, yes: bool) -> str:
    here = "zh" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("zh") else "en"
    while True:
        asked = given or (here if yes else typer.prompt("Language / 语言 (en, zh)", default=here))
        try:
            return language_of(asked)
        except ValueError as error:
            if given is not None or yes:
                raise typer.BadParameter(str(error), param_hint="--language") from None
            typer.echo(str(error))


def _here(language: str) -> str:
    """The machine's time zone by its IANA name; that of the language where the machine does not say."""
    named = os.environ.get("TZ", "").lstrip(":")
    linked = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    found = next((name for name in (named, linked) if name in available_timezones()), "Etc/UTC")
    if found in ("Etc/UTC", "UTC"):
        return "Asia/Shanghai" if language == "zh-CN" else "UTC"
    return found


def _parts(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.split(r"[\s,，、]+", value.strip())))


def _say_what_next(answers: Answers, file: Path, asked: dict[str, str]) -> None:
    typer.echo(asked["written"].format(file=file))
    variable = token_variable(answers.platform)
    steps = [("check", "check"), ("chat", "chat!"), ("run", "run")]
    if variable is not None:
        giver = "@BotFather" if answers.platform == "telegram" else answers.platform
        typer.echo(asked["token"].format(variable=variable, giver=giver))
        steps.insert(2, ("doctor", "doctor"))
    for command, words in steps:
        typer.echo(f"  groupkeeper {command} {file}".ljust(44) + asked[words])
