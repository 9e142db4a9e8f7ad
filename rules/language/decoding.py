"""Bytes of a file into text, with a complaint that helps where they are none."""

from rules.errors import Complaint, Place
from rules.language.loaded import LARGEST

_BREAKS = str.maketrans({"\x85": " ", "\u2028": " ", "\u2029": " "})


def decode(data: bytes, file: str) -> tuple[str, Complaint | None]:
    """A file's text with ``\\n`` between lines, or a complaint saying why it is none."""
    if len(data) > LARGEST:
        why = f"is {len(data) / 1_000_000:.1f} MB; a file of a configuration may have {LARGEST // 1_000_000} MB"
        return "", Complaint(Place(file), why)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", Complaint(Place(file, 1, 1), "is saved as UTF-16; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "", _not_utf8(data, error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0), file)
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS), None


def _not_utf8(data: bytes, at: int, file: str) -> Complaint:
    before = data[:at].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace").removeprefix("\ufeff")) + 1
    try:
        chinese = any("\u4e00" <= sign <= "\u9fff" for sign in data[at:].decode("gb18030"))
    except UnicodeDecodeError:
        chinese = False
    hint = "; it looks like GBK (ANSI, as Windows writes it): save it as UTF-8" if chinese else "; save it as UTF-8"
    return Complaint(Place(file, line, column), f"byte {at + 1} (0x{data[at]:02X}) is not UTF-8{hint}")
