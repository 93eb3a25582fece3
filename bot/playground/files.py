"""The files of the page."""

from __future__ import annotations

from importlib import resources

from aiohttp import web

_TYPES = {
    "html": "text/html",
    "js": "text/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
    "png": "image/png",
    "json": "application/json",
    "woff2": "font/woff2",
}


async def page_file(request: web.Request) -> web.StreamResponse:
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
