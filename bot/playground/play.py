"""The page's surface, `/play/...`: what a human's Discord client asks for, and the playground's switches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord import invocation
from bot.localdiscord.body import read_body
from bot.localdiscord.errors import DiscordError
from bot.localdiscord.interaction import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT
from bot.localdiscord.people import Person
from bot.localdiscord.rest import json_answer
from bot.localdiscord.routes.messages import page
from bot.playground import playbody
from bot.playground.files import page_file
from bot.playground.playsocket import PlaySockets
from bot.playground.status import Status

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp import web

    from bot.localdiscord.backend import Backend
    from bot.localdiscord.wire import Json
    from bot.playground.botprocess import BotProcess

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_MOST_SHOWN = 100


class Play:
    """Answers `/play/...` through the same people that tests act as."""

    def __init__(
        self, backend: Backend, bot: BotProcess | None, start_over: Callable[[], None] | None = None
    ) -> None:
        self._backend = backend
        self._world = backend.world
        self._bot = bot
        self._start_over = start_over
        self._people = {user.id: Person(backend, user) for user in backend.world.people}
        self._sockets = PlaySockets(backend)
        self._status = Status(backend, bot, lambda status: self._sockets.tell_all("STATUS", status))

    def add_to(self, app: web.Application) -> None:
        """Register the addresses."""
        messages = "/play/channels/{channel_id}/messages"
        table: list[tuple[str, str, Handler]] = [
            ("GET", messages, self._history),
            ("POST", messages, self._post),
            ("PATCH", messages + "/{message_id}", self._edit),
            ("DELETE", messages + "/{message_id}", self._delete),
            ("POST", messages + "/{message_id}/threads", self._thread),
            ("PUT", messages + "/{message_id}/reactions/{emoji}", self._react),
            ("DELETE", messages + "/{message_id}/reactions/{emoji}", self._unreact),
            ("POST", "/play/channels/{channel_id}/typing", self._typing),
            ("POST", "/play/voice", self._sit),
            ("POST", "/play/interactions", self._interact),
            ("POST", "/play/faults", self._faults),
            ("POST", "/play/gateway/drop", self._drop),
            ("POST", "/play/bot", self._run_bot),
            ("POST", "/play/history", self._add_history),
            ("POST", "/play/start-over", self._begin_again),
            ("POST", "/play/people/{person_id}", self._change_person),
        ]
        app.router.add_get("/play/socket", self._socket)
        for method, path, handler in table:
            app.router.add_route(method, path, _answering(handler))
        app.router.add_get("/", page_file)
        app.router.add_get("/page/{path:.+}", page_file)

    async def close(self) -> None:
        """Close the page's sockets."""
        self._status.close()
        await self._sockets.close()

    def _person(self, request: web.Request) -> Person:
        person = self._people.get(request.headers.get("X-Person", ""))
        if person is None:
            raise DiscordError(0, message="Say who acts, by the header X-Person.")
        return person

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        # a new visitor speaks as the first of the people
        person = self._people.get(request.query.get("person", self._world.people[0].id))
        if person is None:
            return json_answer(401, {"message": "There is no such person.", "code": 0}, {})
        return await self._sockets.serve(request, person, self._status.wire)

    async def _history(self, request: web.Request) -> web.StreamResponse:
        person = self._person(request)
        channel = self._world.channel(request.match_info["channel_id"])
        self._world.require(channel, person.id, "READ_MESSAGE_HISTORY")
        limit = min(int(request.query.get("limit", "50")), _MOST_SHOWN)
        seen = page(self._world.messages[channel.id], request.query, limit, person.id)
        return json_answer(200, [message.event(self._world, person.id) for message in seen], {})

    async def _post(self, request: web.Request) -> web.StreamResponse:
        person = self._person(request)
        came = await read_body(request)
        body = playbody.message({} if came.json is None else came.json)
        posted = person.post(self._world.channel(request.match_info["channel_id"]), body, came.uploads)
        return json_answer(200, posted | ({"nonce": body["nonce"]} if "nonce" in body else {}), {})

    async def _edit(self, request: web.Request) -> web.StreamResponse:
        content = str((await _json(request)).get("content", ""))
        return json_answer(200, await self._person(request).edit(_named(request), content), {})

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        await self._person(request).delete(_named(request))
        return json_answer(204, None, {})

    async def _thread(self, request: web.Request) -> web.StreamResponse:
        name = str((await _json(request)).get("name", ""))
        thread = await self._person(request).open_thread(_named(request), name)
        return json_answer(201, thread.wire(), {})

    async def _react(self, request: web.Request) -> web.StreamResponse:
        await self._person(request).react(_named(request), request.match_info["emoji"])
        return json_answer(204, None, {})

    async def _unreact(self, request: web.Request) -> web.StreamResponse:
        await self._person(request).unreact(_named(request), request.match_info["emoji"])
        return json_answer(204, None, {})

    async def _typing(self, request: web.Request) -> web.StreamResponse:
        channel = self._world.channel(request.match_info["channel_id"])
        self._backend.places.typing(channel, self._person(request).user)
        return json_answer(204, None, {})

    async def _sit(self, request: web.Request) -> web.StreamResponse:
        # as in the gateway's own opcode, no channel means to leave
        person, channel_id = self._person(request), (await _json(request)).get("channel_id")
        if channel_id:
            await person.join_voice(self._world.channel(str(channel_id)))
        else:
            await person.leave_voice()
        return json_answer(204, None, {})

    async def _interact(self, request: web.Request) -> web.StreamResponse:
        person = self._person(request)
        body, starter = playbody.interaction(await _json(request)), self._backend.starter
        kind, data, nonce = body.get("type"), body.get("data") or {}, body.get("nonce")
        channel_id = str(body.get("channel_id"))
        if kind == COMPONENT:
            starter.component(person.user, channel_id, str(body.get("message_id")), data, nonce)
        elif kind in {COMMAND, AUTOCOMPLETE}:
            channel = self._world.channel(channel_id)
            definition = self._backend.commands.usable(str(data.get("id")), channel.guild_id)
            words, given, focused = invocation.parts_of(data)
            checked = invocation.data_of(definition, words, given, focused)
            if data.get("target_id"):
                checked["target_id"] = str(data["target_id"])
            starter.command(person.user, kind, channel, checked, nonce)
        elif kind == MODAL_SUBMIT:
            starter.submit(person.user, str(data.get("id")), data.get("components") or [], nonce)
        else:
            raise ValueError(f"There are no interactions of type {kind!r}.")
        return json_answer(204, None, {})

    async def _faults(self, request: web.Request) -> web.StreamResponse:
        self._backend.faults.patch(await _json(request))
        return json_answer(200, self._status.wire(), {})

    async def _drop(self, request: web.Request) -> web.StreamResponse:
        resumable = (await _json(request)).get("resumable", True)
        await self._backend.gateway.drop(resumable=bool(resumable))
        return json_answer(200, self._status.wire(), {})

    def _managed(self) -> BotProcess:
        if self._bot is None:
            raise ValueError("This server does not manage the bot; start and stop it where you run it.")
        return self._bot

    async def _run_bot(self, request: web.Request) -> web.StreamResponse:
        wanted = str((await _json(request)).get("do"))
        bot = self._managed()
        acts = {"start": bot.start, "stop": bot.stop, "kill": bot.kill}
        if wanted not in acts:
            raise ValueError(f"The bot can be told to {', '.join(acts)}, not {wanted!r}.")
        await acts[wanted]()
        return json_answer(200, self._status.wire(), {})

    async def _add_history(self, request: web.Request) -> web.StreamResponse:
        person = self._person(request)
        general = next(
            channel for channel in self._world.channels.values() if channel.guild_id == self._world.guild.id
        )
        message = await self._managed().run("sample-history", person.id, self._world.guild.id, general.id)
        return json_answer(200, {"message": message}, {})

    async def _begin_again(self, _request: web.Request) -> web.StreamResponse:
        if self._start_over is None:
            raise ValueError("This server keeps nothing that could be emptied; start it again instead.")
        self._sockets.tell_all("START_OVER", {})
        self._start_over()
        return json_answer(202, {}, {})

    async def _change_person(self, request: web.Request) -> web.StreamResponse:
        person = self._people.get(request.match_info["person_id"])
        if person is None:
            raise DiscordError(10013)
        body = await _json(request)
        if "dm_blocked" in body:
            person.user.dm_blocked = bool(body["dm_blocked"])
        if "installed" in body:
            person.user.installed = bool(body["installed"])
        person.tell()
        return json_answer(200, person.wire(), {})


def _named(request: web.Request) -> Json:
    """Return as much of a message as tells which one the address means."""
    return {"channel_id": request.match_info["channel_id"], "id": request.match_info["message_id"]}


async def _json(request: web.Request) -> Json:
    body = (await read_body(request)).json
    if not isinstance(body, dict):
        raise ValueError("The body must be a JSON object.")  # noqa: TRY004 - it is the client's wrong value, answered with 400
    return body


def _answering(handler: Handler) -> Handler:
    """Turn what a handler raises into the answer that the page shows."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except DiscordError as error:
            return json_answer(error.status, error.body(), {})
        except ValueError as error:
            return json_answer(400, {"message": str(error), "code": 0}, {})

    return answer
