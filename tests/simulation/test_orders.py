"""What is an order in a chat, and what is simply said."""

import pytest

from bot.simulation.orders import Order, parse_order


@pytest.mark.parametrize(
    ("line", "order"),
    [
        ("hello", Order("say", ("hello",))),
        ("/rules", Order("say", ("/rules",))),
        ("as ann", Order("as", ("ann",))),
        ("扮演 安然", Order("as", ("安然",))),
        ("as if I knew", Order("say", ("as if I knew",))),
        ("join bo cy", Order("join", ("bo cy",))),
        ("leave", Order("leave")),
        ("role bo admin", Order("role", ("bo", "admin"))),
        ("role bo king", Order("say", ("role bo king",))),
        ("角色 小波 管理员", Order("role", ("小波", "管理员"))),
        ("+2h", Order("later", ("2h",))),
        ("+ 90m", Order("later", ("90m",))),
        ("+1小时30分", Order("later", ("1小时30分",))),
        ("+1", Order("say", ("+1",))),
        ("at 20:30", Order("at", ("20:30",))),
        ("at 2026-10-09 20:30", Order("at", ("2026-10-09 20:30",))),
        ("at last", Order("say", ("at last",))),
        (">3 yes", Order("reply", ("3", "yes"))),
        ("reply 3 yes, two lines", Order("reply", ("3", "yes, two lines"))),
        ("why", Order("why")),
        ("why 4", Order("why", ("4",))),
        ("why not?", Order("say", ("why not?",))),
        ("who", Order("who")),
        ("who is there?", Order("say", ("who is there?",))),
        ("help", Order("help")),
        ("help me, please", Order("say", ("help me, please",))),
        ("say as ann", Order("say", ("as ann",))),
        ("press 3 2", Order("press", ("3", "2"))),
        ("QUIT", Order("quit")),
    ],
)
def test_a_line_is_an_order_only_in_its_full_shape(line: str, order: Order) -> None:
    assert parse_order(line) == order
