"""The metrics: counters and gauges of the bot, in Prometheus' format."""

import math
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.domain.timers.timer import Purpose
from bot.engine.observer import Observer
from bot.operating.health import Health

# A person notices half a second; a deploy or an outage takes minutes.
_SECONDS_LATE = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1_800.0)


class Metrics(Collector, Observer):
    """An observer that counts events, and adds the bot's state when scraped."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._registry = CollectorRegistry()
        self._late = Histogram(
            "pomodoro_lateness_seconds",
            "From when a timer or reminder was due to when its message was sent.",
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
        self._maybe_twice = Counter(
            "pomodoro_maybe_sent_twice",
            "Messages repeated long after a lost answer, where nobody could look whether they had arrived.",
            registry=self._registry,
        )
        # Prometheus sees a first increment only where there was a zero before. Sessions have no lateness.
        for purpose in set(Purpose) - {Purpose.SESSION}:
            self._late.labels(purpose.value)
        for scope in ("user", "global", "shared"):
            self._limited.labels(scope)
        ProcessCollector(registry=self._registry)
        self._registry.register(self)

    def announced(self, purpose: Purpose, seconds_late: float) -> None:
        """Record the lateness of an announcement."""
        self._late.labels(purpose.value).observe(max(0.0, seconds_late))

    def answered(self, route: str, status: int, limit: str | None) -> None:
        """Count a response."""
        self._requests.labels(route, str(status)).inc()
        if limit:
            self._limited.labels(limit).inc()

    def maybe_twice(self, messages: int) -> None:
        """Count messages that may have been sent twice."""
        self._maybe_twice.inc(messages)

    async def text(self) -> bytes:
        """Return all metrics as text."""
        await self._health.count()
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics that are read from the bot's health."""
        health, parts = self._health, self._health.parts
        timers = GaugeMetricFamily(
            "pomodoro_timers",
            "Timers in the database, of all processes, half a minute old at most.",
            labels=("state",),
        )
        for state, count in health.timers.items():
            timers.add_metric((state,), count)
        yield timers
        yield _gauge("pomodoro_lease_held", "Whether this process holds a lease on its shards.", health.holds())
        latency = GaugeMetricFamily(
            "pomodoro_gateway_latency_seconds", "From a heartbeat to its answer.", labels=("shard",)
        )
        for shard, seconds in health.latencies().items():
            if math.isfinite(seconds):
                latency.add_metric((str(shard),), seconds)
        yield latency
        connects = CounterMetricFamily(
            "pomodoro_gateway_connects", "Connections to the gateway, including the first.", labels=("how",)
        )
        for how, count in health.connects.items():
            connects.add_metric((how,), count)
        yield connects
        away = health.without_gateway() or 0.0
        yield _gauge("pomodoro_gateway_lost_seconds", "How long it has been without a gateway; normally 0.", away)
        if parts is None:
            return
        container = parts.container
        yield _gauge("pomodoro_countdown_threads", "Timers that hold a thread.", container.scheduler.threads)
        yield _gauge("pomodoro_outbox_messages", "Messages waiting to be sent.", container.outbox.depth)
        yield _gauge(
            "pomodoro_outbox_oldest_seconds", "How long the oldest has been waiting.", container.outbox.oldest
        )
        yield _gauge("pomodoro_requests_waiting", "Requests waiting for their turn.", parts.rate_limiter.waiting)
        shut = parts.rate_limiter.breaker.open_for()
        yield _gauge("pomodoro_breaker_open_seconds", "How long only what is due is sent; normally 0.", shut)


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(name, documentation, value=value)
