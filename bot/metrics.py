"""What is counted while the bot runs, for Prometheus, in a registry of its own."""

from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

from bot.observer import Observer
from bot.settle import Settled
from rules.effects import Lane, kind_of
from schedules.clock import Clock
from storage.outbox import Delivery, State

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)


class Metrics(Observer):
    """Counts what the bot tells of. ``adapters`` says which feed events at this moment."""

    def __init__(self, clock: Clock, version: str) -> None:
        self.adapters: dict[str, bool] = {}
        self.registry = CollectorRegistry()
        self._clock = clock

        def counter(name: str, words: str, *labels: str) -> Counter:
            return Counter(f"groupkeeper_{name}", words, labels, registry=self.registry)

        def gauge(name: str, words: str, *labels: str) -> Gauge:
            return Gauge(f"groupkeeper_{name}", words, labels, registry=self.registry)

        self._events = counter("events", "Events settled.")
        self._decisions = counter("decisions", "Events on which a rule acted or would have.")
        self._rules = counter(
            "rule_outcomes", "How rules came out, but for those that did not hold.", "rule", "outcome"
        )
        self._deliveries = counter("deliveries", "Effects by what became of them.", "effect", "state")
        self._uncertain = counter("uncertain", "Texts of which is unknown whether they arrived.")
        self._parked = counter("parked", "Events put aside because they could not be settled.")
        self._quarantined = counter("quarantined", "Updates put into quarantine because they could not be read.")
        self._reloads = counter("reloads", "Configurations read again.", "result")
        self._took = Histogram(
            "groupkeeper_delivery_seconds",
            "Seconds from an event to its effect on the platform.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._adapter_up = gauge("adapter_up", "Whether an adapter feeds events.", "adapter")
        self._inbox = gauge("inbox_depth", "Events that wait to be decided on.")
        self._outbox = gauge("outbox_depth", "Effects that wait to be performed.", "lane")
        self._quarantine = gauge("quarantine_depth", "Updates that lie in quarantine.")
        self._writes = gauge("writes_waiting", "Works that wait for the next commit.")
        self._lag = gauge("loop_lag_seconds", "How late the event loop came to its last heartbeat.")
        self._info = gauge("info", "The version that runs, and that of its rules.", "version", "rulebook")
        self._version = version
        ProcessCollector(registry=self.registry)

    def settled(self, settled: Settled) -> None:
        self._events.inc(settled.events)
        self._decisions.inc(settled.decided)
        for (rule, outcome), times in settled.rules.items():
            self._rules.labels(rule, outcome).inc(times)

    def delivered(self, delivery: Delivery, state: str) -> None:
        self._deliveries.labels(kind_of(delivery.effect), state).inc()
        if state == State.UNCERTAIN:
            self._uncertain.inc()
        if state == State.SENT and delivery.created_at is not None and delivery.not_before is None:
            self._took.observe(max((self._clock.now() - delivery.created_at).total_seconds(), 0.0))

    def parked(self) -> None:
        self._parked.inc()

    def quarantined(self, count: int) -> None:
        self._quarantined.inc(count)

    def reloaded(self, *, ok: bool) -> None:
        self._reloads.labels("taken_over" if ok else "refused").inc()

    def connected(self, adapter: str, *, up: bool) -> None:
        self.adapters[adapter] = up
        self._adapter_up.labels(adapter).set(up)

    def lag(self, seconds: float) -> None:
        """The event loop was so late for a heartbeat."""
        self._lag.set(seconds)

    def depths(self, inbox: int, outbox: dict[Lane, int], quarantine: int, writes: int) -> None:
        """So much waits, or lies in quarantine, at this moment."""
        self._inbox.set(inbox)
        for lane in Lane:
            self._outbox.labels(lane.name.lower()).set(outbox.get(lane, 0))
        self._quarantine.set(quarantine)
        self._writes.set(writes)

    def exposition(self, rulebook: str) -> bytes:
        """Everything, as Prometheus reads it."""
        self._info.clear()
        self._info.labels(self._version, rulebook).set(1)
        text: Any = generate_latest(self.registry)
        return bytes(text)
