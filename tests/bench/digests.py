"""Digests: many servers that get their weekly digest at once, while people ask for other things."""

import asyncio
from datetime import UTC, datetime, timedelta

from tests.bench.contender import Ours, Round
from tests.bench.mondays import Mondays
from tests.bench.spans import beats, greatest, middle
from tests.bench.table import Figure

# People who ask, and channels, in turn: nobody may have more than ten pictures a minute, and no channel more than
# five messages in five seconds.
_ASKING = 12


async def measure(run: Round) -> list[Figure]:
    """Let digests come due under Discord's rate limits, while people ask for pictures and start timers."""
    count, before = run.of(1_000, 60), run.of(15, 5)
    async with run.enter(Ours) as contender:
        assert isinstance(contender, Ours)
        discord = contender.discord
        await contender.migrate()
        mondays = Mondays(discord, count)
        due_at = datetime.now(UTC) + timedelta(seconds=before)
        mondays.plant(contender.file, [due_at] * count)
        people = [discord.add_person(f"asking{number}") for number in range(_ASKING)]
        channels = contender.make_channels(_ASKING)
        discord.limits.enabled = True
        await contender.start()
        asked_at: dict[str, float] = {}
        timers: list[str] = []
        async for beat in beats(600, 1):
            if not mondays.missing:
                break
            # Another picture each time, so that it is drawn.
            month = f"{2010 + beat % 16}-{1 + beat // 16 % 12}"
            message = await people[beat % _ASKING].say(channels[beat % _ASKING], f"!stats here {month}")
            await contender.command(channels[beat % _ASKING - 1], f"timer{beat}", 1)
            if datetime.now(UTC) > due_at:
                asked_at[message["id"]] = discord.posted_at(message["id"])
                timers.append(f"timer{beat}")
        await contender.ear.until(lambda: contender.ear.replies.keys() >= asked_at.keys(), 5)
        await contender.announced(timers, silence=5)
        await asyncio.sleep(1)  # for what would be told twice
        late, lost = contender.lateness(timers), contender.losses(timers)
    replies = contender.ear.replies
    took = [(replies[request].at - at) * 1000 for request, at in asked_at.items() if request in replies]
    last = max(moment for moments in mondays.told_at.values() for moment in moments)
    title = f"{count:,} digests due at one moment"
    lost += mondays.missing + mondays.doubled
    return [
        Figure(f"{title}: the last after", last - due_at.timestamp(), "s", most=300),
        Figure(f"{title}: lost or doubled", lost, "", most=0, counts_losses=True),
        Figure(f"{title}: a person's picture meanwhile, median", middle(took)),
        Figure(f"{title}: a person's picture meanwhile, max", greatest(took), most=1_000),
        Figure(f"{title}: pictures not answered", len(asked_at) - len(took), "", most=0),
        Figure(f"{title}: a timer meanwhile late, median", middle(late), most=20),
        Figure(f"{title}: a timer meanwhile late, max", greatest(late), most=1_000),
    ]
