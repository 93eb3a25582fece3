"""Channels: text, voice, direct messages, and threads."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bot.playground.wire import iso

if TYPE_CHECKING:
    from bot.playground.user import User
    from bot.playground.wire import Json

TEXT, DM, VOICE, GROUP_DM, CATEGORY, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 2, 3, 4, 11, 12
DIRECT = (DM, GROUP_DM)
THREADS = (10, PUBLIC_THREAD, PRIVATE_THREAD)


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
    message_count: int = 0

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

    The bot is not among the `recipients` of its own direct messages, which have one.
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

    @property
    def private(self) -> bool:
        """Whether people are among themselves here: a group, or a direct message of two."""
        return self.type == GROUP_DM or len(self.recipients) > 1

    def wire(self) -> Json:
        """Return the channel in Discord's form (guild channel, thread, or private channel)."""
        wire: Json = {"id": self.id, "type": self.type, "last_message_id": self.last_message_id, "flags": 0}
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
            return wire | {
                "owner_id": self.thread.owner_id,
                "thread_metadata": self.thread.metadata(self.type),
                "message_count": self.thread.message_count,
                "member_count": min(len(self.thread.members), 50),
                "total_message_sent": self.thread.message_count,
            }
        wire |= {
            "position": self.position,
            "permission_overwrites": self.overwrites_wire(),
            "nsfw": self.nsfw,
            "topic": self.topic,
        }
        if self.type == VOICE:
            wire |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
        return wire

    def overwrites_wire(self) -> list[Json]:
        """Return `permission_overwrites`."""
        return [
            {"id": target, "type": one.kind, "allow": str(one.allow), "deny": str(one.deny)}
            for target, one in self.overwrites.items()
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
