"""Moderation: what a server's owner and moderators do to its people, roles and channels, one line each in a test.

Nobody's permissions are asked.  What the bot may hear of it, it hears.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.localdiscord import permissions
from bot.localdiscord.errors import DiscordError
from bot.localdiscord.keywords import KeywordRule
from bot.localdiscord.tags import REQUIRE_TAG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.localdiscord.backend import Backend
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.guild import Guild, Member, Role
    from bot.localdiscord.people import Person
    from bot.localdiscord.user import User


class Moderation:
    """A guild in the hands of those who run it; `LocalDiscord.moderation` has the bot's first."""

    def __init__(self, backend: Backend, guild: Guild) -> None:
        self._backend = backend
        self._world = backend.world
        self._guild = guild

    def kick(self, who: Person | User) -> None:
        """Take somebody out, who may come back."""
        self._backend.members.leave(self._guild, self._user(who))

    def ban(self, who: Person | User, *, delete_seconds: float = 0.0) -> None:
        """Ban somebody, and delete what they wrote in the last seconds."""
        self._backend.members.ban(self._guild, self._user(who))
        since = time.time() - delete_seconds
        for channel in [channel for channel in self._world.channels.values() if channel.guild_id == self._guild.id]:
            messages = self._world.messages[channel.id].values()
            theirs = [
                message for message in messages if message.author["id"] == who.id and message.posted_at > since
            ]
            if delete_seconds and theirs:
                self._backend.posting.bulk_delete(channel, theirs)

    def unban(self, who: Person | User) -> None:
        """Lift a ban; they do not come back by that."""
        self._backend.members.unban(self._guild, self._user(who))

    def welcome(self, who: Person | User) -> None:
        """Let somebody in; raise 40007 for who is banned."""
        self._backend.members.welcome(self._guild, self._user(who))

    def time_out(self, who: Person | User, seconds: float) -> None:
        """Keep somebody from writing, reacting, speaking and using the bot; negative seconds are over already."""
        self._backend.members.time_out(self._guild, self._member(who), time.time() + seconds)

    def end_time_out(self, who: Person | User) -> None:
        """Let somebody communicate again."""
        self._backend.members.time_out(self._guild, self._member(who), None)

    def seat(self, who: Person | User, channel: Channel | None) -> None:
        """Move somebody (the bot, too) into a voice or stage channel, or out of voice."""
        self._backend.members.sit(self._guild, self._member(who), channel)

    def let_speak(self, who: Person | User, *, allowed: bool = True) -> None:
        """Bring somebody up on the stage, or send them back to the audience."""
        self._backend.members.suppress(self._guild, self._member(who), suppressed=not allowed)

    def create_role(self, name: str, *names: str, mentionable: bool = False) -> Role:
        """Make a role with the named permissions."""
        granted = permissions.bits(names)
        return self._backend.roles.create(self._guild, name, granted, mentionable=mentionable)

    def permit_role(self, role: Role, *names: str) -> None:
        """Let a role grant the named permissions and no others."""
        self._backend.roles.permit(self._guild, role, permissions.bits(names))

    def delete_role(self, role: Role) -> None:
        """Delete a role."""
        self._backend.roles.delete(self._guild, role)

    def give_role(self, who: Person | User, role: Role) -> None:
        """Give somebody a role."""
        self._backend.roles.assign(self._guild, self._user(who), role, given=True)

    def take_role(self, who: Person | User, role: Role) -> None:
        """Take a role from somebody."""
        self._backend.roles.assign(self._guild, self._user(who), role, given=False)

    def overwrite(
        self, channel: Channel, role: Role, *, allow: Iterable[str] = (), deny: Iterable[str] = ()
    ) -> None:
        """Set what a channel grants and takes from a role, in place of what it did before."""
        allowed, denied = permissions.bits(allow), permissions.bits(deny)
        self._backend.places.overwrite(channel, role.id, 0, allowed, denied)

    def slow_mode(self, channel: Channel, seconds: int) -> None:
        """Let people write (in a forum, post) once in so many seconds; 0 ends it."""
        channel.slowmode = seconds
        self._backend.places.changed(channel)

    def add_tag(self, forum: Channel, name: str, *, moderated: bool = False) -> str:
        """Add a tag for the posts of a forum or media channel, and return its id."""
        tag_id = self._world.snowflakes.next()
        tag = {"id": tag_id, "name": name, "moderated": moderated, "emoji_id": None, "emoji_name": None}
        forum.tags.append(tag)
        self._backend.places.changed(forum)
        return tag_id

    def require_tag(self, forum: Channel, *, required: bool = True) -> None:
        """Let each post of a forum or media channel need a tag."""
        forum.flags = REQUIRE_TAG if required else 0
        self._backend.places.changed(forum)

    def block_words(
        self,
        *keywords: str,
        exempt_roles: Iterable[Role] = (),
        exempt_channels: Iterable[Channel] = (),
        spare_bots: bool = False,
    ) -> KeywordRule:
        """Let AutoMod block messages and titles by keywords (see `automod`); `allow_words` takes the rule away."""
        roles = frozenset(role.id for role in exempt_roles)
        channels = frozenset(channel.id for channel in exempt_channels)
        rule = KeywordRule(keywords, roles, channels, spare_bots)
        self._guild.keyword_rules.append(rule)
        return rule

    def allow_words(self, rule: KeywordRule) -> None:
        """Take a rule of AutoMod away."""
        self._guild.keyword_rules.remove(rule)

    def require_two_factor(self, *, required: bool = True) -> None:
        """Require two-factor authentication of moderators; a bot is judged by its owner (`User.two_factor`)."""
        self._guild.mfa_level = int(required)
        self._backend.events.emit("GUILD_UPDATE", self._guild.wire(), guild_id=self._guild.id)

    def begin_outage(self) -> None:
        """Let the guild become unavailable: the bot hears so, and its requests there are 503 (130000)."""
        self._backend.places.begin_outage(self._guild)

    def end_outage(self) -> None:
        """Let the guild be available again."""
        self._backend.places.end_outage(self._guild)

    def _user(self, who: Person | User) -> User:
        return self._world.users[who.id]

    def _member(self, who: Person | User) -> Member:
        if member := self._guild.members.get(who.id):
            return member
        raise DiscordError(10007)
