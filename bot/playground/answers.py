"""Answers: what a bot's first response to an interaction does, by its type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.components import ComponentReader
from bot.playground.draft import Draft
from bot.playground.errors import Form, invalid
from bot.playground.interaction import AUTOCOMPLETE, COMPONENT, MODAL_SUBMIT, Interaction
from bot.playground.message import EPHEMERAL, LOADING, Message
from bot.playground.outcome import Outcome

if TYPE_CHECKING:
    from bot.playground.attachments import Upload
    from bot.playground.backend import Backend
    from bot.playground.wire import Json

PONG, MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9
_MOST_CHOICES = 25


def answer(backend: Backend, one: Interaction, body: Json, uploads: list[Upload]) -> Json:
    """Give an interaction its first answer.

    Return Discord's `InteractionCallbackResponse`, or raise what is wrong with it.
    """
    kind = body.get("type")
    _check_kind(one, kind)
    data = body.get("data") or {}
    resource: Json | None = None
    message: Message | None = None
    if kind in {MESSAGE, DEFER}:
        if kind == MESSAGE:
            message = backend.interactions.post(one, data, uploads, original=True)
        else:
            flags = int(data.get("flags") or 0) & EPHEMERAL | LOADING
            message = backend.interactions.place(one, Draft(flags=flags), original=True)
        shown = message.wire(backend.world)
        # Discord's description knows no resource of type 5: a deferred answer's loading message is one of type 4
        resource = {"type": MESSAGE, "message": shown}
        outcome = Outcome("message" if kind == MESSAGE else "defer", one.id, message=shown)
    elif kind == UPDATE:
        message = _updated(backend, one, data, uploads)
        shown = message.wire(backend.world)
        resource = {"type": kind, "message": shown}
        outcome = Outcome("update", one.id, message=shown)
    elif kind == CHOICES:
        outcome = Outcome("choices", one.id, choices=tuple(_choices(data.get("choices") or [])))
    elif kind == MODAL:
        one.modal = _modal(one, data)
        outcome = Outcome("modal", one.id, modal=one.modal)
    else:
        one.original_id = one.message.id if one.message else None
        outcome = Outcome("none", one.id)
    backend.interactions.settle(one, outcome)
    return _callback(one, resource, message)


def _check_kind(one: Interaction, kind: object) -> None:
    allowed: tuple[int, ...] = (MESSAGE, DEFER)
    if one.type == AUTOCOMPLETE:
        allowed = (CHOICES,)
    elif one.message:
        allowed = (MESSAGE, DEFER, DEFER_UPDATE, UPDATE)
    if one.type not in {MODAL_SUBMIT, AUTOCOMPLETE}:
        allowed = (*allowed, MODAL)
    if kind not in allowed:
        shown = ", ".join(map(str, allowed))
        raise invalid("type", "BASE_TYPE_CHOICES", f"Value must be one of {{{shown}}}.")


def _updated(backend: Backend, one: Interaction, data: Json, uploads: list[Upload]) -> Message:
    before = one.message
    if before is None:
        raise AssertionError(one.id)
    # the message may have been deleted since, or be ephemeral: both are updated, one out of sight
    one.original_id = before.id
    return backend.posting.rewrite(before, data, uploads)


def _choices(raw: list[Json]) -> list[Json]:
    form = Form()
    if len(raw) > _MOST_CHOICES:
        form.bad_length("data.choices", _MOST_CHOICES)
    for index, choice in enumerate(raw):
        form.length(f"data.choices.{index}.name", choice.get("name"), 100, 1)
        if isinstance(choice.get("value"), str):
            form.length(f"data.choices.{index}.value", choice["value"], 100, 1)
    form.raise_if_any()
    return [{"name": choice["name"], "value": choice["value"]} for choice in raw]


def _modal(one: Interaction, data: Json) -> Json:
    form = Form()
    form.length("data.custom_id", data.get("custom_id"), 100, 1)
    form.length("data.title", data.get("title"), 45, 1)
    raw = data.get("components") or []
    if not 1 <= len(raw) <= 5:
        form.bad_length("data.components", 5, 1)
    reader = ComponentReader(form, lambda _path, _url: {})
    components = reader.modal(raw, "data.components")
    form.raise_if_any()
    return {"id": one.id, "custom_id": data["custom_id"], "title": data["title"], "components": components}


def _callback(one: Interaction, resource: Json | None, message: Message | None) -> Json:
    interaction: Json = {"id": one.id, "type": one.type, "channel_id": one.channel.id}
    if one.channel.guild_id:
        interaction["guild_id"] = one.channel.guild_id
    if message:
        interaction["response_message_id"] = message.id
        interaction["response_message_loading"] = bool(message.flags & LOADING)
        interaction["response_message_ephemeral"] = bool(message.flags & EPHEMERAL)
    elif one.type == COMPONENT and one.original_id:
        interaction["response_message_id"] = one.original_id
    return {"interaction": interaction} | ({"resource": resource} if resource else {})
