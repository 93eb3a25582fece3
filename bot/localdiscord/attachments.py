"""Attachments: the files of messages, served under /cdn/attachments."""

from __future__ import annotations

import mimetypes
import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.localdiscord.errors import DiscordError
from bot.localdiscord.snowflake import is_snowflake

if TYPE_CHECKING:
    from bot.localdiscord.archive import Archive
    from bot.localdiscord.errors import Form
    from bot.localdiscord.snowflake import Snowflakes
    from bot.localdiscord.wire import Json

LARGEST = 10 * 1024 * 1024
MOST = 10
_PNG, _PNG_HEAD = b"\x89PNG\r\n\x1a\n", 24


@dataclass(slots=True, frozen=True)
class Upload:
    """A file as it came in a multipart body, under the number in `files[n]`."""

    number: int
    filename: str
    content: bytes


class Attachments:
    """Keeps the bytes of files by attachment id; `base_url` is where they are served."""

    def __init__(self, snowflakes: Snowflakes, archive: Archive) -> None:
        self.base_url = ""
        self._snowflakes = snowflakes
        self._archive = archive
        self._files: dict[str, tuple[str, bytes]] = {}

    def keep(self, channel_id: str, uploads: list[Upload], described: list[Json]) -> list[Json]:
        """Store uploaded files and return them as Discord's attachments; raise 40005 on one over 10 MiB."""
        about = {str(entry.get("id")): entry for entry in described}
        return [self._keep(channel_id, upload, about.get(str(upload.number), {})) for upload in uploads]

    def _keep(self, channel_id: str, upload: Upload, about: Json) -> Json:
        if len(upload.content) > LARGEST:
            raise DiscordError(40005)
        name = re.sub(r"[^\w.-]", "_", about.get("filename") or upload.filename).lstrip(".") or "file"
        attachment_id = self._snowflakes.next()
        kind = mimetypes.guess_type(name)[0]
        self._files[attachment_id] = (kind or "application/octet-stream", upload.content)
        self._archive.put_file(attachment_id, *self._files[attachment_id])
        url = f"{self.base_url}/cdn/attachments/{channel_id}/{attachment_id}/{name}"
        out: Json = {
            "id": attachment_id,
            "filename": name,
            "size": len(upload.content),
            "url": url,
            "proxy_url": url,
        }
        if kind:
            out["content_type"] = kind
        if about.get("description"):
            out["description"] = about["description"]
        if upload.content.startswith(_PNG) and len(upload.content) >= _PNG_HEAD:
            out["width"], out["height"] = struct.unpack(">II", upload.content[16:24])
        return out

    def file(self, attachment_id: str) -> tuple[str, bytes] | None:
        """Return a file's content type and bytes; None where there is none."""
        if not is_snowflake(attachment_id):
            return None
        if attachment_id not in self._files and (file := self._archive.file(attachment_id)):
            self._files[attachment_id] = file
        return self._files.get(attachment_id)


def shown(attachments: list[Json], snowflakes: Snowflakes, form: Form, path: str, url: str) -> Json:
    """Return the media item behind an address, `attachment://name` being one of the message's own files."""
    if url.startswith(("http://", "https://")):
        known = next((attachment for attachment in attachments if attachment["url"] == url), None)
        if known is None:
            return {"id": snowflakes.next(), "url": url, "proxy_url": url, "width": None, "height": None}
    else:
        name = url.removeprefix("attachment://")
        known = next((attachment for attachment in attachments if attachment["filename"] == name), None)
    if known is None:
        code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
        form.fail(path, code, f"The referenced attachment {url} was not found")
        return {}
    out = {name: known.get(name) for name in ("url", "proxy_url", "width", "height", "content_type", "size")}
    return out | {"id": snowflakes.next(), "attachment_id": known["id"]}
