"""Threads: how they stand (open, archived, locked), and who is in them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.playground.channel import PUBLIC_THREAD, TEXT, THREADS, Channel, ThreadState
from bot.playground.errors import DiscordError, Form

if TYPE_CHECKING:
    from bot.playground.archive import Archive
    from bot.playground.events import Events
    from bot.playground.user import User
    from bot.playground.wire import Json
    from bot.playground.world import World

_DURATIONS = (60, 1440, 4320, 10080)


class Threads:
    """Opens and changes threads under Discord's rules; `Places` posts the lines that tell of a new one."""

    def __init__(self, world: World, events: Events, archive: Archive) -> None:
        self._world = world
        self._events = events
        self._archive = archive

    def open(self, thread_id: str, kind: int, parent: Channel, owner: User, body: Json) -> Channel:
        """Open a thread of a kind in a text channel; raise 50024 in any other."""
        if parent.type != TEXT:
            raise DiscordError(50024)
        self._world.require(parent, owner.id, *(["CREATE_PUBLIC_THREADS"] if kind == PUBLIC_THREAD else []))
        form = Form()
        form.length("name", body.get("name"), 100, 1)
        duration = body.get("auto_archive_duration") or 4320
        form.choice("auto_archive_duration", duration, _DURATIONS)
        form.choice("type", kind, THREADS)
        form.raise_if_any()
        now = time.time()
        state = ThreadState(owner.id, now, auto_archive_duration=duration, members={owner.id: now})
        state.invitable = body.get("invitable") is not False
        thread = Channel(thread_id, kind, str(body["name"]), parent.guild_id, parent.id, thread=state)
        self._world.add_channel(thread)
        self._archive.keep_channel(thread)
        data = thread.wire() | {"newly_created": True, "member": thread.member_wire(owner.id)}
        self._events.emit("THREAD_CREATE", data, thread)
        return thread

    def change(self, thread: Channel, actor_id: str, body: Json) -> Channel:
        """Edit a thread: its owner may rename and archive it, MANAGE_THREADS may all.

        Raise 50083 on an archived one.
        """
        state = thread.thread
        if state is None:
            raise DiscordError(50024)
        mighty = self._world.may(thread, actor_id, "MANAGE_THREADS")
        self._world.require(thread, actor_id)
        waking = body.get("archived") is False
        if not mighty:
            own = state.owner_id == actor_id
            may_wake = waking and set(body) <= {"archived"} and not state.locked
            if (
                (not own and not may_wake)
                or ("locked" in body and body["locked"] != state.locked)
                or (state.locked and waking)
            ):
                raise DiscordError(50013)
        if state.archived and not waking and set(body) - {"locked", "archived"}:
            raise DiscordError(50083)
        if body.get("name") is not None:
            form = Form()
            form.length("name", body["name"], 100, 1)
            form.raise_if_any()
            thread.name = body["name"]
        if "locked" in body:
            state.locked = bool(body["locked"])
        if "archived" in body and bool(body["archived"]) != state.archived:
            thread.archive(archived=bool(body["archived"]))
        if body.get("auto_archive_duration"):
            state.auto_archive_duration = body["auto_archive_duration"]
        if "rate_limit_per_user" in body:
            thread.slowmode = body["rate_limit_per_user"] or 0
        return self._tell(thread)

    def wake(self, thread: Channel) -> None:
        """Unarchive a thread, as a new message in it does."""
        thread.archive(archived=False)
        self._tell(thread)

    def set_state(self, thread: Channel, *, archived: bool, locked: bool) -> None:
        """Archive or lock a thread as Discord itself, or a moderator out of sight, would."""
        if thread.thread is None:
            raise DiscordError(50024)
        thread.archive(archived=archived)
        thread.thread.locked = locked
        self._tell(thread)

    def _tell(self, thread: Channel) -> Channel:
        self._archive.keep_channel(thread)
        self._events.emit("THREAD_UPDATE", thread.wire(), thread)
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
        self._members(thread, {"added_members": [added]})

    def leave(self, thread: Channel, user_id: str) -> None:
        """Remove a user from a thread."""
        if thread.thread is None:
            raise DiscordError(50024)
        if thread.thread.members.pop(user_id, None) is not None:
            self._members(thread, {"removed_member_ids": [user_id]})

    def _members(self, thread: Channel, change: Json) -> None:
        self._archive.keep_channel(thread)
        count = len(thread.thread.members) if thread.thread else 0
        data = {"id": thread.id, "guild_id": thread.guild_id, "member_count": count, **change}
        self._events.emit("THREAD_MEMBERS_UPDATE", data, thread)
