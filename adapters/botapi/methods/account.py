"""The bot itself: who it is, its commands, its webhook."""

import re
from typing import Any
from urllib.parse import urlsplit

from adapters.botapi.bots import Webhook
from adapters.botapi.call import Call
from adapters.botapi.errors import bad_request
from adapters.botapi.queue import USUAL_KINDS, remember_allowed
from adapters.botapi.state import Json

_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = frozenset(
    {
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    }
)


def get_me(call: Call) -> Json:
    """getMe."""
    return call.bot.me()


def set_webhook(call: Call) -> bool:
    """setWebhook. The simulator takes ``http`` as well, since it stays on the loopback."""
    url = call.text("url")
    if not url:
        return delete_webhook(call)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = call.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    remember_allowed(call.bot.queue, call.structure("allowed_updates"))
    if call.flag("drop_pending_updates"):
        call.bot.queue.clear()
    call.bot.webhook = Webhook(
        url=url,
        secret=secret or None,
        max_connections=min(max(call.integer("max_connections", 40) or 40, 1), 100),
        ip_address=call.text("ip_address") or None,
        has_certificate="certificate" in call.files,
    )
    call.bot.queue.wake()
    return True


def delete_webhook(call: Call) -> bool:
    """deleteWebhook."""
    if call.flag("drop_pending_updates"):
        call.bot.queue.clear()
    call.bot.webhook = Webhook()
    call.bot.queue.wake()
    return True


def get_webhook_info(call: Call) -> Json:
    """getWebhookInfo."""
    hook = call.bot.webhook
    told: Json = {
        "url": hook.url,
        "has_custom_certificate": hook.has_certificate,
        "pending_update_count": len(call.bot.queue.waiting),
    }
    if hook.last_error is not None:
        told["last_error_date"] = int(hook.last_error[0].timestamp())
        told["last_error_message"] = hook.last_error[1]
    if hook.url:
        told["max_connections"] = hook.max_connections
        if hook.ip_address:
            told["ip_address"] = hook.ip_address
    if call.bot.queue.allowed != USUAL_KINDS:
        told["allowed_updates"] = sorted(call.bot.queue.allowed)
    return told


def log_out(call: Call) -> bool:
    """logOut: every later request answers 400 ``Logged out``."""
    call.bot.logged_out = True
    return True


def close(call: Call) -> bool:
    """close: nothing is kept open here."""
    return bool(call.bot.token)


def _scope(call: Call) -> tuple[str, str]:
    scope: Any = call.mapping("scope") or {"type": "default"}
    kind = str(scope.get("type"))
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    name = kind
    if kind in {"chat", "chat_administrators", "chat_member"}:
        chat = call.find_chat(scope.get("chat_id"))
        name = f"{kind}:{chat.id}"
        if kind == "chat_member":
            name += f":{scope.get('user_id')}"
    return name, call.text("language_code")


def set_my_commands(call: Call) -> bool:
    """setMyCommands, by scope and language."""
    given = call.structure("commands")
    if not isinstance(given, list):
        raise bad_request(
            "can't parse commands JSON object" if given is not None else 'parameter "commands" is required'
        )
    if len(given) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = []
    for one in call.objects(given, "BotCommand"):
        name, what = str(one.get("command", "")).lstrip("/"), str(one.get("description", ""))
        if not _COMMAND.fullmatch(name):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(what) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        commands.append({"command": name, "description": what})
    call.bot.commands[_scope(call)] = commands
    return True


def get_my_commands(call: Call) -> list[Json]:
    """getMyCommands: exactly those of the scope and language, none where none were set."""
    return call.bot.commands.get(_scope(call), [])


def delete_my_commands(call: Call) -> bool:
    """deleteMyCommands."""
    call.bot.commands.pop(_scope(call), None)
    return True


def get_my_name(call: Call) -> Json:
    """getMyName."""
    return {"name": call.bot.about.get(("name", call.text("language_code")), call.bot.user.first_name)}


def set_my_name(call: Call) -> bool:
    """setMyName."""
    call.bot.about["name", call.text("language_code")] = call.text("name") or call.bot.user.first_name
    return True


def get_my_description(call: Call) -> Json:
    """getMyDescription."""
    return {"description": call.bot.about.get(("description", call.text("language_code")), "")}


def set_my_description(call: Call) -> bool:
    """setMyDescription."""
    call.bot.about["description", call.text("language_code")] = call.text("description")
    return True


def get_my_short_description(call: Call) -> Json:
    """getMyShortDescription."""
    return {"short_description": call.bot.about.get(("short_description", call.text("language_code")), "")}


def set_my_short_description(call: Call) -> bool:
    """setMyShortDescription."""
    call.bot.about["short_description", call.text("language_code")] = call.text("short_description")
    return True
