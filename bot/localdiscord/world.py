"""The world as it stands: users, guilds and channels.  Pure state; it tells nobody of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord import permissions
from bot.localdiscord.channel import DM, GROUP_DM, PRIVATE_THREAD, SEATS, TEXT, THREADS, Channel
from bot.localdiscord.errors import DiscordError
from bot.localdiscord.guild import Guild, Member, Role
from bot.localdiscord.snowflake import Snowflakes, time_of
from bot.localdiscord.user import User

if TYPE_CHECKING:
    from bot.localdiscord.message import Message
    from bot.localdiscord.scenery import Scenery

# 2024-01-01 and some: the seeds keep their ids at every start
_SEED = 1_191_170_000_000_000_000
_STEP = 1 << 22
# people who come later have the seeds from here on
_NEWCOMERS = 1000

EVERYONE = (
    "ADD_REACTIONS VIEW_CHANNEL SEND_MESSAGES EMBED_LINKS ATTACH_FILES READ_MESSAGE_HISTORY USE_EXTERNAL_EMOJIS "
    "CONNECT SPEAK USE_VAD CHANGE_NICKNAME USE_APPLICATION_COMMANDS CREATE_PUBLIC_THREADS SEND_MESSAGES_IN_THREADS "
    "USE_EXTERNAL_APPS"
)
MODERATOR = (
    "MANAGE_MESSAGES MANAGE_THREADS MANAGE_CHANNELS MUTE_MEMBERS MOVE_MEMBERS MENTION_EVERYONE PIN_MESSAGES "
    "MANAGE_WEBHOOKS MODERATE_MEMBERS SET_VOICE_CHANNEL_STATUS MANAGE_GUILD BYPASS_SLOWMODE"
)


def _seed(number: int) -> str:
    return str(_SEED + number * _STEP)


class World:
    """Users, guilds and channels by id.  `messages` of each channel run oldest first.

    `guild` is the one that the bot is in from the start, `elsewhere` one that it is not in.
    """

    def __init__(self, scenery: Scenery) -> None:
        self.snowflakes = Snowflakes()
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Message]] = {}
        self._scenery = scenery
        self.bot = self._user(1, scenery.bot, None, bot=True)
        self.people = [self._user(2 + number, name, name.title()) for number, name in enumerate(scenery.people)]
        self.other_bot = self._user(5, scenery.other_bot, None, bot=True)
        self.owner = self._user(6, scenery.owner, scenery.owner.title())
        self.guild = self.create_guild(scenery.guild, _seed(10), _seed(12))
        moderator = Role(_seed(11), scenery.moderator_role, permissions.bits(MODERATOR.split()), 2, 0x3498DB)
        self.guild.roles[moderator.id] = moderator
        self.guild.members[self.people[2].id].roles.append(moderator.id)
        for number, (name, kind, topic) in enumerate(scenery.channels):
            self.add_channel(Channel(_seed(20 + number), kind, name, self.guild.id, None, number, topic))
        self.elsewhere = self.create_guild(scenery.elsewhere, _seed(30), None)
        lounge = Channel(_seed(31), TEXT, scenery.elsewhere_channel, self.elsewhere.id)
        self.add_channel(lounge)
        self.add_channel(Channel(_seed(32), GROUP_DM, scenery.group, recipients=list(self.people)))

    def _user(self, number: int, name: str, shown: str | None, *, bot: bool = False) -> User:
        user = User(_seed(number), name, shown, bot)
        self.users[user.id] = user
        return user

    def new_person(self, name: str) -> User:
        """Add a person who is in no guild yet."""
        return self._user(_NEWCOMERS + len(self.users), name, name.title())

    def create_guild(self, name: str, guild_id: str, bot_role_id: str | None) -> Guild:
        """Add a guild with its @everyone role and all people.

        With a `bot_role_id` the bot is in it too, with its own managed role; without, no bot is.
        """
        guild = Guild(guild_id, name, self.owner.id)
        guild.roles = {guild_id: Role(guild_id, "@everyone", permissions.bits(EVERYONE.split()))}
        joined, comers = time_of(guild_id), self.users.values()
        guild.members = {user.id: Member(user, joined) for user in comers if bot_role_id or not user.bot}
        if bot_role_id:
            self.admit_bot(guild, bot_role_id, joined)
        self.guilds[guild_id] = guild
        return guild

    def admit_bot(self, guild: Guild, role_id: str, joined_at: float) -> None:
        """Let the bot into a guild, with a managed role of its own, which has its name."""
        granted = permissions.bits(self._scenery.bot_permissions)
        color = self._scenery.bot_color
        guild.roles[role_id] = Role(role_id, self.bot.username, granted, 1, color, bot_id=self.bot.id)
        guild.members[self.bot.id] = Member(self.bot, joined_at, [role_id])

    def expel_bot(self, guild: Guild) -> None:
        """Take the bot out of a guild, and with it its managed role."""
        guild.members.pop(self.bot.id, None)
        guild.roles = {role.id: role for role in guild.roles.values() if role.bot_id != self.bot.id}

    def add_channel(self, channel: Channel) -> Channel:
        """Make a channel known."""
        self.channels[channel.id] = channel
        self.messages.setdefault(channel.id, {})
        return channel

    def user(self, user_id: str) -> User:
        """Return a user by id; raise 10013."""
        if user := self.users.get(user_id):
            return user
        raise DiscordError(10013)

    def guild_by_id(self, guild_id: str) -> Guild:
        """Return a guild that the bot is in; raise 10004, or 130000 in an outage."""
        if (guild := self.guilds.get(guild_id)) and self.bot_in(guild):
            if guild.unavailable:
                raise DiscordError(130000)
            return guild
        raise DiscordError(10004)

    @property
    def bot_guilds(self) -> list[Guild]:
        """The guilds that the bot is in."""
        return [guild for guild in self.guilds.values() if self.bot_in(guild)]

    def bot_in(self, guild: Guild) -> bool:
        """Return whether the bot is a member of a guild."""
        return self.bot.id in guild.members

    def bot_at(self, channel: Channel) -> bool:
        """Return whether the bot is where a channel is; whether it may see the channel is another question."""
        guild = self.guild_of(channel)
        return self.bot_in(guild) if guild else not channel.private

    def channel(self, channel_id: str) -> Channel:
        """Return a channel by id; raise 10003."""
        if channel := self.channels.get(channel_id):
            return channel
        raise DiscordError(10003)

    def message(self, channel_id: str, message_id: str) -> Message:
        """Return a message that is no one's ephemeral one; raise 10008."""
        message = self.messages.get(channel_id, {}).get(message_id)
        if message is None or message.reader_id:
            raise DiscordError(10008)
        return message

    def seen(self, channel_id: str, message_id: str, reader_id: str) -> Message:
        """Return a message, ephemeral or not, that a user can see; raise 10008, or 50001 for a hidden channel."""
        message = self.messages.get(channel_id, {}).get(message_id)
        channel = self.channel(channel_id)
        if message is None or message.reader_id not in {None, reader_id}:
            raise DiscordError(10008)
        self.require(channel, reader_id)
        return message

    def dm(self, user: User) -> Channel:
        """Return the direct-message channel of a user with the bot, opened when needed; its id is stable."""
        channel_id = str(int(user.id) + 100 * _STEP)
        if channel_id not in self.channels:
            self.add_channel(Channel(channel_id, DM, recipients=[user]))
        return self.channels[channel_id]

    def guild_of(self, channel: Channel) -> Guild | None:
        """Return the guild a channel is in; None for direct messages."""
        return self.guilds[channel.guild_id] if channel.guild_id else None

    def member(self, channel: Channel, user_id: str) -> Member | None:
        """Return a user's membership in the guild of a channel."""
        guild = self.guild_of(channel)
        return guild.members.get(user_id) if guild else None

    def permissions(self, channel: Channel, user_id: str) -> int:
        """Return what a user may do in a channel, as bits; a thread takes after its parent."""
        guild = self.guild_of(channel)
        if guild is None:
            inside = {user.id for user in channel.recipients} | ({self.bot.id} if self.bot_at(channel) else set())
            return permissions.DM if user_id in inside else 0
        member = guild.members.get(user_id)
        if member is None:
            return 0
        place = channel
        if channel.type == PRIVATE_THREAD and channel.thread and channel.parent_id:
            parent = self.channels.get(channel.parent_id, channel)
            moderates = permissions.in_channel(guild, member, parent) & permissions.BITS["MANAGE_THREADS"]
            if user_id not in channel.thread.members and not moderates:
                return 0
        if channel.type in THREADS and channel.parent_id:
            place = self.channels.get(channel.parent_id, channel)
        return permissions.in_channel(guild, member, place)

    def may(self, channel: Channel, user_id: str, *names: str) -> bool:
        """Return whether a user has all of the named permissions in a channel."""
        wanted = permissions.bits(names)
        return self.permissions(channel, user_id) & wanted == wanted

    def require_sight(self, channel: Channel, user_id: str) -> None:
        """Raise 50001 where a user cannot see that there is a channel."""
        self.require_available(channel)
        if not self.may(channel, user_id, "VIEW_CHANNEL"):
            raise DiscordError(50001)

    def require(self, channel: Channel, user_id: str, *names: str) -> None:
        """Raise 50001 where a user cannot look into a channel, 50013 where they lack a named permission.

        Who may not join a voice channel cannot look into it: https://github.com/discord/discord-api-docs/pull/5111.
        """
        self.require_sight(channel, user_id)
        if channel.type in SEATS and not self.may(channel, user_id, "CONNECT"):
            raise DiscordError(50001)
        if not self.may(channel, user_id, *names):
            raise DiscordError(50013)
        if guild := self.guild_of(channel):
            self._require_two_factor(guild, user_id, permissions.bits(names))

    def require_in_guild(self, guild: Guild, user_id: str, *names: str) -> None:
        """Raise 50013 where a user's roles do not grant them a named permission in the whole guild."""
        wanted = permissions.bits(names)
        member = guild.members.get(user_id)
        if member is None or wanted & ~permissions.of_roles(guild, member):
            raise DiscordError(50013)
        self._require_two_factor(guild, user_id, wanted)

    def _require_two_factor(self, guild: Guild, user_id: str, wanted: int) -> None:
        if guild.mfa_level and wanted & permissions.ELEVATED and not self.users[user_id].two_factor:
            raise DiscordError(60003)

    def require_available(self, channel: Channel) -> None:
        """Raise 130000 where a channel's guild has an outage; what REST says then is not documented."""
        if (guild := self.guild_of(channel)) and guild.unavailable:
            raise DiscordError(130000)

    def require_unarchived(self, channel: Channel) -> None:
        """Raise 50083 in an archived thread, in which nothing happens but that messages are deleted."""
        if channel.thread and channel.thread.archived:
            raise DiscordError(50083)

    def require_not_timed_out(self, channel: Channel, user_id: str) -> None:
        """Raise 50013 for a member who is timed out: what needs no permission is forbidden to them too."""
        guild, member = self.guild_of(channel), self.member(channel, user_id)
        if guild and member and permissions.timed_out(guild, member):
            raise DiscordError(50013)

    def readers(self, channel: Channel) -> list[User]:
        """Return who can see a channel."""
        guild = self.guild_of(channel)
        among = [member.user for member in guild.members.values()] if guild else [*channel.recipients, self.bot]
        return [user for user in among if self.may(channel, user.id, "VIEW_CHANNEL")]

    def threads(self, guild_id: str) -> list[Channel]:
        """Return a guild's threads, archived ones too."""
        return [channel for channel in self.channels.values() if channel.thread and channel.guild_id == guild_id]
