"""The endpoint: ``/metrics`` and ``/healthz`` over HTTP, for monitoring."""

import contextlib
from collections.abc import AsyncIterator

import structlog
from aiohttp import web

from bot.engine.clock import Clock
from bot.engine.supervisor import supervised
from bot.operating.health import Health
from bot.operating.metrics import Metrics

_log = structlog.get_logger(__name__)

# Seconds between tries to listen: in a deploy the old process may hold the port for a while.
_RETRY = 5.0


@contextlib.asynccontextmanager
async def endpoint(host: str, port: int, health: Health, clock: Clock) -> AsyncIterator[Metrics]:
    """Serve health and the metrics of the yielded observer; port 0 picks a free port."""
    metrics = Metrics(health)

    async def get_metrics(_: web.Request) -> web.Response:
        return web.Response(body=await metrics.text(), content_type="text/plain", charset="utf-8")

    async def get_health(_: web.Request) -> web.Response:
        report = await health.report()
        return web.json_response(report, status=503 if report["look"] else 200)

    app = web.Application()
    app.router.add_get("/metrics", get_metrics)
    app.router.add_get("/healthz", get_health)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    listening = supervised("endpoint", lambda: _listen(runner, host, port, clock), clock)
    try:
        yield metrics
    finally:
        listening.cancel()
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int, clock: Clock) -> None:
    is_reported = False
    while True:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            await site.stop()
            if not is_reported:
                _log.warning("metrics_not_served", host=host, port=port, error=error.strerror)
                is_reported = True
            await clock.sleep(_RETRY)
        else:
            _log.info("metrics_served", host=host, port=runner.addresses[0][1])
            return
