"""Drafts: what a request asks a message to be, checked against everything Discord checks.

One reader serves new messages, edits, follow-ups and answers to interactions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from bot.playground import attachments, embeds, mentions, message
from bot.playground.components import ComponentReader, texts
from bot.playground.errors import DiscordError, Form

if TYPE_CHECKING:
    from bot.playground.attachments import Attachments, Upload
    from bot.playground.message import Message
    from bot.playground.snowflake import Snowflakes
    from bot.playground.wire import Json

MOST_CONTENT, MOST_NONCE = 2000, 25
_SETTABLE = message.SUPPRESS_EMBEDS | message.SILENT | message.V2 | message.EPHEMERAL


@dataclass(slots=True)
class Draft:
    """The checked parts of a message that a request may set."""

    content: str = ""
    flags: int = 0
    tts: bool = False
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    shown_inside: list[Json] = field(default_factory=list)
    allowed_mentions: Json | None = None

    @property
    def said(self) -> list[str]:
        """The texts in which people can be mentioned."""
        return texts(self.components) if self.flags & message.V2 else [self.content]


class DraftReader:
    """Reads request bodies into drafts."""

    def __init__(self, snowflakes: Snowflakes, files: Attachments) -> None:
        self._snowflakes = snowflakes
        self._files = files

    def read(self, body: Json, uploads: list[Upload], channel_id: str, before: Message | None = None) -> Draft:
        """Return the draft of a new message, or of `before` after an edit; raise 50035 or 50006.

        An edit keeps what the body does not name.
        """
        form = Form()
        draft = Draft(tts=bool(body.get("tts")))
        draft.flags = self._flags(form, body, before)
        v2 = bool(draft.flags & message.V2)
        draft.content = self._content(form, body, before)
        allowed = body.get("allowed_mentions")
        if allowed is not None:
            mentions.check(form, allowed)
        draft.allowed_mentions = allowed
        if body.get("poll") or body.get("sticker_ids"):
            form.fail("poll" if body.get("poll") else "sticker_ids", "BASE_TYPE_CHOICES", "Not offered here.")
        files = self._attached(form, body, uploads, channel_id, before)
        media = partial(attachments.shown, files, self._snowflakes, form)
        self._blocks(form, body, before, draft, media)
        if v2:
            for name in ("content", "embeds", "poll", "sticker_ids"):
                if body.get(name) or (before and name in {"content", "embeds"} and getattr(draft, name)):
                    form.fail(
                        name,
                        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                        f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
                    )
        form.raise_if_any()
        inside = _inside(draft.embeds, draft.components)
        draft.shown_inside = [one for one in files if one["id"] in inside or one["url"] in inside]
        draft.attachments = [one for one in files if one not in draft.shown_inside]
        if not (draft.content or draft.embeds or draft.components or files):
            raise DiscordError(50006)
        return draft

    def _flags(self, form: Form, body: Json, before: Message | None) -> int:
        asked = int(body.get("flags") or 0)
        if before is None:
            return asked & _SETTABLE
        kept = before.flags
        if body.get("flags") is not None:
            if kept & message.V2 and not asked & message.V2:
                form.fail(
                    "flags",
                    "MESSAGE_FLAGS_CANNOT_REMOVE_COMPONENTS_V2",
                    "The IS_COMPONENTS_V2 flag cannot be removed once set",
                )
            settable = message.SUPPRESS_EMBEDS | message.V2
            kept = kept & ~message.SUPPRESS_EMBEDS | asked & settable
        return kept

    def _content(self, form: Form, body: Json, before: Message | None) -> str:
        if "content" not in body and before:
            return before.content
        content = body.get("content")
        if content is None:
            return ""
        content = str(content).strip()
        form.length("content", content, MOST_CONTENT)
        return content

    def _attached(
        self, form: Form, body: Json, uploads: list[Upload], channel_id: str, before: Message | None
    ) -> list[Json]:
        named = body.get("attachments")
        described = named or []
        kept: list[Json] = []
        if before:
            kept = [*before.attachments, *before.shown_inside]
            if named is not None:
                stay = {str(one.get("id")) for one in described}
                kept = [one for one in kept if one["id"] in stay]
        numbers = {str(upload.number) for upload in uploads}
        known = {one["id"] for one in kept}
        for index, one in enumerate(described):
            if str(one.get("id")) not in numbers | known:
                form.fail(f"attachments.{index}.id", "MESSAGE_ATTACHMENT_NOT_FOUND", "Attachment data not found")
        return kept + self._files.keep(form, channel_id, uploads, described)

    def _blocks(self, form: Form, body: Json, before: Message | None, draft: Draft, media: partial[Json]) -> None:
        draft.embeds = before.embeds if before else []
        draft.components = before.components if before else []
        if "embeds" in body:
            draft.embeds = embeds.read(form, body.get("embeds") or [], media)
        if "components" in body:
            reader = ComponentReader(form, media)
            draft.components = reader.message(body.get("components") or [], v2=bool(draft.flags & message.V2))


def _inside(*trees: object) -> set[str]:
    """Return ids and addresses of the files that are displayed within embeds or components."""
    found: set[str] = set()
    for tree in trees:
        if isinstance(tree, dict):
            found |= {str(tree[key]) for key in ("attachment_id", "url") if tree.get(key)}
            found |= _inside(*tree.values())
        elif isinstance(tree, list):
            found |= _inside(*tree)
    return found


def nonce_of(body: Json) -> str | None:
    """Return the nonce of a request as a string; raise 50035 on one over 25 characters."""
    nonce = body.get("nonce")
    if nonce is None:
        return None
    form = Form()
    form.length("nonce", str(nonce), MOST_NONCE)
    form.raise_if_any()
    return str(nonce)
