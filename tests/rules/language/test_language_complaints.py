"""What is told about a file with mistakes: everything at once, each at its line and column."""
# ruff: noqa: E501 - a table reads best with one case a line

import pytest

TEN = """\
version: 1
defaults: { timezone: Mars/Olympus }
platforms:
  tg: { type: telegram }
groups:
  reading: { platform: tgg, chat: "-1001" }
rules:
  - id: ads
    when: message
    if: { text_has_any: [加微信], in_window: ad-tme }
    then:
      - mute: 10x
      - mutee: 1h
  - id: ads
    when: mesage
    grups: [reading]
    then: [delete, { ladder: ads }]
schedules:
  - { id: paper, at: "25:00", post: rules.short }
windows:
  ad-time: { days: [fri] }
"""


def test_ten_mistakes_are_ten_complaints_at_their_line_and_column(complaints):
    assert complaints(TEN) == [
        "config.yaml:2:23: defaults.timezone: `Mars/Olympus` is no IANA time zone; write one such as Asia/Shanghai or "
        "Europe/Berlin",
        "config.yaml:6:24: groups.reading.platform: there is no platform `tgg`; did you mean `tg`?",
        "config.yaml:10:43: rules[0].if.in_window: there is no window `ad-tme`; did you mean `ad-time`?",
        "config.yaml:12:15: rules[0].then[0].mute.for: write a duration such as 30s, 10m, 2h or 7d",
        "config.yaml:13:9: rules[0].then[1]: unknown step `mutee`; did you mean `mute`?",
        "config.yaml:14:9: rules[1].id: the id `ads` is used twice, first on line 8",
        "config.yaml:15:11: rules[1].when: `mesage` is nothing that happens; did you mean `message`?",
        "config.yaml:16:5: rules[1].grups: unknown key `grups`; did you mean `groups`?",
        "config.yaml:17:30: rules[1].then[1].ladder: there is no ladder `ads`; write it under ladders:",
        'config.yaml:19:22: schedules[0].at: write a time of day such as "08:00" or "21:30"',
    ]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("{ then: delete }", "config.yaml:7:9: rules[0].when: `when` is missing here"),
        ("{ when: message }", "config.yaml:7:9: rules[0].then: `then` is missing here"),
        ("{ when: message, then: }", "config.yaml:7:34: rules[0].then: nothing is written after `then:`"),
        ("{ when: message, then: delete, stop: maybe }", "rules[0].stop: write true or false, not `maybe`"),
        ("{ when: message, then: delete, mode: enforced }", "write one of enforce, shadow, off, not `enforced`; did you mean `enforce`?"),
        ("{ when: [message, edti], then: delete }", "`edti` is nothing that happens; did you mean `edit`?"),
        ("{ when: 进群, then: delete }", "`进群` is nothing that happens; did you mean `join`?"),
        ("{ when: midnight, then: delete }", "is nothing that happens; write one of message, edit, join, leave, join_request, reaction, button"),
        ("{ when: message, then: { mute: 60 } }", "60 of what? write 60s, 60m, 60h or 60d"),
        ("{ when: message, then: { mute: 一会儿 } }", "write a duration such as 30秒, 10分钟, 2小时 or 7天"),
        ("{ 当: message, then: delete }", "unknown key `当`; did you mean `when`?"),
        ("{ when: message, then: { mute: 1h, kick: 1d } }", "`mute` and `kick` are two actions: write each as an item"),
        ("{ when: message, then: { mute: 1h, at_mst: 1 per 6h } }", "unknown key `at_mst`; did you mean `at_most`?"),
        ("{ when: message, then: { mute: 1h, reason: rude } }", "`reason` is a setting of `mute`: write `mute: { for: 1h, reason: ... }`"),
        ("{ when: message, then: 禁言 }", "unknown step `禁言`; did you mean `mute`?"),
        ("{ when: message, then: [[delete]] }", "a list inside a list"),
        ("{ when: message, then: [text_has_any] }", "`text_has_any` is a condition, it cannot stand here"),
        ("{ when: message, if: {}, then: delete }", "no condition is written here"),
        ("{ when: join, if: { longer_than: 9 }, then: warn }", "`longer_than` cannot apply when: join; it is for command, edit, message"),
        ("{ when: message, then: delete, groups: [tag:pubic] }", "there is no tag `pubic`; did you mean `public`?"),
        ("{ when: message, then: delete, groups: [public] }", "there is no group `public`; did you mean `tag:public`?"),
        ("{ when: message, then: delete, at_most: often }", "write a quota such as `1 per 6h`"),
        ("{ when: { schedule: nightly }, then: { alert: staff } }", "there is no schedule `nightly`"),
        ("{ when: message, then: delete, tests: [{ say: a }] }", "rules[0].tests[0].expect: `expect` is missing here"),
        ("{ when: message, then: delete, tests: [{ say: a, by: nobody, expect: x }] }", "there is no role `nobody`"),
        ("{ when: message, then: { stop_rule: flod } }", "there is no rule `flod`"),
        ("{ when: message, then: { ladder: [a, b] } }", "write a text here, not a list"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_rule_is_told_in_words(complaints, base, rule, expected):
    told = complaints(base + f"rules: [{{ id: r, {rule[1:-1]} }}]\n")
    assert len(told) == 1
    assert expected in told[0]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("roles: { mod: { can: ban } }", "roles.mod.can: write a list such as [a, b], not `ban`"),
        ("roles: { mod: { can: [bann] } }", "did you mean `ban`?"),
        ("roles: { new: { earn: { messages: many } } }", "roles.new.earn.messages: write a whole number, not `many`"),
        ("roles: { new: { earn: { messages: { undr: 3 } } } }", "roles.new.earn.messages"),
        ("rules: flood", "rules: write a list here, each item beginning with `- `, not `flood`"),
        ("windows: [a]", "windows: write names with settings here, not a list"),
        ("windows: { a: fri }", "windows.a: write settings here (`key: value`), not `fri`"),
        ("version: 2", "version: write 1, not `2`"),
        ("ladders: { ads: { steps: [] } }", "ladders.ads.steps: write at least 1"),
        ("activities: { checkin: { streak_bonus: { week: 3 } } }", "`week` cannot be a key here"),
        ("staff: { room: stuff }", "staff.room: there is no group `stuff`; did you mean `staff`?"),
        ("storage: { message_text: { keep: forever } }", "write a duration such as 30s"),
        ("schedules: [{ id: s, post: rules.short }]", "schedules[0]: say when: at:"),
        ('schedules: [{ id: s, at: "08:00" }]', "schedules[0]: say what to do: post: or then:"),
        ('schedules: [{ id: s, att: "08:00", at: "08:00", post: rules.short }]', "unknown key `att`; did you mean `at`?"),
        ("schedules: [{ id: s, when: noon, post: rules.short }]", "schedules[0].when: write a time here"),
        ('schedules: [{ id: s, at: "08:00", post: calendar.x }]', "there is no calendar `x`"),
        ("schedules: [{ id: s, when: { quiet_for: 6h, in_window: w }, post: rules.short }]", "there is no window `w`"),
        ("faq: { folder: faq }", "faq: unknown key `faq`"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_section_is_told_in_words(complaints, base, section, expected):
    if section.startswith("version"):
        base = base.partition("\n")[2]
    told = complaints(base + section + "\n")
    assert len(told) == 1
    assert expected in told[0]


def test_one_fault_does_not_hide_those_of_other_sections(complaints, base):
    told = complaints(base + "windows: [x]\nroles: 3\nrules: [{ id: r }]\n")
    assert [line.split(":")[1] for line in told] == ["7", "8", "9", "9"]


def test_complaints_come_in_the_order_of_the_file(complaints, base):
    told = complaints(
        base + "staff: { room: x }\nrules:\n  - { id: a b, when: message, then: delet }\nwindows: { w: { from: x } }\n"
    )
    assert [line.split(":")[1] for line in told] == ["7", "9", "9", "10"]


def test_a_secret_is_never_printed(complaints, loading, base):
    text = 'platforms: { tg: { type: [x], token: "${TOKEN}" } }\nstorage: { database: ["${TOKEN}"], message_text: { keep: "${TOKEN}" } }\n'
    told = complaints(text, environ={"TOKEN": "hunter2"})
    assert len(told) == 3
    assert "hunter2" not in "".join(told)
    fine = base.replace("{ type: telegram }", '{ type: telegram, token: "${TOKEN}" }')
    loaded = loading(fine + "storage:\n  database: postgresql://bot:${TOKEN}@db/bot\n", environ={"TOKEN": "hunter2"})
    assert loaded.config.platforms["tg"].model_extra == {"token": "hunter2"}
    assert loaded.config.storage.database == "postgresql://bot:hunter2@db/bot"
    assert "hunter2" not in repr(loaded)


def test_a_missing_variable_of_the_environment_is_named(complaints):
    text = 'platforms:\n  tg: { type: telegram, token: "${TELEGRAM_TOKEN}" }\n'
    assert complaints(text) == [
        "config.yaml:2:32: platforms.tg.token: the environment variable TELEGRAM_TOKEN is not set; set it before starting"
    ]
