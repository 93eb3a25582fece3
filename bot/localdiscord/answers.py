"""Answers: what a bot's first response to an interaction does, by its type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord.components import ComponentReader
from bot.localdiscord.definition import check_choice
from bot.localdiscord.draft import Draft
from bot.localdiscord.errors import Form, invalid, within
from bot.localdiscord.interaction import AUTOCOMPLETE, COMPONENT, MODAL_SUBMIT, Interaction
from bot.localdiscord.invocation import INTEGER, NUMBER, STRING, leaves
from bot.localdiscord.message import EPHEMERAL, LOADING, Message
from bot.localdiscord.outcome import Outcome

if TYPE_CHECKING:
    from bot.localdiscord.attachments import Upload
    from bot.localdiscord.backend import Backend
    from bot.localdiscord.wire import Json

PONG, MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9
_MOST_FIELDS = 5
_VALUES: dict[int, tuple[type | tuple[type, ...], str]] = {
    STRING: (str, "string"),
    INTEGER: (int, "int"),
    NUMBER: ((int, float), "float"),
}


def answer(backend: Backend, interaction: Interaction, body: Json, uploads: list[Upload]) -> Json:
    """Give an interaction its first answer.

    Return Discord's `InteractionCallbackResponse`. Raises its errors.
    """
    kind = body.get("type")
    _check_kind(interaction, kind)
    data = body.get("data") or {}
    resource: Json | None = None
    message: Message | None = None
    if kind in {MESSAGE, DEFER}:
        if kind == MESSAGE:
            with within("data"):
                message = backend.interactions.post(interaction, data, uploads, original=True)
        else:
            flags = int(data.get("flags") or 0) & EPHEMERAL | LOADING
            message = backend.interactions.place(interaction, Draft(flags=flags), original=True)
        shown = message.wire(backend.world)
        # Discord's description knows no resource of type 5: a deferred answer's loading message is one of type 4
        resource = {"type": MESSAGE, "message": shown}
        outcome = Outcome("message" if kind == MESSAGE else "defer", interaction.id, message=shown)
    elif kind == UPDATE:
        with within("data"):
            message = _updated(backend, interaction, data, uploads)
        shown = message.wire(backend.world)
        resource = {"type": kind, "message": shown}
        outcome = Outcome("update", interaction.id, message=shown)
    elif kind == CHOICES:
        outcome = Outcome(
            "choices", interaction.id, choices=tuple(_choices(interaction, data.get("choices") or []))
        )
    elif kind == MODAL:
        interaction.modal = _modal(interaction, data)
        outcome = Outcome("modal", interaction.id, modal=interaction.modal)
    else:
        interaction.original_id = interaction.message.id if interaction.message else None
        outcome = Outcome("none", interaction.id)
    backend.interactions.settle(interaction, outcome)
    return _callback(interaction, resource, message)


def _check_kind(interaction: Interaction, kind: object) -> None:
    allowed: tuple[int, ...] = (MESSAGE, DEFER)
    if interaction.type == AUTOCOMPLETE:
        allowed = (CHOICES,)
    elif interaction.message:
        allowed = (MESSAGE, DEFER, DEFER_UPDATE, UPDATE)
    if interaction.type not in {MODAL_SUBMIT, AUTOCOMPLETE}:
        allowed = (*allowed, MODAL)
    if kind not in allowed:
        shown = ", ".join(map(str, allowed))
        raise invalid("type", "BASE_TYPE_CHOICES", f"Value must be one of {{{shown}}}.")


def _updated(backend: Backend, interaction: Interaction, data: Json, uploads: list[Upload]) -> Message:
    before = interaction.message
    if before is None:
        raise AssertionError(interaction.id)
    # the message may have been deleted since, or be ephemeral: both are updated, one out of sight
    interaction.original_id = before.id
    return backend.interactions.rewrite(interaction, before, data, uploads)


def _choices(interaction: Interaction, raw: list[Json]) -> list[Json]:
    """Return the choices; their values are of the type of the option that is being typed."""
    typed = next((option for option in leaves(interaction.data.get("options") or []) if option.get("focused")), {})
    fits, word = _VALUES.get(typed.get("type", 0), (object, ""))
    form = Form()
    for index, choice in enumerate(raw):
        path = f"data.choices.{index}"
        check_choice(form, path, choice)
        if not isinstance(choice["value"], fits):
            code = "STRING_TYPE_CONVERT" if fits is str else "NUMBER_TYPE_COERCE"
            form.fail(f"{path}.value", code, f'Value "{str(choice["value"])[:100]}" is not {word}.')
    form.raise_if_any()
    return raw


def _modal(interaction: Interaction, data: Json) -> Json:
    form = Form()
    raw = data["components"]
    if len(raw) > _MOST_FIELDS:
        form.bad_length("data.components", _MOST_FIELDS, 1)
    reader = ComponentReader(form, lambda _path, _url: {})
    components = reader.modal(raw, "data.components")
    form.raise_if_any()
    return {"id": interaction.id, "custom_id": data["custom_id"], "title": data["title"], "components": components}


def _callback(interaction: Interaction, resource: Json | None, message: Message | None) -> Json:
    wire: Json = {"id": interaction.id, "type": interaction.type, "channel_id": interaction.channel.id}
    if interaction.channel.guild_id:
        wire["guild_id"] = interaction.channel.guild_id
    if message:
        wire["response_message_id"] = message.id
        wire["response_message_loading"] = bool(message.flags & LOADING)
        wire["response_message_ephemeral"] = bool(message.flags & EPHEMERAL)
    elif interaction.type == COMPONENT and interaction.original_id:
        wire["response_message_id"] = interaction.original_id
    return {"interaction": wire} | ({"resource": resource} if resource else {})
