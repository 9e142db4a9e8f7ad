"""The commands and their options. What they do is imported when they are run."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.database_commands import db
from bot.cli.detector_commands import classify, evaluate
from bot.cli.guard import Guarded
from bot.cli.options import DatabaseUrl, Lang, SomeConfig

app = typer.Typer(
    cls=Guarded,
    help="Groupkeeper keeps a community group by the rules of one YAML file.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 fine, 1 complaints, 2 a wrong command line (a file that is not there included).",
)
app.add_typer(db, name="db")
simulate = typer.Typer(help="Play a platform on this machine, to try a bot on.", no_args_is_help=True)
app.add_typer(simulate, name="simulate")

ConfigFile = Annotated[
    Path, typer.Argument(metavar="CONFIG", help="The YAML file with the rules.", exists=True, dir_okay=False)
]


class LogFormat(StrEnum):
    """How the log is written."""

    HUMAN = "human"
    JSON = "json"


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"groupkeeper {version('groupkeeper')}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")] = False,
) -> None:
    pass


@app.command()
def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")] = Path("config.yaml"),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: take what is usual.")] = False,
    language: Annotated[str | None, typer.Option(help="en or zh.")] = None,
    platform: Annotated[str | None, typer.Option(help="telegram, wechat, wecom or console.")] = None,
    name: Annotated[str | None, typer.Option(help="The group's name.")] = None,
    chat: Annotated[
        str | None,
        typer.Option(help="The group's id on the platform."),
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="An IANA name, such as Asia/Shanghai.")] = None,
    keep: Annotated[str | None, typer.Option(help="Any of welcome, ads, challenge, digest; or all.")] = None,
    staff: Annotated[str | None, typer.Option(help="The id of a room for staff; -100...: on Telegram.")] = None,
    shadow: Annotated[bool | None, typer.Option("--shadow/--enforce", help="Begin by watching only.")] = None,
    endpoint: Annotated[str | None, typer.Option(help="WeChat: the gateway's machine and port.")] = None,
    puppet: Annotated[str | None, typer.Option(help="WeChat: what drives the account, such as workpro.")] = None,
) -> None:
    """Ask a few questions and write a commented configuration."""
    from bot.cli.wizard import run_wizard

    raise typer.Exit(
        run_wizard(
            file,
            yes=yes,
            language=language,
            platform=platform,
            name=name,
            chat=chat,
            timezone=timezone,
            keep=keep,
            staff=staff,
            shadow=shadow,
            endpoint=endpoint,
            puppet=puppet,
        )
    )


@app.command()
def check(
    config: ConfigFile,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of words.")] = False,
    lang: Lang = None,
) -> None:
    """Check a configuration: all complaints at once, each with file, line and column."""
    from bot.cli.check import run_check

    raise typer.Exit(run_check(config, json=json, lang=lang))


@app.command()
def doctor(config: ConfigFile, database: DatabaseUrl = None, lang: Lang = None) -> None:
    """Look at everything that may keep the bot from its work: rules, database, token, webhook, rights in each group."""
    from bot.cli.doctoring import run_doctor

    raise typer.Exit(run_doctor(config, database=database, lang=lang))


@app.command(name="test")
def run_tests_of(
    config: ConfigFile,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of words.")] = False,
    lang: Lang = None,
) -> None:
    """Run the tests beside the rules; where one fails, say what happened and why."""
    from bot.cli.testing import run_tests

    raise typer.Exit(run_tests(config, json=json, lang=lang))


@app.command()
def schema() -> None:
    """Write the JSON Schema of the configuration, for editors that complete and check while you type."""
    from bot.cli.schema import schema_text

    typer.echo(schema_text())


@app.command()
def demo(
    lang: Annotated[str, typer.Option(help="The language of the group: en or zh.")] = "en",
    svg: Annotated[Path | None, typer.Option(help="Keep the transcript as a picture, too.", dir_okay=False)] = None,
    seed: Annotated[int, typer.Option(help="Another seed, another day.")] = 7,
    telegram: Annotated[
        bool, typer.Option("--telegram", help="Play it by the Telegram adapter, on a Bot API simulated here.")
    ] = False,
    faults: Annotated[
        bool, typer.Option("--faults", help="The same, with trouble at random: floods, faulty servers, lost answers.")
    ] = False,
) -> None:
    """Play a day of a simulated group in some seconds."""
    from bot.simulation.demo import run_demo

    raise typer.Exit(run_demo(lang, svg=svg, seed=seed, telegram=telegram, faults=faults))


@app.command()
def chat(config: ConfigFile) -> None:
    """Talk to a configured bot; you play every role."""
    from bot.simulation.chat import run_chat

    raise typer.Exit(run_chat(config))


@app.command()
def replay(
    config: ConfigFile,
    history: Annotated[
        Path,
        typer.Argument(
            metavar="HISTORY",
            help="Telegram Desktop's result.json, or JSON lines (docs/history-format.md).",
            exists=True,
            dir_okay=False,
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object an event, then the summary.")] = False,
    derived: Annotated[
        bool, typer.Option("--derived", help="With --json: print what followed too (timers, typed commands).")
    ] = False,
    against: Annotated[
        Path | None, typer.Option(help="Other rules, to see what would change.", exists=True, dir_okay=False)
    ] = None,
    group: Annotated[str | None, typer.Option(help="The group whose rules to use.")] = None,
    chat: Annotated[str | None, typer.Option(help="The only chat of the history to replay, by id or name.")] = None,
    every_hit: Annotated[bool, typer.Option("--all", help="Print every hit, and what the conditions saw.")] = False,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write every hit to a table.", dir_okay=False)
    ] = None,
    lang: Lang = None,
) -> None:
    """Run the rules over past messages with the time of then. Nothing is sent."""
    from bot.cli.replaying import replay_files

    raise typer.Exit(
        replay_files(
            config,
            history,
            json=json,
            derived=derived,
            against=against,
            group=group,
            chat=chat,
            every_hit=every_hit,
            table=csv,
            lang=lang,
        )
    )


@app.command(name="warm-up")
def warm_up(
    config: ConfigFile,
    history: Annotated[
        Path,
        typer.Argument(
            metavar="HISTORY",
            help="Telegram Desktop's result.json, or JSON lines (docs/history-format.md).",
            exists=True,
            dir_okay=False,
        ),
    ],
    group: Annotated[str, typer.Option(help="The group of the configuration that is to be known.")],
    chat: Annotated[str | None, typer.Option(help="The only chat of the history to read, by id or name.")] = None,
    database: DatabaseUrl = None,
    lang: Lang = None,
) -> None:
    """Let the detection of advertisements get to know a group from its history. The bot must not run meanwhile."""
    from bot.cli.warming import warm_up as read_history

    raise typer.Exit(read_history(config, history, group=group, chat=chat, database=database, lang=lang))


@app.command()
def run(
    config: ConfigFile,
    database: DatabaseUrl = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Serve /metrics, /healthz and /readyz on this port.")
    ] = None,
    host: Annotated[str, typer.Option(help="The address of that port.")] = "127.0.0.1",
    log: Annotated[LogFormat, typer.Option(help="The log for people, or one JSON object a line.")] = LogFormat.HUMAN,
    lang: Lang = None,
) -> None:
    """Keep the group, until SIGTERM or SIGINT. SIGHUP reads the rules again."""
    from bot.cli.run import run_bot

    as_json = log is LogFormat.JSON
    raise typer.Exit(run_bot(config, database=database, port=port, host=host, json_log=as_json, lang=lang))


@app.command()
def explain(
    message: Annotated[str, typer.Argument(metavar="MESSAGE-ID", help="A message's id, or an event's.")],
    config: SomeConfig = None,
    database: DatabaseUrl = None,
) -> None:
    """Say why what was decided on a message was decided."""
    from bot.cli.explain import explain_message

    raise typer.Exit(explain_message(message, config, database))


app.command()(classify)
app.command()(evaluate)


@simulate.command(name="telegram")
def simulate_telegram(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port on 127.0.0.1; 0 takes one that is free.")
    ] = 8090,
    token: Annotated[str | None, typer.Option(help="The bot's token; else one is made up.")] = None,
    limits: Annotated[bool, typer.Option("--limits", help="Hold the bot to Telegram's flood limits (429).")] = False,
    seed: Annotated[int, typer.Option(help="Another seed, other chances where faults happen by chance.")] = 0,
) -> None:
    """Serve the Bot API with a group to try a bot in, until Ctrl-C. Nothing reaches the real Telegram."""
    from bot.cli.simulating import is_token
    from bot.cli.simulating import simulate_telegram as serve

    if token is not None and not is_token(token):
        raise typer.BadParameter("write it like 123456789:AAF…, as @BotFather does", param_hint="--token")
    raise typer.Exit(serve(port=port, token=token, limits=limits, seed=seed))
