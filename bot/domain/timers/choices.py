"""Choices about timers: possible meanings, each as a label and as the line that says just that."""

from datetime import time, timedelta

from bot.domain.ellipsis import truncated
from bot.domain.question import Choice, as_typed
from bot.domain.time.duration import DEFAULT, spoken, written
from bot.domain.timers import name
from bot.messages import dates
from bot.messages.catalogue import N_

# What a choice shows of a name.
_SHOWN = 40


def quoted(called: str) -> str:
    """Quote a name, cut to the longest allowed, so that it is only read as a name."""
    called = name.cut(called)
    if '"' not in called:
        return f'"{called}"'
    inner = called.replace("\N{RIGHT DOUBLE QUOTATION MARK}", '"')
    return f"\N{LEFT DOUBLE QUOTATION MARK}{inner}\N{RIGHT DOUBLE QUOTATION MARK}"


def label(called: str) -> str:
    """Shorten a name for the label of a choice."""
    return truncated(name.visible(called), _SHOWN)


def start(topic: str, called: str, length: timedelta = DEFAULT) -> Choice:
    """Offer a timer of this name and length."""
    words = written(length) if called == topic else f"{quoted(called)} {written(length)}"
    line = f"{topic} {words}"
    return Choice(N_("“{name}” for {length}"), line, {"name": label(called), "length": spoken(length)})


def until(topic: str, called: str, end: time, *, tomorrow: bool = False) -> Choice:
    """Offer a timer of this name that ends at a time of day."""
    line = f"{topic} {quoted(called)} until {end:%H:%M}"
    about = {"name": label(called), "time": dates.clock(end)}
    if tomorrow:
        return Choice(N_("“{name}” until {time} tomorrow"), f"{line} tomorrow", about)
    return Choice(N_("“{name}” until {time}"), line, about)


def extend(topic: str, target: str | None, by: timedelta) -> Choice:
    """Offer to extend a timer by a length."""
    line = " ".join((f"{topic} extend", *([quoted(target)] if target else []), written(by)))
    return Choice(N_("{length} longer"), line, {"length": spoken(by)})


def verb(topic: str, called: str, words: str = "") -> Choice:
    """Offer a verb, with the words behind it."""
    return as_typed(" ".join(f"{topic} {called} {words}".split()))


def remind(words: str) -> Choice:
    """Offer a reminder instead."""
    return Choice(N_("A reminder: {words}"), f"remind {words}", {"words": label(words)})
