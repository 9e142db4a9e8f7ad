"""``docs/commands.md``, made from the command table so that it cannot drift."""

from collections.abc import Mapping

from bot.commands.base import Command
from bot.commands.table import built_in
from rules.copy import CopyBook, Variants
from rules.text import key

_HEAD = """\
# Commands

<!-- Made from the command table by tools/docs.py; do not edit. -->

What members and staff can type. `/help` shows everybody what they may do, in the group's language. Every command has
Chinese names too, and `／` counts as `/`. Commands that rules start (`when: {command: ...}`) are listed by `/help` too.

- **Whom**: reply to a message of theirs, or write `@mention`, an id (`telegram:258319` or `258319`) or a name.
- **How long**: `30s`, `10m`, `2h`, `7d`, `1h30m`, `2 hours`, `30分钟`, `半小时`, `forever`.
- **Why**: whatever follows. The member is told.
- **More than one** member or group: the bot asks for `/confirm CODE` within two minutes, by the same person.
- **In the staff room** a command is carried out in the group it is about: the one where the member is known, or the
  one whose name stands at the end, as in `/mute @bo 1h reading`. What one may do in the staff room, one may do there.
- **Alone with the bot** members can give the commands marked ✉: so somebody who was muted can ask why, and object.
  Where the bot is an account like a person's (WeChat), such a command needs no slash if it is all that is written
  there: `帮助`.
- **By its name**: after an `@mention` of the bot a command needs no slash either, `@bot 规则` and `@bot warn @bo spam`.
  What does not begin with a command's name is talk.
- Staff are out of moderators' reach; only who may do `everything` can act on them. Nobody can act on themselves.
"""


def commands_markdown(copy: Mapping[str, Variants], commands: Mapping[str, Command] | None = None) -> str:
    """The page, from the built-in texts (``bot.configuration.builtin_copy``)."""
    known = commands if commands is not None else built_in()
    book = CopyBook(texts=copy)

    def words(name: str, part: str, language: str) -> str:
        return book.render(key(f"commands.{name}.{part}"), language).replace("|", "\\|")

    lines = [_HEAD]
    sections = (
        ("For everybody", [command for command in known.values() if command.needs is None]),
        ("For staff", [command for command in known.values() if command.needs is not None]),
    )
    for title, listed in sections:
        lines += [f"## {title}", "", "| Write | 写法 | What it does | Also | Needs |", "|---|---|---|---|---|"]
        for command in listed:
            also = " ".join(f"`/{alias}`" for alias in command.aliases)
            alone = " ✉" if command.alone else ""
            needs = " or ".join((command.needs or "", *command.or_needs))
            lines.append(
                f"| `{words(command.name, 'usage', 'en')}`{alone} | `{words(command.name, 'usage', 'zh-CN')}` "
                f"| {words(command.name, 'help', 'en')} | {also} | {needs} |"
            )
        lines.append("")
    return "\n".join(lines)
