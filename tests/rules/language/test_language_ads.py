"""The `ads` section: for all groups, and over it for one."""

from typing import Any

import pytest

from rules.ads import ad_settings
from rules.detectors.settings import AdSettings, Trust
from rules.language.dump import dump

ADS = """\
windows: { market: { days: [fri] } }
ads:
  sensitivity: low
  allow: { links: [ourblog.example.com], phrases: [Friday Market] }
  windows: market
  trust: { messages: 9 }
"""
OWN = 'groups: { reading: { platform: tg, chat: "-1001", ads: { sensitivity: high, allow: { members: ["tg:1"] }, '
OWN += "cold_start: 0, trust: nobody, windows: [] } } }\n"


def settings(loaded: Any, *, marketplace: bool = False) -> AdSettings:
    config = loaded.config
    return ad_settings(config.ads, config.groups["reading"].ads, marketplace=marketplace)


def test_what_is_said_for_all_groups_holds_in_each(loading: Any, base: str) -> None:
    found = settings(loading(base + ADS))
    assert found.shift < 0
    assert [address.host for address in found.allowed_links] == ["ourblog.example.com"]
    assert found.allowed_phrases == ("friday market",)
    assert found.windows == ("market",)
    assert found.trust == Trust(messages=9)
    assert found.cold_start == 200


def test_a_group_s_own_word_comes_first_and_its_list_adds_to_the_others(loading: Any, base: str) -> None:
    found = settings(loading("version: 1\nplatforms: { tg: { type: telegram } }\n" + OWN + ADS))
    assert found.shift > 0
    assert found.allowed_members == {"tg:1"}
    assert found.allowed_phrases == ("friday market",)
    assert (found.windows, found.trust, found.cold_start) == ((), None, 0)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("windows: [nope]", "there is no window `nope`"),
        ("marketplace: [tag:nope]", "nope"),
        ("allow: { links: [a b] }", "`a b` is no domain"),
        ("allow: { links: [com] }", "`com` would allow everybody's links"),
        ("allow: { links: [github.io] }", "`github.io` would allow everybody's links"),
        ("allow: { links: ['https://t.me/'] }", "would allow everybody's links"),
        ("allow: { members: ['@ann'] }", "`@ann` is no id; write one such as telegram:258319"),
        ("allow: { phrases: [x] }", "would allow nearly everything"),
        ("sensitivity: hihg", "did you mean `high`?"),
        ("cold_start: -1", "cold_start"),
        ("second_opinion: { url: here, model: m }", "`here` is no address"),
        ("second_opinion: { url: 'https://me:pw@ai.example.com/v1', model: m }", "write the address alone"),
        ("second_opinion: { url: 'https://ai.example.com/v1?x=1', model: m }", "write the address alone"),
        ("second_opinion: { url: 'https://ai.example.com/v1', model: m, wait: 5m }", "at least 1s and at most 60s"),
        ("second_opinion: { url: 'http://ai.example.com/v1', model: m, key: k }", "the key would travel in the clear"),
        ("second_opinion: { url: 'https://ai.example.com/v1', model: m, key: 'a\u00e4' }", "the key is damaged"),
        ("second_opinion: { url: 'https://ai.example.com/v1', model: m, key: '${NO_KEY}' }", "NO_KEY is not set"),
        ("second_opinion: { url: 'https://ai.example.com/v1', model: m, from: 0.9, to: 0.5 }", "`from` must be below"),
        ("sensitivty: low", "did you mean `sensitivity`?"),
    ],
)
def test_a_slip_is_named_with_its_place(complaints: Any, base: str, written: str, why: str) -> None:
    (told,) = complaints(base + f"ads:\n  {written}\n")
    assert why in str(told)
    assert "config.yaml:8:" in str(told)


ASKING = """\
ads:
  second_opinion: { url: https://ai.example.com/v1/, model: small, key: "${OPINION_KEY}", wait: 5s }
"""


def test_the_key_of_who_is_asked_comes_from_the_environment_and_is_never_shown(loading: Any, base: str) -> None:
    loaded = loading(base + ASKING, environ={"OPINION_KEY": "hunter2"})
    spec = loaded.config.ads.second_opinion
    assert (spec.key, spec.url, spec.from_, spec.to) == ("hunter2", "https://ai.example.com/v1", 0.3, 0.99)
    assert "hunter2" not in repr(loaded)
    written = dump(loaded.config)
    assert "hunter2" not in written
    assert loading(written, environ={"OPINION_KEY": "hunter2"}).config.ads == loaded.config.ads


def test_a_slip_beside_the_key_does_not_show_it(complaints: Any, base: str) -> None:
    text = base + ASKING.replace("5s", "5m") + ASKING.partition("\n")[2].replace("second_opinion", "allow")
    assert "hunter2" not in "".join(map(str, complaints(text, environ={"OPINION_KEY": "hunter2"})))


def test_a_service_of_one_s_own_may_be_asked_without_encryption(loading: Any, base: str) -> None:
    for host in ("localhost:11434", "127.0.0.1:8000", "ollama:11434", "10.0.0.7"):
        text = base + ASKING.replace("https://ai.example.com", f"http://{host}")
        assert loading(text, environ={"OPINION_KEY": "x"}).config.ads.second_opinion.key == "x"
