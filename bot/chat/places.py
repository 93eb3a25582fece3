"""Where a slash command is offered: where the bot is a member, or wherever a person brings it along to."""

from discord.app_commands import AppCommandContext, AppInstallationType

# What is said in a channel later on needs a bot that is a member there.
WITH_SERVERS = AppInstallationType(guild=True, user=False)
WITH_PEOPLE = AppInstallationType(guild=True, user=True)
ANYWHERE = AppCommandContext(guild=True, dm_channel=True, private_channel=True)
