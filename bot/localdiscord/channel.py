"""Channels: text, announcement, voice, stage, forum, media, direct messages, and threads."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bot.localdiscord.wire import iso

if TYPE_CHECKING:
    from bot.localdiscord.user import User
    from bot.localdiscord.wire import Json

TEXT, DM, VOICE, GROUP_DM, CATEGORY, ANNOUNCEMENT, STAGE, FORUM, MEDIA = 0, 1, 2, 3, 4, 5, 13, 15, 16
ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 10, 11, 12
DIRECT = (DM, GROUP_DM)
THREADS = (ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD)
SEATS = (VOICE, STAGE)
THREAD_ONLY = (FORUM, MEDIA)
PINNED = 1 << 1  # the flag of a post


class Overwrite(NamedTuple):
    """What a channel grants and takes from one role (kind 0) or member (kind 1)."""

    kind: int
    allow: int
    deny: int


@dataclass(slots=True)
class ThreadState:
    """What a thread has beyond a channel."""

    owner_id: str
    created_at: float
    archived: bool = False
    locked: bool = False
    auto_archive_duration: int = 4320
    archived_at: float = 0.0
    invitable: bool = True
    members: dict[str, float] = field(default_factory=dict)  # user id → when they joined
    message_count: int = 0  # without the first message and the deleted
    total_sent: int = 0  # without the first message
    applied_tags: list[str] = field(default_factory=list)

    def metadata(self, kind: int) -> Json:
        """Return `thread_metadata`."""
        wire: Json = {
            "archived": self.archived,
            "archive_timestamp": iso(self.archived_at or self.created_at),
            "auto_archive_duration": self.auto_archive_duration,
            "locked": self.locked,
            "create_timestamp": iso(self.created_at),
        }
        if kind == PRIVATE_THREAD:
            wire["invitable"] = self.invitable
        return wire


@dataclass(slots=True)
class Channel:
    """A place for messages.  `overwrites` are kept by the role's or user's id.

    The bot is not among the `recipients` of its own direct messages, which have one.  `tags` are those that the
    posts of a forum or media channel may have, `thread_slowmode` is what their threads begin with.
    """

    id: str
    type: int
    name: str = ""
    guild_id: str | None = None
    parent_id: str | None = None
    position: int = 0
    topic: str | None = None
    nsfw: bool = False
    slowmode: int = 0
    status: str | None = None
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    recipients: list[User] = field(default_factory=list)
    thread: ThreadState | None = None
    last_message_id: str | None = None
    last_pin_at: float = 0.0
    flags: int = 0
    tags: list[Json] = field(default_factory=list)
    thread_slowmode: int = 0

    @property
    def private(self) -> bool:
        """Whether people are among themselves here: a group, or a direct message of two."""
        return self.type == GROUP_DM or len(self.recipients) > 1

    def wire(self) -> Json:
        """Return the channel in Discord's form (guild channel, thread, or private channel)."""
        wire: Json = {
            "id": self.id,
            "type": self.type,
            "last_message_id": self.last_message_id,
            "flags": self.flags,
        }
        if self.last_pin_at:
            wire["last_pin_timestamp"] = iso(self.last_pin_at)
        if self.type in DIRECT:
            wire["recipients"] = [user.wire() for user in self.recipients]
            if self.type == GROUP_DM:
                wire |= {"name": self.name or None, "icon": None, "owner_id": self.recipients[0].id}
            return wire
        wire |= {
            "guild_id": self.guild_id,
            "name": self.name,
            "parent_id": self.parent_id,
            "rate_limit_per_user": self.slowmode,
        }
        if self.thread:
            if self.thread.applied_tags:
                wire["applied_tags"] = list(self.thread.applied_tags)
            return wire | {
                "owner_id": self.thread.owner_id,
                "thread_metadata": self.thread.metadata(self.type),
                "message_count": self.thread.message_count,
                "member_count": min(len(self.thread.members), 50),
                "total_message_sent": self.thread.total_sent,
            }
        wire |= {
            "position": self.position,
            "permission_overwrites": self.overwrites_wire(),
            "nsfw": self.nsfw,
            "topic": self.topic,
        }
        if self.type in SEATS:
            wire |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
        elif self.type in THREAD_ONLY:
            wire |= {
                "available_tags": [dict(tag) for tag in self.tags],
                "default_reaction_emoji": None,
                "default_sort_order": None,
                "default_thread_rate_limit_per_user": self.thread_slowmode,
            }
            if self.type == FORUM:
                wire["default_forum_layout"] = 0
        return wire

    def overwrites_wire(self) -> list[Json]:
        """Return `permission_overwrites`."""
        return [
            {"id": target, "type": overwrite.kind, "allow": str(overwrite.allow), "deny": str(overwrite.deny)}
            for target, overwrite in self.overwrites.items()
        ]

    def member_wire(self, user_id: str) -> Json:
        """Return the thread membership of a user; KeyError where they are none."""
        if not self.thread:
            raise KeyError(user_id)
        joined = self.thread.members[user_id]
        return {"id": self.id, "user_id": user_id, "join_timestamp": iso(joined), "flags": 0}

    def archive(self, *, archived: bool) -> None:
        """Archive or unarchive a thread."""
        if self.thread:
            self.thread.archived = archived
            self.thread.archived_at = time.time()
            if archived:
                self.flags &= ~PINNED
