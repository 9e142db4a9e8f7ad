"""``groupkeeper schema``."""

import json

from bot.extensions import steps
from rules.language import schema


def schema_text() -> str:
    """The JSON Schema of configurations that use what is installed here."""
    return json.dumps(schema(steps()), ensure_ascii=False, indent=2)
