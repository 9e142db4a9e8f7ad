"""The buttons below a message, with where they lead and what they hand over."""

from typing import Any

from adapters.telegram.reading.values import Json, objects, words
from rules.values import Button

_OPENED = ("web_app", "login_url")
_HANDED = ("switch_inline_query", "switch_inline_query_current_chat")


def buttons_in(markup: Any) -> tuple[Button, ...]:
    """The buttons of an inline keyboard, row after row."""
    rows = markup.get("inline_keyboard") if type(markup) is dict else None
    if type(rows) is not list:
        return ()
    return tuple(_button(button) for row in rows for button in objects(row))


def _button(x: Json) -> Button:
    url = words(x.get("url"))
    for key in _OPENED:
        if not url and type(x.get(key)) is dict:
            url = words(x[key].get("url"))
    text = words(x.get("text"))
    if handed := _handed(x):  # what the reader's keyboard or clipboard is filled with is told like what is shown
        text = f"{text} {handed}".strip()
    return Button(text, url or None, words(x.get("callback_data")) or None)


def _handed(x: Json) -> str:
    for key, inside in (("copy_text", "text"), ("switch_inline_query_chosen_chat", "query")):
        if type(x.get(key)) is dict:
            return words(x[key].get(inside))
    return next((words(x[key]) for key in _HANDED if key in x), "")
