"""TLS to a gateway: the certificate that comes with every one, one of one's own, and what is said where they differ."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.settings import checked
from adapters.wechaty.settings import WechatySettings
from adapters.wechaty.wire.channel import WECHATY_CA
from tests.wechaty.listener import Listener
from tests.wechaty.mock_wechat import Gateway

OWN = {"ca": str(WECHATY_CA), "name": "insecure"}


@pytest.mark.parametrize("tls", ["wechaty", OWN])
async def test_a_gateway_with_tls_is_heard(private_gateway: Callable[..., Gateway], tls: object) -> None:
    gateway = private_gateway(tls=True)
    await gateway.start()
    async with Listener(gateway, tls=tls) as listener:
        await listener.connected()
        said = await gateway.say("ann", "hello")
        await listener.until(lambda: listener.messages == [said])
        assert listener.told == []


@pytest.mark.parametrize(
    ("speaks", "tls", "words"),
    [
        (False, "wechaty", "write `tls: off`"),
        (True, "off", "write `tls: wechaty`"),
        (True, {"ca": str(WECHATY_CA), "name": "gateway.example"}, "shows another certificate"),
        (True, {"ca": str(WECHATY_CA)}, "shows another certificate"),
    ],
)
async def test_where_the_two_ends_differ_it_is_said_what_to_change(
    private_gateway: Callable[..., Gateway], speaks: bool, tls: object, words: str
) -> None:
    gateway = private_gateway(tls=speaks)
    await gateway.start()
    with capture_logs() as lines:
        async with Listener(gateway, tls=tls) as listener:
            await listener.until(lambda: len(listener.waits) >= 3)
            (lost,) = listener.news
    assert lost.kind == "lost"
    assert words in lost.detail
    told = [line["error"] for line in lines if line["event"] == "wechaty_lost"]
    assert told == [lost.detail]


def test_the_certificate_that_comes_along_is_the_gateways_and_good_for_years() -> None:
    context = ssl.create_default_context(cafile=WECHATY_CA)
    (found,) = context.get_ca_certs()
    assert dict(pair for part in found["subject"] for pair in part)["commonName"] == "wechaty-root-ca"
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC)
    assert ends == datetime(2031, 8, 7, 15, 48, 52, tzinfo=UTC)
    assert "Apache License" in WECHATY_CA.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("tls", "words"),
    [
        ("on", "`tls`: write `wechaty`, `off`, or { ca: FILE }"),
        ({"ca": "nowhere.pem"}, "there is no file `nowhere.pem`"),
        ({"ca": str(Path(__file__))}, "cannot be read as a certificate"),
        ({"ca": "/"}, "cannot be read as a certificate"),
        ({}, "`ca` is missing"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_told_when_the_configuration_is_checked(tls: object, words: str) -> None:
    with pytest.raises(ValueError, match="tls") as caught:
        checked(WechatySettings, {"endpoint": "127.0.0.1:8788", "token": "secret", "puppet": "mock", "tls": tls})
    assert words in str(caught.value)
