"""A local Discord for any bot and any test: REST, gateway and CDN, over real sockets of this machine.

How to begin, in a test with pytest and pytest-asyncio:

    pytest_plugins = ["bot.localdiscord.pytest_plugin"]                        # in the topmost conftest.py

    async def test_ping(local_discord, discord_py):                            # discord.py is pointed at it
        asyncio.create_task(my_client.start(local_discord.token))
        await local_discord.wait_connected()
        ping = await local_discord.person("ann").say(local_discord.channel("general"), "!ping")
        await local_discord.wait_for(lambda message: message["content"] == "pong", after=ping)

Without pytest, `async with LocalDiscord() as local` (`local.py`) does the same. `python -m bot.localdiscord` serves
it to a bot in any language; people say there what is typed into its terminal.

What it does:

- It answers the bot as Discord does, errors with their codes and rate limits included, keeps sessions that can be
  resumed, and sends events by intents, permissions and shards.
- `Person` does what people do: they write, edit, reply, react, press, choose, fill in forms, use slash commands and
  menus, open posts, sit in voice channels and before stages, add the app to their account, and block it. The same
  rules hold for them.
- `LocalDiscord.moderation` does what those who run a server do: roles, overwrites, slow mode, AutoMod, time-outs,
  kicks and bans, two-factor moderation, stages, an outage of the server.
- `LocalDiscord.faults` makes REST and the gateway fail in the ways in which they do, `age` lets time pass, and
  `drop_gateway` breaks connections.
- `LocalDiscord.exchanges` has every request and answer. `Transcript` (`transcript.py`) tells what was said and done
  line by line; the plugin shows it where a test fails.
- `Scenery` (`scenery.py`) gives the world its names, an `archive` file outlives it.

What it does not do:

- It answers a route that it does not have with 404 and its name, and logs that as an error.  So it does, with 400,
  with a field of Discord's that it does not act on; `COVERAGE.md` has the table.
- It has no custom emoji, no stickers and no polls: what names one is refused.
- It archives no thread by itself when time passes (`archive_thread` does), follows no announcement channel, and
  sends no THREAD_LIST_SYNC, no audit log and no events of AutoMod.
- It carries no sound, sends no pushes, knows no OAuth, no payments, no activities.
- It listens on the loopback interface alone, and refuses requests that come from other hosts' pages.
- It imports none of Discord's clients, and nothing of the bot beside it.
"""
