"""The picture under a session's recap: who focused on what."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog

from bot.chat.runtime.upload import Upload
from bot.domain.focus.participant import Effort
from bot.domain.focus.session import Session
from bot.messages.catalogue import gettext
from bot.pictures.recap import MOST
from bot.pictures.subject import Recap, Share
from bot.service.members import Members
from bot.service.picture_cache import PictureCache

_log = structlog.get_logger(__name__)

# Less focus than this is not worth a picture.
_WORTH_DRAWING = timedelta(minutes=5)
# Timeout of drawing, in seconds: the recap waits for it.
_TIMEOUT = 5.0


async def draw(
    members: Members, picture_cache: PictureCache, session: Session, efforts: Sequence[Effort]
) -> Upload | None:
    """Draw the picture of a session's recap; None if there is too little to show, or that fails."""
    if sum((effort.focused for effort in efforts), timedelta()) < _WORTH_DRAWING:
        return None
    try:
        async with asyncio.timeout(_TIMEOUT):
            people = list(dict.fromkeys(effort.user_id for effort in efforts))
            names = await members.names(session.timer.guild_id or 0, people)
            if not names:
                return None
            drawn = await picture_cache.draw(subject(efforts, names), in_background=False)
    except Exception as error:  # noqa: BLE001 - logged; the recap goes without
        _log.warning("recap_picture_failed", timer_id=session.timer.id, error=type(error).__name__)
        return None
    return Upload("recap.png", drawn.png, drawn.alt)


def subject(efforts: Sequence[Effort], names: Mapping[int, str]) -> Recap:
    """Sum up a session for its picture: each person's focus, and the task on which they spent most of it."""
    spent: dict[int, dict[str | None, timedelta]] = {}
    for effort in efforts:
        theirs = spent.setdefault(effort.user_id, {})
        theirs[effort.task] = theirs.get(effort.task, timedelta()) + effort.focused
    shares = [
        Share(
            names.get(user_id, gettext("someone")),
            max(tasks, key=lambda task: tasks[task]),
            sum(tasks.values(), timedelta()) // timedelta(seconds=1),
        )
        for user_id, tasks in spent.items()
    ]
    longest_first = sorted(shares, key=lambda share: -share.seconds)
    total = sum(share.seconds for share in shares)
    return Recap(tuple(longest_first[:MOST]), total, max(len(shares) - MOST, 0))
