"""File boxes: how files travel between a gateway and its clients, as JSON."""

import base64
import binascii
import json
from typing import Any

from msgspec import Struct

from adapters.errors import Rejected

BASE64, URL, UUID = 1, 2, 7
"""The kinds of box that are read here. 2 is an address, which is not fetched: it may lead anywhere."""
INLINE = 3_000_000
"""Bytes that travel in the box itself: a gRPC message of a gateway holds 4 MiB."""


class Box(Struct, frozen=True):
    """What a box says: the file's ``name``, and either its bytes, or the ``uuid`` by which the gateway gives them."""

    name: str
    content: bytes | None = None
    uuid: str = ""


def opened(written: str, most: int) -> Box:
    """What stands in a box. Raises ``Rejected`` where it is none, or holds more than ``most`` bytes."""
    try:
        box = json.loads(written)
    except ValueError as error:
        raise Rejected("the gateway's answer is no file") from error
    if not isinstance(box, dict):
        raise Rejected("the gateway's answer is no file")
    kind, name = box.get("boxType", box.get("type")), str(box.get("name") or "file")
    if kind == BASE64 and isinstance(box.get("base64"), str):
        if len(box["base64"]) * 3 // 4 > most:
            raise Rejected(f"the file is larger than {most} bytes")
        try:
            return Box(name, base64.b64decode(box["base64"]))
        except binascii.Error as error:
            raise Rejected("the gateway's file is damaged") from error
    if kind == UUID and isinstance(box.get("uuid"), str):
        size = box.get("size")
        if isinstance(size, int) and size > most:
            raise Rejected(f"the file is larger than {most} bytes")
        return Box(name, uuid=box["uuid"])
    raise Rejected(f"the gateway gives the file in a way that is not taken (box {kind})")


def packed(name: str, content: bytes) -> str:
    """A box with the bytes in it."""
    return _written({"boxType": BASE64, "type": BASE64, "name": name, "base64": base64.b64encode(content).decode()})


def named(name: str, uuid: str, size: int) -> str:
    """A box for bytes that were given to the gateway before."""
    return _written({"boxType": UUID, "type": UUID, "name": name, "uuid": uuid, "size": size})


def _written(box: dict[str, Any]) -> str:
    return json.dumps({**box, "metadata": {}})
