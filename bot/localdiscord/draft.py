"""Drafts: what a request asks a message to be, checked against everything Discord checks.

One reader serves new messages, edits, follow-ups and answers to interactions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from bot.localdiscord import attachments, embeds, mentions, message
from bot.localdiscord.components import ComponentReader, texts
from bot.localdiscord.errors import DiscordError, Form, Unsupported

if TYPE_CHECKING:
    from bot.localdiscord.attachments import Attachments, Upload
    from bot.localdiscord.message import Message
    from bot.localdiscord.snowflake import Snowflakes
    from bot.localdiscord.wire import Json

MOST_CONTENT, MOST_WITH_NITRO, MOST_NONCE = 2000, 4000, 25
_VOICE_MESSAGE = 1 << 13
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
    def texts(self) -> list[str]:
        """The texts in which people can be mentioned."""
        return texts(self.components) if self.flags & message.V2 else [self.content]


class DraftReader:
    """Reads request bodies into drafts."""

    def __init__(self, snowflakes: Snowflakes, files: Attachments) -> None:
        self._snowflakes = snowflakes
        self._files = files

    def read(
        self,
        body: Json,
        uploads: list[Upload],
        channel_id: str,
        before: Message | None = None,
        *,
        longest: int = MOST_CONTENT,
    ) -> Draft:
        """Return the draft of a new message, or of `before` after an edit; raise 50035 or 50006.

        An edit keeps what the body does not name.  `longest` is how many characters its author may write.
        """
        form = Form()
        draft = Draft(tts=bool(body.get("tts")))
        draft.flags = self._flags(form, body, before)
        v2 = bool(draft.flags & message.V2)
        draft.content = self._content(form, body, before, longest)
        allowed = body.get("allowed_mentions")
        if allowed is not None:
            mentions.check(form, allowed)
        draft.allowed_mentions = allowed
        files = self._attached(form, body, uploads, channel_id, before)
        media = partial(attachments.shown, files, self._snowflakes, form)
        self._blocks(form, body, before, draft, media)
        if v2:
            for name in ("content", "embeds"):
                if body.get(name) or (before and getattr(draft, name)):
                    form.fail(
                        name,
                        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                        f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
                    )
        form.raise_if_any()
        inside = _inside(draft.embeds, draft.components)
        draft.shown_inside = [file for file in files if file["id"] in inside or file["url"] in inside]
        draft.attachments = [file for file in files if file not in draft.shown_inside]
        shown = draft.components if v2 else (draft.content or draft.embeds or draft.components or files)
        if not shown:
            raise DiscordError(50006)
        return draft

    def _flags(self, form: Form, body: Json, before: Message | None) -> int:
        flags: int = body.get("flags") or 0
        if flags & _VOICE_MESSAGE:
            raise Unsupported("voice messages")
        if before is None:
            return flags & _SETTABLE
        kept = before.flags
        if body.get("flags") is not None:
            if kept & message.V2 and not flags & message.V2:
                form.fail(
                    "flags",
                    "MESSAGE_FLAGS_CANNOT_REMOVE_COMPONENTS_V2",
                    "The IS_COMPONENTS_V2 flag cannot be removed once set",
                )
            settable = message.SUPPRESS_EMBEDS | message.V2
            kept = kept & ~message.SUPPRESS_EMBEDS | flags & settable
        return kept

    def _content(self, form: Form, body: Json, before: Message | None, longest: int) -> str:
        if "content" not in body and before:
            return before.content
        content = body.get("content")
        if content is None:
            return ""
        content = str(content).strip()
        form.length("content", content, longest)
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
                stay = {str(entry.get("id")) for entry in described}
                kept = [attachment for attachment in kept if attachment["id"] in stay]
        known = {str(upload.number) for upload in uploads} | {attachment["id"] for attachment in kept}
        for index, entry in enumerate(described):
            if str(entry.get("id")) not in known:
                form.fail(f"attachments.{index}.id", "MESSAGE_ATTACHMENT_NOT_FOUND", "Attachment data not found")
            known.discard(str(entry.get("id")))
        if len(kept) + len(uploads) > attachments.MOST:
            form.bad_length("attachments", attachments.MOST)
        return kept + self._files.keep(channel_id, uploads, described)

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
    references: set[str] = set()
    for tree in trees:
        if isinstance(tree, dict):
            references |= {str(tree[key]) for key in ("attachment_id", "url") if tree.get(key)}
            references |= _inside(*tree.values())
        elif isinstance(tree, list):
            references |= _inside(*tree)
    return references


def nonce_of(body: Json) -> str | None:
    """Return the nonce of a request as a string; raise 50035 on one over 25 characters."""
    nonce = body.get("nonce")
    if nonce is None:
        return None
    form = Form()
    form.length("nonce", str(nonce), MOST_NONCE)
    form.raise_if_any()
    return str(nonce)
