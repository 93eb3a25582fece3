"""The CDN: attachments as they were sent, and avatars drawn from initials."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from aiohttp import web

from bot.localdiscord.snowflake import is_snowflake

if TYPE_CHECKING:
    from bot.localdiscord.backend import Backend

_COLORS = ("#5865f2", "#eb459e", "#3ba55c", "#faa61a", "#ed4245", "#00a8fc")


class Cdn:
    """Answers `/cdn/...`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def attachment(self, request: web.Request) -> web.StreamResponse:
        """Send a file; nothing of it is ever run in the page, whatever its type says."""
        file = self._backend.files.file(request.match_info["attachment_id"])
        if file is None:
            return web.Response(status=404, text="This content is no longer available.")
        kind, content = file
        headers = {"Content-Type": kind, "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        return web.Response(body=content, headers=headers)

    async def avatar(self, request: web.Request) -> web.StreamResponse:
        """Send a picture with a user's initial on a colour of their own."""
        user_id = request.match_info["user_id"].split(".")[0]
        user = self._backend.world.users.get(user_id)
        name = user.shown_name if user else "?"
        color = _COLORS[(int(user_id) >> 22) % len(_COLORS)] if is_snowflake(user_id) else _COLORS[0]
        picture = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" '
            f'fill="{color}"/><text x="32" y="33" fill="#fff" font-family="sans-serif" font-size="32" '
            f'text-anchor="middle" dominant-baseline="central">{escape(name[:1].upper())}</text></svg>'
        )
        return web.Response(
            body=picture.encode(), headers={"Content-Type": "image/svg+xml", "Cache-Control": "max-age=3600"}
        )
