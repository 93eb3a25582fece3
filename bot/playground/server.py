"""The HTTP server: one loopback port for REST, gateway, CDN and the page."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from aiohttp import web
from yarl import URL

from bot.playground.cdn import Cdn
from bot.playground.play import Play
from bot.playground.rest import Rest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.playground.backend import Backend
    from bot.playground.botprocess import BotProcess

HOST = "127.0.0.1"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_LARGEST_BODY = 110 * 1024 * 1024


class Server:
    """Listens on 127.0.0.1 only; port 0 takes a free one."""

    def __init__(self, backend: Backend, port: int, bot: BotProcess | None) -> None:
        self._backend = backend
        self._port = port
        self._play = Play(backend, bot)
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
        self._backend.faults.release()
        await self._backend.gateway.drop(resumable=True, code=1001)
        await self._play.close()
        if self._runner:
            await self._runner.cleanup()
        self._backend.close()

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[loopback_only], client_max_size=_LARGEST_BODY)
        cdn = Cdn(self._backend)
        rest = Rest(self._backend)
        app.router.add_route("*", "/api/v10/{tail:.*}", rest.handle)
        app.router.add_route("*", "/api/{tail:.*}", rest.unknown)
        app.router.add_get("/gateway", self._backend.gateway.serve)
        app.router.add_get("/gateway/", self._backend.gateway.serve)
        app.router.add_get("/cdn/attachments/{channel_id}/{attachment_id}/{name}", cdn.attachment)
        app.router.add_get("/cdn/avatars/{user_id}", cdn.avatar)
        app.router.add_get("/cdn/avatars/{user_id}/{name}", cdn.avatar)
        self._play.add_to(app)
        app.router.add_get("/", page)
        app.router.add_get("/page/{path:.+}", page)
        return app


@web.middleware
async def loopback_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse requests that name another host, or come from another site's page: a web page must not reach in."""
    hosts = [URL(f"http://{request.headers.get('Host', '')}").host]
    if origin := request.headers.get("Origin"):
        hosts.append(URL(origin).host)
    if not _LOOPBACK.issuperset(hosts):
        return web.Response(status=403, text="The local Discord answers this machine only.")
    return await handler(request)


_TYPES = {
    "html": "text/html",
    "js": "text/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
    "png": "image/png",
    "json": "application/json",
    "woff2": "font/woff2",
}


async def page(request: web.Request) -> web.StreamResponse:
    """Send the page or one of its files."""
    path = request.match_info.get("path", "index.html")
    parts = path.split("/")
    if any(part in {"", ".", ".."} or "\\" in part for part in parts):
        return web.Response(status=404)
    file = resources.files("bot.playground").joinpath("page", *parts)
    if not file.is_file():
        return web.Response(status=404, text=f"The playground's page has no {path}.")
    kind = _TYPES.get(path.rsplit(".", 1)[-1], "application/octet-stream")
    return web.Response(
        body=file.read_bytes(),
        content_type=kind,
        charset="utf-8" if kind.startswith("text/") else None,
        headers={"Cache-Control": "no-cache"},
    )
