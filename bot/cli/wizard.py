"""``groupkeeper init``: a few questions, and a commented configuration in the operator's language."""

import os
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import available_timezones

import typer

from adapters.protocol import KnowsGroupIds
from bot import extensions
from bot.cli import asking_wechat, understanding
from bot.cli.asking import Asker, parts
from bot.cli.drafting import WECHAT, Answers, configuration, token_variables
from bot.cli.guard import tell
from bot.simulation.labels import language_of

FEATURES = ("welcome", "ads", "challenge", "digest")
_TRYING = frozenset({"simulated"})
"""Platforms that nobody keeps a group on."""


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
    endpoint: str | None = None,
    puppet: str | None = None,
) -> int:
    """Ask what was not given (with ``yes``: take what is usual), and write the file; 1 where there is one already."""
    spoken = _language(language, yes=yes)
    asker = Asker(spoken, yes=yes)
    asked, ask = asker.words, asker.ask
    if file.exists():
        tell(asked["exists"].format(file=file))
        return 1
    platforms = tuple(sorted(set(extensions.adapter_types()) - _TRYING))
    wecom = False

    def named(answer: str) -> str:
        nonlocal wecom
        wecom = understanding.is_wecom(answer)
        return understanding.platform(answer)

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

    platform = ask("platform", platform, "telegram", asker.among("platform", platforms), choices=platforms, meant=named)
    kind = extensions.adapter_type(platform)
    wechat = platform == WECHAT
    missing = asking_wechat.missing_packages(kind, asker) if wechat else ""
    if missing and not yes:
        typer.echo(missing)
    driver = asking_wechat.ask_puppet(asker, puppet, wecom=wecom) if wechat else ""
    gateway = asking_wechat.ask_endpoint(asker, endpoint) if wechat else ""
    name = ask("name", name, "慢读书友会" if spoken == "zh-CN" else "Slow Readers", written)

    def group(value: str) -> str:
        fault = kind.group_fault(value, {"puppet": driver}) if isinstance(kind, KnowsGroupIds) else None
        return written(value) or (asker.told(fault) if fault else "")

    def features(answer: str) -> str:
        return understanding.features(answer, FEATURES)

    if wechat:
        chat_id = asking_wechat.ask_room(asker, chat, driver, name, group)
    else:
        chat_id = ask("chat", chat, "-1001234567890" if platform == "telegram" else "readers", group)
    timezone = ask("timezone", timezone, _here(spoken), zone, meant=understanding.zone)
    kept = ask("keep", keep, " ".join(FEATURES), asker.among("keep", FEATURES), choices=FEATURES, meant=features)
    staff = asking_wechat.ask_staff(asker, staff, driver, other) if wechat else ask("staff", staff, "", other)
    given = None if shadow is None else "yes" if shadow else "no"
    watching = ask("shadow", given, "yes" if wechat else "no", decided, meant=understanding.yes_or_no) == "yes"
    staff_on = "telegram" if wechat and asking_wechat.on_telegram(staff) else "main"
    answers = Answers(
        spoken, platform, name, chat_id, timezone, parts(kept), staff, watching, gateway, driver, staff_on
    )
    text = configuration(answers, file.name)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8") as out:
        out.write(text)
    _say_what_next(answers, file, asked, missing)
    return 0


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


def _say_what_next(answers: Answers, file: Path, asked: dict[str, str], missing: str) -> None:
    typer.echo(asked["written"].format(file=file))
    wechat = answers.platform == WECHAT
    for line in (missing, asked["wechat!"] if wechat else ""):
        if line:
            typer.echo(f"  {line}")
    variables = token_variables(answers)
    for variable in variables:
        words = f"from_{variable}" if f"from_{variable}" in asked else "from"
        typer.echo(f"  export {variable}=...".ljust(44) + asked[words].format(giver=answers.platform))
    steps = [("check", "check"), ("chat", "chat!"), ("run", "run")]
    if variables:
        steps.insert(2, ("doctor", "doctor"))
    for command, words in steps:
        typer.echo(f"  groupkeeper {command} {file}".ljust(44) + asked[words])
    if wechat and answers.chat == asked["unknown"]:
        typer.echo("  " + asked["id!"].format(file=file))
    if answers.staff == asking_wechat.STAFF_ON_TELEGRAM:
        typer.echo("  " + asked["telegram_id!"])
