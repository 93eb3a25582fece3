import asyncio
import json
import sys

import aiohttp

from bot.localdiscord.local import LocalDiscord
from tests.botprocess import ROOT, Process
from tests.reading import answers, says


async def test_lateness_in_a_full_channel(bot: Process, discord: LocalDiscord) -> None:
    """The message that exhausts a channel's bucket is as late as it arrived, however long the client then waits."""
    bot.environment["METRICS_PORT"] = "0"
    discord.limits.rules["POST /channels/{channel_id}/messages"] = (5, 10.0)
    ann, general = discord.person("ann"), discord.channel("general")
    await bot.start()
    port = json.loads(await bot.says("metrics_served"))["port"]
    await discord.wait_connected()
    await ann.say(general, "!pomodoro tea 2")
    for _ in range(3):
        request = await ann.say(general, "!pomodoro list")
        await discord.wait_for(answers(request), channel=general)
    await discord.wait_for(says("POMODORO! tea"), channel=general)
    async with asyncio.timeout(60), aiohttp.ClientSession() as session:
        count = ""
        while count != "1.0":
            async with session.get(f"http://127.0.0.1:{port}/metrics") as answer:
                metrics = dict(line.rsplit(" ", 1) for line in (await answer.text()).splitlines() if line[0] != "#")
            count = metrics.get('pomodoro_lateness_seconds_count{purpose="pomodoro"}', "")
    assert float(metrics['pomodoro_lateness_seconds_sum{purpose="pomodoro"}']) < 5


async def test_not_asked_for(bot: Process) -> None:
    """Without a port nothing of it is loaded."""
    script = "import bot.app, sys; print([name for name in sys.modules if 'prometheus' in name])"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert out == b"[]\n"
