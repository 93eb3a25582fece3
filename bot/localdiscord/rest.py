"""The REST surface: token, faults, limits, routes, errors, and the record of it all."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import replace
from traceback import format_exc
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.localdiscord import shape
from bot.localdiscord.body import JSON, MULTIPART, Body, read_body
from bot.localdiscord.errors import BadRequest, DiscordError, Unsupported
from bot.localdiscord.exchange import Exchange
from bot.localdiscord.failures import Reply, cloudflare_page
from bot.localdiscord.inspection import Inspection
from bot.localdiscord.route import Call, Route, Routes
from bot.localdiscord.routes.table import ALL_ROUTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.localdiscord.backend import Backend
    from bot.localdiscord.wire import Json

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
        if wait := self._backend.limits.barred_for():
            page = cloudflare_page(429, 1015).reply(Reply(0))
            return await send(
                request, page and replace(page, headers=page.headers | {"Retry-After": f"{wait:.0f}"})
            )
        path = "/" + request.match_info["tail"]
        match = self._routes.find(request.method, path)
        template = match[0].template if match else path
        fault = self._backend.faults.strike_request(request.method, template)
        reply: Reply | None = None
        body, inspection, traceback = Body(), Inspection(creating=request.method == "POST"), None
        try:
            body = await read_body(request, _types(match))
        except DiscordError as error:
            # what follows a body that cannot be read is no request
            reply = json_reply(*_told(error), {"Connection": "close"} if isinstance(error, BadRequest) else {})
        if fault and fault.what.hangs:
            await fault.over()
        if fault and not fault.what.acts:
            reply = Reply(0)
        elif reply is None:
            try:
                reply = json_reply(*await self._act(request, path, match, body, inspection))
            except Exception:  # noqa: BLE001 - whatever it is, the record has it, and tests fail on that
                _log.exception("the local Discord has failed at %s %s", request.method, path)
                traceback = format_exc()
                reply = json_reply(500, {"message": "500: Internal Server Error", "code": 0}, {})
        if fault:
            reply = fault.what.reply(reply)
        self._count(reply, made_up=fault is not None and not fault.what.acts)
        status, answer = (reply.status, reply.read()) if reply else (0, None)
        self._backend.record.add(
            Exchange(
                at,
                request.method,
                path,
                template,
                body.json,
                status,
                answer,
                faulty=fault is not None,
                ignored=tuple(inspection.ignored),
                traceback=traceback,
            )
        )
        return await send(request, reply)

    async def unknown(self, request: web.Request) -> web.StreamResponse:
        """Answer requests to anything but version 10 of the API."""
        return json_answer(*_told(Unsupported(f"{request.method} {request.path}", 404)), {})

    async def _act(
        self,
        request: web.Request,
        path: str,
        match: tuple[Route, dict[str, str]] | None,
        body: Body,
        inspection: Inspection,
    ) -> tuple[int, Any, dict[str, str]]:
        if match is None:
            return *_told(Unsupported(f"{request.method} {path}", 404)), {}
        route, parameters = match
        if not route.public and request.headers.get("Authorization") != f"Bot {self._backend.token}":
            return 401, DiscordError(0).body(), {}
        headers: dict[str, str] = {}
        if not route.unlimited:
            major = "/".join(parameters[name] for name in _MAJOR if name in parameters)
            verdict = self._backend.limits.check(route.name, major, counted_globally=not route.apart)
            headers = verdict.headers
            if verdict.retry_after is not None:
                refusal = {
                    "message": "You are being rate limited.",
                    "retry_after": round(verdict.retry_after, 3),
                    "global": verdict.everywhere,
                    "code": 0,
                }
                return 429, refusal, headers
        try:
            raw = Call(self._backend, parameters, dict(request.query), body.json, body.uploads)
            status, answer = await route.handler(_inspected(raw, route, inspection))
        except DiscordError as error:
            if error.status == 429:
                headers |= {"Retry-After": str(error.more.get("retry_after", 1)), "X-RateLimit-Scope": "user"}
            return *_told(error), headers
        return status, answer, headers

    def _count(self, reply: Reply | None, *, made_up: bool) -> None:
        if reply and reply.status == 429 and made_up:
            self._backend.limits.rate_limited += 1
        if reply and reply.status in {401, 403, 429} and reply.headers.get("X-RateLimit-Scope") != "shared":
            self._backend.limits.note_invalid()


def _told(error: DiscordError) -> tuple[int, Json]:
    """Return the status and body of an error; what the local Discord does not do is logged too."""
    if isinstance(error, Unsupported):
        _log.error("%s", error.message)
    return error.status, error.body()


def _types(match: tuple[Route, dict[str, str]] | None) -> list[str]:
    """Return the content types that a request may have; where Discord expects no body, any that can be read."""
    known = shape.of_route(match[0].name) if match else {}
    types: list[str] = known.get("types", [JSON, MULTIPART])
    return types


def _inspected(call: Call, route: Route, inspection: Inspection) -> Call:
    """Return a call with its validated query and body; raise their errors, or name what is not supported."""
    known = shape.of_route(route.name)
    inspection.path(call.path)
    query = inspection.query(known, call.query, route.reads)
    body = None
    if "body" in known:
        given = {} if call.body is None and known["body"]["type"] != "array" else call.body
        body = inspection.body(known["body"] | {"null": False}, given, route.acts_on)
    elif isinstance(call.body, dict):
        inspection.ignored += call.body
    inspection.form.raise_if_any()
    if inspection.refused:
        raise Unsupported(f"{', '.join(inspection.refused)} of {route.name}")
    return replace(call, query=query, body=body)


def json_reply(status: int, answer: Any, headers: Mapping[str, str]) -> Reply:
    """Return an answer whose headers are Discord's: the exact content type, and `Via`, which marks a real 429."""
    sent = {"Via": "1.1 google", **headers}
    if answer is None:
        return Reply(status, headers=sent)
    return Reply(status, json.dumps(answer).encode(), {**sent, "Content-Type": "application/json"})


def json_answer(status: int, answer: Any, headers: Mapping[str, str]) -> web.Response:
    """Return Discord's answer, ready to be sent."""
    return _response(json_reply(status, answer, headers))


def _response(reply: Reply) -> web.Response:
    return web.Response(status=reply.status, body=reply.body or None, headers=reply.headers)


async def send(request: web.Request, reply: Reply | None) -> web.StreamResponse:
    """Send a reply as it is; None cuts the connection."""
    if reply is None:
        if request.transport:
            request.transport.abort()
        return web.Response(status=499)
    if not (reply.broken_off or reply.stalls):
        return _response(reply)
    response = web.StreamResponse(status=reply.status, headers=reply.headers)
    response.content_length = len(reply.body)
    await response.prepare(request)
    await response.write(reply.body[: len(reply.body) // 2])
    if request.transport and not reply.stalls:
        request.transport.close()
    return response
