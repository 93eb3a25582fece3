"""Looking: whether lists show everything that is live, and nothing else."""

from bot.localdiscord.components import walk
from tests.universe import sentences
from tests.universe.human import Answer, Human
from tests.universe.judge import BOUND, Judge
from tests.universe.promise import Promise

# Reminders on a page of the list.
_PAGE = 8
# Buttons of a pomodoro that goes on.
_GOING = {sentences.PAUSE, sentences.RESUME, sentences.LONGER, sentences.CANCEL}


async def at_timers(human: Human) -> None:
    """List the timers of a channel."""
    channel = human.chance.choice(human.channels)
    before = _times(_going(human, "t"))
    answer = await human.type(channel, "!pomodoro list")
    here = {token: at for token, at in before.items() if human.judge.promises[token].place_id == channel.id}
    _hold(human, answer, here, "t")


async def at_reminders(human: Human) -> None:
    """List one's own reminders, including those of direct messages."""
    before = _times([promise for promise in _going(human, "r") if promise.owner_id == human.id])
    most = sum(
        promise.most_going(human.now)
        for promise in human.judge.promises.values()
        if promise.owner_id == human.id and promise.token[0] == "r"
    )
    answer = await human.slash(human.chance.choice(human.channels), "remind list")
    if most <= _PAGE:
        _hold(human, answer, before, "r")


def at_cards(judge: Judge) -> None:
    """Check the cards of finished timers, at the end: nothing can be done to them any more."""
    for promise in judge.promises.values():
        ended_at = _ended_at(promise)
        if ended_at is None or promise.card is None or promise.uncertain or promise.void:
            continue
        if judge.is_excused(promise.asked_at):  # the bot may not know of it
            continue
        channel_id, message_id = promise.card["channel_id"], promise.card["id"]
        is_quiet = judge.until(ended_at) <= ended_at + BOUND + judge.slack
        message = judge.world.messages.get(channel_id, {}).get(message_id)
        if message is None or not is_quiet or judge.is_disturbed(channel_id, since=ended_at - 60, until=judge.now):
            continue
        labels = {part.get("label") for part in walk(message.components)}
        judge.counts["cards"] += 1
        if not labels.isdisjoint(_GOING):
            judge.fault("out of date", f"the card of {promise.token}, which was over at {ended_at:.1f}")


def _ended_at(promise: Promise) -> float | None:
    """Return when a pomodoro was certainly over."""
    if promise.token[0] != "t":
        return None
    if promise.over_at is not None:
        return promise.over_at
    (*told,) = (due.told_at for due in promise.dues if not due.missed)
    return told[0] if len(told) == 1 and promise.left is None else None


def _going(human: Human, kind: str) -> list[Promise]:
    """Return what is certainly live, of anybody."""
    promises = human.judge.promises.values()
    return [
        promise
        for promise in promises
        if promise.token[0] == kind and promise.called and not promise.uncertain and not promise.void
        if promise.is_going(human.now)
    ]


def _times(promises: list[Promise]) -> dict[str, float | None]:
    """Return when each of them is due, None while it is paused."""
    return {promise.token: due.lo if (due := promise.open_due) else None for promise in promises}


def _hold(human: Human, answer: Answer, before: dict[str, float | None], kind: str) -> None:
    """Check a list against what is certainly live before and after, and what is over."""
    words = answer.words or "("
    is_excused = human.is_excused(answer.asked_at - 60) or human.is_excused(answer.asked_at)
    if words.startswith("(") or sentences.MORE in words or is_excused:
        return
    human.judge.counts["looks"] += 1
    for token, at in _times(_going(human, kind)).items():
        promise = human.judge.promises[token]
        if token in before and promise.called not in words:
            human.judge.fault("not listed", f"{promise.called}: {words!r}")
        elif at is not None and before.get(token, -1.0) == at and not promise.paused:
            line = next(line for line in words.splitlines() if promise.called in line)
            human.hold_shown(promise, line)
    for promise in human.judge.promises.values():
        is_over = promise.over_at is not None and promise.over_at < answer.asked_at - 1
        may_be = promise.uncertain or promise.repeats or any(due.alone for due in promise.dues)
        if promise.token[0] == kind and is_over and not may_be and promise.token in words:
            human.judge.fault("listed", f"{promise.token}, which is over: {words!r}")
