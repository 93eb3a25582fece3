"""Install contexts: whether a command is offered where the bot is a member, or wherever its users go."""

from discord.app_commands import AppCommandContext, AppInstallationType

# To post in a channel later on, the bot has to be a member there.
WITH_SERVERS = AppInstallationType(guild=True, user=False)
WITH_PEOPLE = AppInstallationType(guild=True, user=True)
ANYWHERE = AppCommandContext(guild=True, dm_channel=True, private_channel=True)
