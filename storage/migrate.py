"""A group whose platform gave it a new id: everything of it follows, in one transaction."""

from sqlalchemy import Connection


def migrate(conn: Connection, old: str, new: str) -> None:
    """Give the group ``old`` the id ``new``."""
    raise NotImplementedError
