"""What follows from news of a connection where clocks are set back, or it goes on and off without end."""

from datetime import UTC, datetime, timedelta

from adapters.protocol import News
from bot.connection_policy import Course, course
from rules.tally import Outage
from storage.connections import Known

NOW = datetime(2026, 10, 5, 2, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)  # it was this late before the clock was set right


def heard(news: News, known: Known, *recent: Outage) -> Course:
    return course(news, known, recent, NOW, fresh=False, restarted=False)


def test_a_login_code_is_shown_although_the_last_was_shown_later_by_the_clock_of_then() -> None:
    shown = Known(account="Bot", trouble="scan", trouble_at=LATER, tell_at=LATER + timedelta(hours=1), since=LATER)
    found = heard(News("wx", "scan", NOW), shown)
    assert found.told
    assert not heard(News("wx", "scan", NOW + timedelta(minutes=1)), found.known).told


def test_an_outage_that_ends_before_it_began_is_none() -> None:
    lost = Known(account="Bot", trouble="lost", trouble_at=LATER, tell_at=LATER + timedelta(minutes=1), since=LATER)
    found = heard(News("wx", "back", NOW, since=LATER), lost)
    assert (found.outage, found.told, found.known) == (None, False, Known(account="Bot"))


def test_staff_are_told_although_a_link_was_away_fifty_times_within_the_hour() -> None:
    times = [NOW - timedelta(seconds=66 * number) for number in range(54, 0, -1)]
    recent = [Outage("wx", since, since + timedelta(seconds=61)) for since in times]
    found = heard(News("wx", "lost", NOW), Known(account="Bot"), *recent)
    assert found.not_before == NOW + timedelta(minutes=8)
