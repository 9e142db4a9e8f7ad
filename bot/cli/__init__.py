"""The command line: ``groupkeeper``. Each command imports what it needs when it is run, so that help comes at once."""


def main() -> None:
    """The entry point of the command ``groupkeeper``."""
    from bot.cli.program import app  # noqa: PLC0415 - the package itself stays free of everything

    app(prog_name="groupkeeper")
