"""What the simulator tells is what the Bot API tells: aiogram's models take it, and no field is left over."""

from collections import Counter
from typing import Any

import pytest
import telegram

from adapters.botapi.ready import ready_world
from tests.botapi.honesty import Dishonest, valid_result, valid_update
from tests.botapi.walking import Walk

STEPS = 6000


async def _walked(seed: int, steps: int) -> Walk:
    walk = Walk(seed)
    for _ in range(steps):
        await walk.step()
    return walk


def test_a_message_is_told_as_the_bot_api_tells_it() -> None:
    ready = ready_world()
    ready.people.say(ready.bo, ready.group, "come to www.example.com @ann")
    (update,) = ready.bot.queue.waiting
    read = valid_update(update)
    assert read.message is not None
    assert read.message.text == "come to www.example.com @ann"
    assert [entity.type for entity in read.message.entities or ()] == ["url", "mention"]


async def test_on_a_long_walk_every_update_is_one_of_the_bot_api() -> None:
    walk = await _walked(7, STEPS)
    problems: Counter[str] = Counter()
    for update in walk.updates:
        try:
            valid_update(update)
        except Dishonest as error:
            problems[str(error)[:600]] += 1
    assert not problems, "\n\n".join(f"{count} times: {what}" for what, count in problems.most_common(12))
    never = [verb for verb in walk.verbs() if not walk.done[verb]]
    assert not never, f"the walk never managed to {never}: {walk.refused}"
    kinds = Counter(kind for update in walk.updates for kind in update if kind != "update_id")
    assert set(kinds) >= {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "message_reaction",
        "message_reaction_count",
        "callback_query",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
    }


async def test_every_answer_is_one_of_the_bot_api() -> None:
    walk = await _walked(8, STEPS // 2)
    for request in walk.server.log:
        if request.ok:
            valid_result(request.method, request.result)
    assert len({request.method for request in walk.server.log if request.ok}) >= 15


async def test_python_telegram_bot_reads_the_same_ids() -> None:
    walk = await _walked(9, STEPS // 3)
    for update in walk.updates:
        ours, theirs = valid_update(update), telegram.Update.de_json(update, None)
        event: Any = ours.event
        message = event if hasattr(event, "message_id") else getattr(event, "message", None)
        chat = getattr(event, "chat", None) or getattr(message, "chat", None)
        assert theirs.update_id == ours.update_id
        assert (theirs.effective_chat.id if theirs.effective_chat else None) == (chat.id if chat else None), update
        if theirs.effective_message is not None:
            assert theirs.effective_message.message_id == message.message_id
        sender = getattr(event, "from_user", None) or getattr(event, "user", None)
        assert (theirs.effective_user.id if theirs.effective_user else None) == (sender.id if sender else None), update


@pytest.mark.parametrize(
    ("update", "why"),
    [
        ({"update_id": 1, "message": {"message_id": 1, "date": 0, "text": "x"}}, "chat"),
        (
            {"update_id": 1, "message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}, "shade": 3}},
            "shade",
        ),
        ({"update_id": 1, "novelty": {}}, "novelty"),
    ],
)
def test_what_the_bot_api_does_not_say_is_noticed(update: dict[str, Any], why: str) -> None:
    with pytest.raises(Dishonest, match=why):
        valid_update(update)
