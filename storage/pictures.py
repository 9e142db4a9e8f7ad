"""What was read in pictures, by the platform's name and its unique id of the file.

Who posted a picture is not kept beside it. It goes with the texts of messages (``storage.retention``).
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from storage.moments import micros, moment
from storage.schema import pictures
from storage.statements import chunks, clean, dialect_of, upsert


def keep(conn: Connection, found: Mapping[str, str], at: datetime) -> None:
    """Keep findings (JSON) by file, over those that were kept before."""
    rows = [{"file": file, "at": micros(at), "findings": clean(findings)} for file, findings in found.items()]
    if rows:
        conn.execute(upsert(dialect_of(conn), pictures), rows)


def load(conn: Connection, files: Collection[str]) -> dict[str, tuple[str, datetime]]:
    """The findings on files and when they were kept; files that were not looked at are left out."""
    c = pictures.c
    found: dict[str, tuple[str, datetime]] = {}
    for part in chunks(list(files)):
        for file, findings, at in conn.execute(select(c.file, c.findings, c.at).where(c.file.in_(part))):
            found[file] = (findings, moment(at))
    return found
