"""Effects in words, for a person who reads them in a terminal."""

from rules import effects as fx


def told(effect: fx.Effect) -> str:
    """One effect as a line (a text may have several)."""
    group = _bare(effect.group)
    match effect:
        case fx.SendText():
            answer = f" (to {_bare(effect.reply_to)})" if effect.reply_to else ""
            buttons = "".join(f"\n  [{button.text}]" for button in effect.buttons)
            return f"[{group}] bot{answer}: {_words(effect.text.literal)}{buttons}"
        case fx.SendPrivate():
            return f"[{group}] bot, to {_bare(effect.member)} alone: {_words(effect.text.literal)}"
        case fx.SendDocument():
            to = f" to {_bare(effect.member)} alone" if effect.member else ""
            return f"[{group}] sends {effect.name}{to}:\n  {_words(effect.content)}"
        case fx.DeleteMessage():
            return f"[{group}] deletes {_bare(effect.message)}"
        case fx.DeleteMessages():
            return f"[{group}] deletes {', '.join(_bare(message) for message in effect.messages)}"
        case fx.EditText():
            return f"[{group}] changes {_bare(effect.message)} to: {_words(effect.text.literal)}"
        case fx.AnswerButton():
            said = f": {_words(effect.text.literal)}" if effect.text is not None else ""
            return f"[{group}] answers the press of a button{said}"
        case fx.PinMessage():
            return f"[{group}] pins {_bare(effect.message)}"
        case fx.MuteMember():
            return f"[{group}] mutes {_bare(effect.member)}{_until(effect)}"
        case fx.UnmuteMember():
            return f"[{group}] gives {_bare(effect.member)} their voice back"
        case fx.KickMember():
            return f"[{group}] removes {_bare(effect.member)}, who may come back"
        case fx.BanMember():
            return f"[{group}] bans {_bare(effect.member)}{_until(effect)}"
        case fx.UnbanMember():
            return f"[{group}] lets {_bare(effect.member)} come back"
        case fx.AnswerJoinRequest():
            return f"[{group}] {'lets in' if effect.approve else 'turns down'} {_bare(effect.member)}"
        case fx.SetAnnouncement():
            return f"[{group}] sets the group's notice: {_words(effect.text.literal)}"
        case fx.RenameGroup():
            return f"[{group}] renames the group: {_words(effect.name.literal)}"
        case fx.InviteMember():
            return f"[{group}] invites {_bare(effect.member)}"


def _bare(qualified: str) -> str:
    return qualified.partition(":")[2] or qualified


def _words(text: str | None) -> str:
    return (text or "").replace("\n", "\n  ")


def _until(effect: fx.MuteMember | fx.BanMember) -> str:
    return f" until {effect.until:%Y-%m-%d %H:%M %Z}" if effect.until is not None else ""
