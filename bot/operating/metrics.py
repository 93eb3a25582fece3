"""The metrics: what is counted of the bot, and read of it, in Prometheus' form."""

import math
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.domain.timer import Purpose
from bot.operating.vitals import Vitals

# What a person notices is half a second; what a deploy or an outage takes is minutes.
_SECONDS_LATE = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1_800.0)


class Metrics(Collector):
    """An observer that counts what it hears of, and adds what the vitals are when it is asked."""

    def __init__(self, vitals: Vitals) -> None:
        self._vitals = vitals
        self._registry = CollectorRegistry()
        self._late = Histogram(
            "pomodoro_lateness_seconds",
            "From the time of a timer, or a reminder, to its message's being sent.",
            ("purpose",),
            buckets=_SECONDS_LATE,
            registry=self._registry,
        )
        self._requests = Counter(
            "pomodoro_discord_requests",
            "Requests to Discord, by what they ask for and the status of the answer (0: none came).",
            ("route", "status"),
            registry=self._registry,
        )
        self._limited = Counter(
            "pomodoro_discord_rate_limited",
            "Answers of 429, by whose limit was hit.",
            ("scope",),
            registry=self._registry,
        )
        # Prometheus sees the first of anything only where there was a nought before. No session is among these.
        for purpose in set(Purpose) - {Purpose.SESSION}:
            self._late.labels(purpose.value)
        for scope in ("user", "global", "shared"):
            self._limited.labels(scope)
        ProcessCollector(registry=self._registry)
        self._registry.register(self)

    def said(self, purpose: Purpose, seconds_late: float) -> None:
        """Count how late it was."""
        self._late.labels(purpose.value).observe(max(0.0, seconds_late))

    def answered(self, route: str, status: int, limit: str | None) -> None:
        """Count an answer."""
        self._requests.labels(route, str(status)).inc()
        if limit:
            self._limited.labels(limit).inc()

    async def text(self) -> bytes:
        """Write all of them down."""
        await self._vitals.count()
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Read the vitals."""
        vitals, parts = self._vitals, self._vitals.parts
        timers = GaugeMetricFamily(
            "pomodoro_timers",
            "Timers in the database, of all processes, half a minute old at most.",
            labels=("state",),
        )
        for state, count in vitals.timers.items():
            timers.add_metric((state,), count)
        yield timers
        yield _gauge("pomodoro_lease_held", "Whether this process holds a lease on its shards.", vitals.holds())
        latency = GaugeMetricFamily(
            "pomodoro_gateway_latency_seconds", "From a heartbeat to its answer.", labels=("shard",)
        )
        for shard, seconds in vitals.latencies().items():
            if math.isfinite(seconds):
                latency.add_metric((str(shard),), seconds)
        yield latency
        connects = CounterMetricFamily(
            "pomodoro_gateway_connects", "Connections to the gateway, the first among them.", labels=("how",)
        )
        for how, count in vitals.connects.items():
            connects.add_metric((how,), count)
        yield connects
        away = vitals.without_gateway() or 0.0
        yield _gauge("pomodoro_gateway_lost_seconds", "For how long it is without a gateway; 0 as a rule.", away)
        if parts is None:
            return
        house = parts.house
        yield _gauge("pomodoro_countdown_threads", "Timers that hold a thread.", house.roster.threads)
        yield _gauge("pomodoro_outbox_parcels", "Messages that wait to be said.", house.outbox.depth)
        yield _gauge("pomodoro_outbox_oldest_seconds", "How long the oldest of them waits.", house.outbox.oldest)
        yield _gauge("pomodoro_requests_waiting", "Requests that wait for their turn.", parts.pace.waiting)
        shut = parts.breaker.open_for()
        yield _gauge("pomodoro_breaker_open_seconds", "For how long no request is made; 0 as a rule.", shut)


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(name, documentation, value=value)
