"""One connection to a gateway, with TLS as it is set. What is lost stays lost: nothing goes out unheard of."""

import asyncio
import ssl
from pathlib import Path

from grpclib.client import Channel, Handler
from grpclib.config import Configuration
from grpclib.protocol import H2Protocol

from adapters.wechaty.settings import WechatySettings
from adapters.wechaty.wire.faults import LOST, NotConnected

WECHATY_CA = Path(__file__).with_name("wechaty-ca.pem")
WECHATY_NAME = "insecure"
"""The name in the certificate that comes with every gateway."""
TLS_ALERT = b"\x15"
"""How a server begins that speaks TLS to a client that does not."""
STREAM_WINDOW, CONNECTION_WINDOW = 1 << 20, 16 << 20
"""Bytes that may be on their way. That of one stream is far smaller: while events wait unread, answers get through."""


class _Protocol(H2Protocol):
    """HTTP/2 that remembers how it was spoken to: what answers may be no HTTP/2 at all."""

    first = b""

    def data_received(self, data: bytes) -> None:
        self.first = self.first or data[:1]
        super().data_received(data)


class GatewayChannel(Channel):
    """A channel that connects once. grpclib's own connects anew by itself, past the stream of events."""

    _kept: _Protocol | None = None
    _spent = False
    _transport: asyncio.Transport | None = None

    @property
    def no_http2(self) -> bool:
        """Whether it was connected and spoken to by something else than HTTP/2, or hung up on without a word."""
        return self._kept is not None and self._kept.first in (b"", TLS_ALERT)

    def _protocol_factory(self) -> H2Protocol:
        self._kept = _Protocol(Handler(), self._config, self._h2_config)
        return self._kept

    async def __connect__(self) -> H2Protocol:
        """The connection. Raises ``NotConnected`` once it is lost or closed."""
        if self._spent and not self._connected:
            raise NotConnected("the connection to the gateway is lost")
        protocol = await super().__connect__()
        if not self._spent:
            self._transport = protocol.connection._transport
        self._spent = True
        return protocol

    def close(self) -> None:
        """Close it for good."""
        self._spent = True
        super().close()
        if self._transport is not None:
            self._transport.abort()  # one that nobody reads at the other end would stay open
            self._transport = None


def channel_to(settings: WechatySettings) -> GatewayChannel:
    """A channel, not connected yet. Raises ``OSError`` where the file of the certificate authority cannot be read."""
    host, _, port = settings.endpoint.rpartition(":")
    secure, name = _secured(settings)
    config = Configuration(
        http2_stream_window_size=STREAM_WINDOW,
        http2_connection_window_size=CONNECTION_WINDOW,
        ssl_target_name_override=name,
    )
    channel = GatewayChannel(host.strip("[]"), int(port), ssl=secure, config=config)
    channel._authority = settings.token  # a gateway of 1.x takes the token from there
    return channel


def mismatch(settings: WechatySettings, channel: GatewayChannel, error: BaseException | None) -> str | None:
    """What to change where a connection failed because one side speaks TLS and the other does not; None elsewhere."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the gateway shows another certificate than `tls:` asks for: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return "the gateway does not speak TLS: write `tls: off`, or start the gateway with TLS"
    if settings.tls == "off" and channel.no_http2 and isinstance(error, LOST) and not isinstance(error, TimeoutError):
        return "the gateway hangs up at once: it may speak TLS; then write `tls: wechaty`"
    return None


def _secured(settings: WechatySettings) -> tuple[ssl.SSLContext | None, str | None]:
    tls = settings.tls
    if tls == "off":
        return None, None
    context = ssl.create_default_context(cafile=WECHATY_CA if tls == "wechaty" else tls.ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["h2"])
    return context, WECHATY_NAME if tls == "wechaty" else tls.name
