"""The fields of a slash command, from what is typed instead: ``name: tea duration: 5m``."""

from collections.abc import Mapping

from bot.domain.errors import UserError
from bot.domain.invocation import Topic
from bot.domain.time.duration import written
from bot.domain.timers import name, parser
from bot.domain.timers.command import ExtendTimer, Rename, StartTimer


def in_fields(line: str, topic: Topic) -> Mapping[str, str]:
    """Put what is typed behind the topic's name as the fields of its slash command; empty where it has none."""
    try:
        command = parser.parse(topic.read(line), topic)
    except UserError:
        return {}
    match command:
        case StartTimer(called, length):
            return {"name": "" if called == name.DEFAULT else called, "duration": written(length)}
        case ExtendTimer(target, by):
            return {"by": written(by), "timer": target or ""}
        case Rename(target, called):
            return {"name": called, "timer": target or ""}
    return {}
