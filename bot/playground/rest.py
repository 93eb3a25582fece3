"""The REST surface: token, faults, limits, routes, errors, and the record of it all."""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.playground.attachments import Upload
from bot.playground.errors import DiscordError
from bot.playground.exchange import Exchange
from bot.playground.route import Call, Route, Routes
from bot.playground.routes.table import ALL_ROUTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.playground.backend import Backend
    from bot.playground.wire import Json

_log = logging.getLogger(__name__)
_MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_id")


class Rest:
    """Answers `/api/v10/...` as Discord does."""

    def __init__(self, backend: Backend, routes: Routes = ALL_ROUTES) -> None:
        self._backend = backend
        self._routes = routes

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request and record it."""
        at = time.time()
        path = "/" + request.match_info["tail"]
        found = self._routes.find(request.method, path)
        template = found[0].template if found else path
        fault = self._backend.faults.strike(request.method, template)
        status, answer = 0, None
        headers: dict[str, str] = {}
        body, uploads = None, list[Upload]()
        try:
            body, uploads = await read_body(request)
        except DiscordError as error:
            status, answer = error.status, error.body()
        if fault == "hang":
            await self._backend.faults.hang()
        if fault in {"drop", "hang"}:
            status = 0
        elif fault and fault != "lost":
            status, answer, headers = self._struck(fault)
        elif not status:
            status, answer, headers = await self._act(request, path, found, body, uploads)
        if status in {401, 403, 429} and headers.get("X-RateLimit-Scope") != "shared":
            self._backend.limits.invalid += 1
        lost = fault in {"drop", "hang", "lost"}
        self._backend.record.add(
            Exchange(at, request.method, path, template, body, 0 if lost else status, None if lost else answer)
        )
        if lost:
            return self._cut(request)
        return json_answer(status, answer, headers)

    async def unknown(self, request: web.Request) -> web.StreamResponse:
        """Answer what is beside version 10 of the API."""
        return json_answer(404, _unknown(request.method, request.path), {})

    async def _act(
        self,
        request: web.Request,
        path: str,
        found: tuple[Route, dict[str, str]] | None,
        body: Any,
        uploads: list[Upload],
    ) -> tuple[int, Any, dict[str, str]]:
        if found is None:
            return 404, _unknown(request.method, path), {}
        route, parameters = found
        if not route.public and request.headers.get("Authorization") != f"Bot {self._backend.token}":
            return 401, DiscordError(0).body(), {}
        major = "/".join(parameters[name] for name in _MAJOR if name in parameters)
        verdict = self._backend.limits.check(
            f"{route.method} {route.template}", major, counted_globally=not route.unlimited
        )
        if verdict.retry_after is not None:
            refusal = {
                "message": "You are being rate limited.",
                "retry_after": round(verdict.retry_after, 3),
                "global": verdict.everywhere,
                "code": 0,
            }
            return 429, refusal, verdict.headers
        call = Call(self._backend, parameters, request.query, body, uploads)
        return await answer_call(route, call, verdict.headers)

    def _struck(self, fault: str) -> tuple[int, Any, dict[str, str]]:
        if fault == "429":
            after = self._backend.faults.retry_after
            self._backend.limits.rate_limited += 1
            body = {"message": "You are being rate limited.", "retry_after": after, "global": False, "code": 0}
            return 429, body, {"Retry-After": f"{after:.3f}", "X-RateLimit-Scope": "user"}
        return int(fault), {"message": f"{fault}: a fault of the local Discord", "code": 0}, {}

    @staticmethod
    def _cut(request: web.Request) -> web.StreamResponse:
        if request.transport:
            request.transport.abort()
        return web.Response(status=499)


def _unknown(method: str, path: str) -> Json:
    message = f"the local Discord does not know {method} {path}"
    _log.error("%s", message)
    return {"message": message, "code": 0}


async def answer_call(route: Route, call: Call, headers: Mapping[str, str]) -> tuple[int, Any, dict[str, str]]:
    """Run a route's handler; what it raises of Discord's errors becomes the answer."""
    try:
        status, answer = await route.handler(call)
    except DiscordError as error:
        more = dict(headers)
        if error.status == 429:
            more |= {"Retry-After": str(error.more.get("retry_after", 1)), "X-RateLimit-Scope": "user"}
        return error.status, error.body(), more
    return status, answer, dict(headers)


async def read_body(request: web.Request) -> tuple[Any, list[Upload]]:
    """Return the JSON of a request and the files beside it; raise 50109 for what is no JSON."""
    try:
        if request.content_type == "multipart/form-data":
            return await _read_multipart(request)
        text = await request.text()
        return (json.loads(text) if text else None), []
    except ValueError:
        raise DiscordError(50109) from None


async def _read_multipart(request: web.Request) -> tuple[Any, list[Upload]]:
    body: Any = {}
    uploads: list[Upload] = []
    async for part in await request.multipart():
        name = getattr(part, "name", None) or ""
        content = bytes(await part.read())  # type: ignore[union-attr]
        if name == "payload_json":
            body = json.loads(content)
        elif name.startswith("files[") and name[6:-1].isdecimal():
            uploads.append(Upload(int(name[6:-1]), getattr(part, "filename", None) or "file", content))
    return body, uploads


def json_answer(status: int, answer: Any, headers: Mapping[str, str]) -> web.Response:
    """Return an answer whose headers are Discord's: the exact content type, and `Via`, which marks a real 429."""
    sent = {"Via": "1.1 google", **headers}
    if answer is None:
        return web.Response(status=status, headers=sent)
    sent["Content-Type"] = "application/json"
    return web.Response(status=status, body=json.dumps(answer).encode(), headers=sent)
