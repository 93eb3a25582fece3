"""Threads: their state (open, archived, locked) and their members."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.localdiscord import automod, tags
from bot.localdiscord.channel import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_THREAD,
    FORUM,
    MEDIA,
    PINNED,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    TEXT,
    THREAD_ONLY,
    Channel,
    ThreadState,
)
from bot.localdiscord.errors import DiscordError, Form

if TYPE_CHECKING:
    from bot.localdiscord.archive import Archive
    from bot.localdiscord.events import Events
    from bot.localdiscord.slowmode import SlowMode
    from bot.localdiscord.user import User
    from bot.localdiscord.wire import Json
    from bot.localdiscord.world import World

_KINDS = {
    TEXT: (PUBLIC_THREAD, PRIVATE_THREAD),
    ANNOUNCEMENT: (ANNOUNCEMENT_THREAD,),
    FORUM: (PUBLIC_THREAD,),
    MEDIA: (PUBLIC_THREAD,),
}
_FOR_MODERATORS = ("locked", "rate_limit_per_user", "flags")


class Threads:
    """Opens and changes threads under Discord's rules; `Places` posts the lines that tell of a new one."""

    def __init__(self, world: World, events: Events, archive: Archive, slowmode: SlowMode) -> None:
        self._world = world
        self._events = events
        self._archive = archive
        self._slowmode = slowmode

    def open(
        self, thread_id: str, kind: int, parent: Channel, owner: User, body: Json, applied: list[str] | None = None
    ) -> Channel:
        """Open a thread; raise 50024 in a channel that has none, or none of the kind.

        `applied` are the tags of a post, whose rights the caller checks.
        """
        if kind not in _KINDS.get(parent.type, ()):
            raise DiscordError(50024)
        if parent.type not in THREAD_ONLY:
            needed = "CREATE_PRIVATE_THREADS" if kind == PRIVATE_THREAD else "CREATE_PUBLIC_THREADS"
            self._world.require(parent, owner.id, needed)
        _check_name(body["name"])
        self._slowmode.check_thread(parent, owner)
        automod.check(self._world, parent, owner, [body["name"]], 200001)
        now = time.time()
        duration = body.get("auto_archive_duration") or 4320
        state = ThreadState(owner.id, now, auto_archive_duration=duration, members={owner.id: now})
        state.invitable = body.get("invitable") is not False
        state.applied_tags = applied or []
        thread = Channel(thread_id, kind, body["name"], parent.guild_id, parent.id, thread=state)
        thread.slowmode = body.get("rate_limit_per_user") or parent.thread_slowmode
        self._slowmode.note_thread(thread)
        self._world.add_channel(thread)
        self._archive.keep_channel(thread)
        data = thread.wire() | {"newly_created": True}
        if owner.id == self._world.bot.id:
            data["member"] = thread.member_wire(owner.id)
        self._events.emit("THREAD_CREATE", data, thread)
        return thread

    def change(self, thread: Channel, actor_id: str, body: Json) -> Channel:
        """Edit a thread: its owner may rename, tag and archive it, MANAGE_THREADS may all.

        Raise 50083 on an archived one, which must be opened first, be it only to lock it.
        """
        state = thread.thread
        if state is None:
            raise DiscordError(50024)
        self._world.require(thread, actor_id)
        moderator = self._world.may(thread, actor_id, "MANAGE_THREADS")
        waking = body.get("archived") is False
        if not moderator:
            if waking:
                self._world.require(thread, actor_id, "SEND_MESSAGES_IN_THREADS")
            _require_change(state, actor_id, body)
        if state.archived and not waking and set(body) - {"archived"}:
            raise DiscordError(50083)
        self._sort(thread, state, body, moderator=moderator)
        if body.get("name") is not None:
            _check_name(body["name"])
            automod.check(self._world, thread, self._world.user(actor_id), [str(body["name"])], 200001)
            thread.name = body["name"]
        if "locked" in body:
            state.locked = bool(body["locked"])
        woken = state.archived and waking
        if "archived" in body and bool(body["archived"]) != state.archived:
            thread.archive(archived=bool(body["archived"]))
        _adjust(thread, state, body)
        return self._tell(thread, woken=woken)

    def _sort(self, thread: Channel, state: ThreadState, body: Json, *, moderator: bool) -> None:
        """Set the tags of a post, and whether it is pinned on top."""
        parent = self._world.channels.get(thread.parent_id or "")
        if parent is None or parent.type not in THREAD_ONLY:
            return
        if "applied_tags" in body:
            state.applied_tags = tags.applied(parent, body["applied_tags"], moderator=moderator)
        if body.get("flags") is not None:
            thread.flags = body["flags"] & PINNED

    def wake(self, thread: Channel) -> None:
        """Unarchive a thread, as a new message in it does."""
        thread.archive(archived=False)
        self._tell(thread, woken=True)

    def require_postable(self, thread: Channel, user_id: str) -> None:
        """Raise 50083 or 160005 where a lock keeps a user from posting; a message reopens an archived one."""
        state = thread.thread
        if state and state.locked and not self._world.may(thread, user_id, "MANAGE_THREADS"):
            raise DiscordError(50083 if state.archived else 160005)

    def require_editable(self, thread: Channel, user_id: str) -> None:
        """Raise 50083 in an archived thread, 160005 in a locked one: no edit wakes it."""
        if thread.thread and thread.thread.archived:
            raise DiscordError(50083)
        self.require_postable(thread, user_id)

    def ready_for_message(self, thread: Channel, user_id: str) -> None:
        """Wake an archived thread for a user's message; raise as `require_postable`."""
        self.require_postable(thread, user_id)
        if thread.thread and thread.thread.archived:
            self.wake(thread)

    def set_state(self, thread: Channel, *, archived: bool, locked: bool) -> None:
        """Archive or lock a thread as Discord itself, or a moderator out of sight, would."""
        if thread.thread is None:
            raise DiscordError(50024)
        woken = thread.thread.archived and not archived
        thread.archive(archived=archived)
        thread.thread.locked = locked
        self._tell(thread, woken=woken)

    def _tell(self, thread: Channel, *, woken: bool = False) -> Channel:
        self._archive.keep_channel(thread)
        self._events.emit("THREAD_UPDATE", thread.wire(), thread)
        # a client need not have kept an archived thread, nor that it is in it
        if woken and thread.thread and self._world.bot.id in thread.thread.members:
            data = thread.member_wire(self._world.bot.id) | {"guild_id": thread.guild_id}
            self._events.emit("THREAD_MEMBER_UPDATE", data, thread)
        return thread

    def join(self, thread: Channel, user_id: str) -> None:
        """Add a user to a thread; nothing happens when they are in it."""
        if thread.thread is None:
            raise DiscordError(50024)
        if user_id in thread.thread.members:
            return
        thread.thread.members[user_id] = time.time()
        added = thread.member_wire(user_id)
        if member := self._world.member(thread, user_id):
            added |= {"member": member.wire(), "presence": None}
        if thread.type == PRIVATE_THREAD and user_id == self._world.bot.id:
            # until now the bot could not see it
            data = thread.wire() | {"member": thread.member_wire(user_id)}
            self._events.emit("THREAD_CREATE", data, thread)
        self._members(thread, len(thread.thread.members), {"added_members": [added]})

    def leave(self, thread: Channel, user_id: str) -> None:
        """Remove a user from a thread."""
        if thread.thread is None:
            raise DiscordError(50024)
        if user_id in thread.thread.members:
            # told first: a private thread is out of the bot's sight once it has left
            self._members(thread, len(thread.thread.members) - 1, {"removed_member_ids": [user_id]})
            del thread.thread.members[user_id]
            self._archive.keep_channel(thread)

    def _members(self, thread: Channel, count: int, change: Json) -> None:
        self._archive.keep_channel(thread)
        data = {"id": thread.id, "guild_id": thread.guild_id, "member_count": count, **change}
        self._events.emit("THREAD_MEMBERS_UPDATE", data, thread)


def _require_change(state: ThreadState, actor_id: str, body: Json) -> None:
    """Raise where somebody without MANAGE_THREADS may not change a thread so: 50013, or 160005 in a locked one."""
    waking = body.get("archived") is False
    may_wake = waking and set(body) <= {"archived"} and not state.locked
    if state.owner_id != actor_id and not may_wake:
        raise DiscordError(50013)
    if any(name in body for name in _FOR_MODERATORS) or (state.locked and waking):
        raise DiscordError(50013)
    if state.locked:
        raise DiscordError(160005)


def _check_name(name: str) -> None:
    form = Form()
    form.length("name", name, 100, 1)
    form.filled("name", name)
    form.raise_if_any()


def _adjust(thread: Channel, state: ThreadState, body: Json) -> None:
    """Change what needs no further leave."""
    if body.get("invitable") is not None:
        state.invitable = body["invitable"]
    if body.get("auto_archive_duration"):
        state.auto_archive_duration = body["auto_archive_duration"]
    if "rate_limit_per_user" in body:
        thread.slowmode = body["rate_limit_per_user"] or 0
