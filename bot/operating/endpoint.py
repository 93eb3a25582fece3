"""The endpoint: ``/metrics`` and ``/healthz`` over HTTP, for the machines that watch over the bot."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import structlog
from aiohttp import web

from bot.engine.clock import Clock
from bot.operating.metrics import Metrics
from bot.operating.vitals import Vitals

_log = structlog.get_logger(__name__)

# Seconds between tries to listen: in a deploy the earlier process may have the port for a while.
_RETRY = 5.0


@contextlib.asynccontextmanager
async def endpoint(host: str, port: int, vitals: Vitals, clock: Clock) -> AsyncIterator[Metrics]:
    """Serve what the vitals and the observer that is given here tell; port 0 takes a free one."""
    metrics = Metrics(vitals)

    async def tell_metrics(_: web.Request) -> web.Response:
        return web.Response(body=await metrics.text(), content_type="text/plain", charset="utf-8")

    async def tell_health(_: web.Request) -> web.Response:
        health = await vitals.health()
        return web.json_response(health, status=503 if health["look"] else 200)

    app = web.Application()
    app.router.add_get("/metrics", tell_metrics)
    app.router.add_get("/healthz", tell_health)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    listening = asyncio.create_task(_listen(runner, host, port, clock), name="endpoint")
    try:
        yield metrics
    finally:
        listening.cancel()
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int, clock: Clock) -> None:
    is_told = False
    while True:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            await site.stop()
            if not is_told:
                _log.warning("metrics_not_served", host=host, port=port, error=error.strerror)
                is_told = True
            await clock.sleep(_RETRY)
        else:
            _log.info("metrics_served", host=host, port=runner.addresses[0][1])
            return
