"""The HTTP server: one loopback port for REST, gateway, CDN, and anything else to serve beside them."""

from __future__ import annotations

import logging
import time
from traceback import format_exc
from typing import TYPE_CHECKING, Protocol

from aiohttp import web
from yarl import URL

from bot.localdiscord.cdn import Cdn
from bot.localdiscord.exchange import Exchange
from bot.localdiscord.failures import PORTAL
from bot.localdiscord.rest import Rest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.localdiscord.backend import Backend

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_log = logging.getLogger(__name__)
HOST = "127.0.0.1"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_LARGEST_BODY = 25 * 1024 * 1024
"""Source: https://discord.com/developers/docs/resources/message#create-message"""


class Surface(Protocol):
    """Something else on the same port, such as a page for people."""

    def add_to(self, app: web.Application) -> None:
        """Register its addresses."""

    async def close(self) -> None:
        """Close its connections."""


class Server:
    """Listens on 127.0.0.1 only; port 0 takes a free one."""

    def __init__(self, backend: Backend, port: int) -> None:
        self._backend = backend
        self._port = port
        self.surfaces: list[Surface] = []
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen; raise OSError when the port is taken."""
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, HOST, self._port, reuse_address=True)
        try:
            await site.start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self._backend.open(f"http://{HOST}:{runner.addresses[0][1]}")

    async def stop(self) -> None:
        """Close all connections and stop listening."""
        self._backend.faults.clear()
        await self._backend.gateway.drop(resumable=True, code=1001)
        for surface in self.surfaces:
            await surface.close()
        if self._runner:
            await self._runner.cleanup()
        self._backend.close()

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._recorded, loopback_only], client_max_size=_LARGEST_BODY)
        cdn = Cdn(self._backend)
        rest = Rest(self._backend)
        app.router.add_route("*", r"/api/v10/{tail:[\s\S]*}", rest.handle)
        app.router.add_route("*", r"/api/{tail:[\s\S]*}", rest.unknown)
        app.router.add_route("*", PORTAL, portal)
        app.router.add_get("/gateway", self._backend.gateway.serve)
        app.router.add_get("/gateway/", self._backend.gateway.serve)
        app.router.add_get("/cdn/attachments/{channel_id}/{attachment_id}/{name}", cdn.attachment)
        app.router.add_get("/cdn/avatars/{user_id}", cdn.avatar)
        app.router.add_get("/cdn/avatars/{user_id}/{name}", cdn.avatar)
        for surface in self.surfaces:
            surface.add_to(app)
        return app

    @web.middleware
    async def _recorded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Record it as a crash where anything but REST, which does so itself, fails."""
        try:
            return await handler(request)
        except (web.HTTPException, ConnectionError):
            raise
        except Exception:
            _log.exception("the local Discord has failed at %s %s", request.method, request.path)
            crash = Exchange(
                time.time(), request.method, request.path, request.path, None, 500, None, traceback=format_exc()
            )
            self._backend.record.crashes.append(crash)
            raise


async def portal(_: web.Request) -> web.StreamResponse:
    """Show the page that requests are redirected to by a network that wants one to log in first."""
    page = "<!DOCTYPE html>\n<html><head><title>Log in to the network</title></head><body></body></html>\n"
    return web.Response(text=page, content_type="text/html")


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests that name another host, or come from another site's page: a web page must not reach in."""
    named = [f"http://{request.headers.get('Host', '')}", *request.headers.getall("Origin", [])]
    try:
        local = _LOOPBACK.issuperset(URL(address).host for address in named)
    except ValueError:
        local = False
    if not local:
        return web.Response(status=403, text="The local Discord answers this machine only.")
    return await handler(request)
