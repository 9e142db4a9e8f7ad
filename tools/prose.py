"""The words of docs/configuration.md that stand in no model."""

from rules.capability import Capability

HEAD = """
# Configuration

<!-- Made from the models by tools/docs.py; do not edit. -->

Every section, key, condition and action of the YAML file. [rules.md](rules.md) introduces the language in ten minutes;
this page is for looking things up. `groupkeeper check FILE` says what is wrong with a file, at its line and column;
[config.schema.json](config.schema.json) lets an editor complete and check while you type:

```yaml
# yaml-language-server: $schema=docs/config.schema.json
```
"""

WRITTEN = """
## How things are written

| what | how |
|---|---|
| a duration | `30s`, `10m`, `2h`, `7d`, `1w`, `1h30m`, `30分钟`, `2小时`, `7天` |
| a time of day | `"08:00"`; with quotes, so that editors do not take it for a number |
| days | `daily`, `weekdays`, `weekends`, or a list: `[mon, fri]`, `[周一, 周五]` |
| a date | `2026-10-09` |
| a quota | `1 per 6h`, `3 per day` |
| a text | words as they are, or the name of a text under `copy:`, such as `welcome.first` |
| groups | names under `groups:`, or `tag:NAME` for all groups with that tag |
| a secret | `${NAME}`: the environment variable; under `platforms` and `storage` only, and never printed |

Every text is what you wrote: `no`, `on`, `22:30` and long numbers stay what they are, with or without quotes. A
full-width `：` after a key, a tab or a key written twice is told, not guessed at. YAML's anchors and aliases are
refused; large files are split with `include:`.
"""

TYPES = {
    "events": (
        "What a rule's `when:` may name, alone or in a list. Also `{ command: NAME }`, `{ button: DATA }`,\n"
        "`{ schedule: ID }`, and a timing such as `{ quiet_for: 6h }`."
    ),
    "conditions": (
        "What a rule's `if:` asks. Where several are written, all must hold; `all`, `any` and `none` nest.\n"
        "A condition that cannot apply to the rule's event is refused when the file is loaded."
    ),
    "actions": (
        "What a rule's `then:` does, in order. Beside any action may stand `at_most: 1 per 6h`: how often it is done,\n"
        "for each member (or for the group, where nobody is concerned)."
    ),
    "capabilities": (
        "What a platform lets a bot do. A rule that asks a platform for what it cannot do is refused when the file is\n"
        "loaded; `groupkeeper check` lists what each group's platform cannot do."
    ),
}

CAPABILITIES = {
    Capability.SEND: "say something in the group",
    Capability.SEND_PRIVATE: "say something to one member alone",
    Capability.SEND_DOCUMENT: "send a file",
    Capability.DELETE: "delete another member's message",
    Capability.DELETE_OWN: "delete its own message, so that notices clean themselves up",
    Capability.DELETE_MANY: "delete several messages in one call",
    Capability.EDIT_OWN: "change its own message, so that one message is kept up to date",
    Capability.SEND_PICTURE: "send a picture",
    Capability.PIN: "pin a message",
    Capability.MUTE: "take a member's voice, and give it back",
    Capability.KICK: "remove a member, who may come back",
    Capability.BAN: "remove a member for good, and undo that",
    Capability.JOIN_REQUESTS: "let people in, or turn them down",
    Capability.BUTTONS: "show buttons below a message",
    Capability.ANSWER_BUTTONS: "show something to who pressed a button, and to nobody else",
    Capability.MENTION: "ping members by name",
    Capability.SEE_EDITS: "notice that a message was changed",
    Capability.SEE_JOINS: "notice who comes",
    Capability.SEE_LEAVES: "notice who goes",
    Capability.SEE_REACTIONS: "notice who reacts to a message, and how",
    Capability.ANNOUNCE: "set the notice that stands at the top of a group",
    Capability.RENAME: "change a group's name",
    Capability.INVITE: "bring somebody into a group",
}
