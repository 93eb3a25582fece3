"""Parser of commands about the people in a session: joining, tasks, notifications, the host."""

import re
from collections.abc import Mapping
from typing import Any

from bot.domain.focus.command import Host, Join, Notify, Task, VoiceAuto
from bot.domain.focus.participant import Notification
from bot.domain.mentions import LARGEST_ID, without_people
from bot.domain.question import Choice, Question, as_typed
from bot.domain.timers import name
from bot.domain.timers.name import unquoted
from bot.messages.catalogue import N_

_VOICE = {"auto": True, "off": False}
_MAY_BE_VOICE = {*_VOICE, "", "on", "yes", "no"}
_PERSON = re.compile(r"<@!?(\d{1,19})>|(\d{15,19})")
# What may stand behind *join* without being a task: join in, join now.
_NO_TASK = {"in", "me", "us", "you", "now", "it", "this", "them", "session", "the session", "this session"}
_IS = re.compile(r"\A(?:is|[=:-]) (?=\S)", re.IGNORECASE)
# Words between *join* and a task: join for writing, join working on the report.
_TO_DO = re.compile(r"\A(?:(?:in )?(?:on|for|to|and|doing|working on|work on)) (?=\S)", re.IGNORECASE)
# Words for each kind of notification.
_NOTIFICATIONS = {
    **{known.value: known for known in Notification},
    **dict.fromkeys(("on", "yes", "me", "ping me", "mention", "loud", "everything"), Notification.PING),
    **dict.fromkeys(("off", "no", "none", "never", "mute", "mute me", "quiet", "nothing"), Notification.SILENT),
    **dict.fromkeys(("me by dm", "by dm", "via dm", "in dm", "dm me", "dms", "privately"), Notification.DM),
}
_NEW_HOST = re.compile(
    r"(?:make|set|let) (?P<person><@!?\d{1,19}>) (?:be )?(?:the )?(?:new )?host"
    r"|(?:give|hand|pass)(?: over)? (?:the )?(?:host |session )?to (?P<to><@!?\d{1,19}>)",
    re.IGNORECASE,
)


def join(options: Mapping[str, Any]) -> Join:
    """Parse the task that somebody joins with, if any. Raises ``Question``."""
    alone = without_people(options.get("task", ""))
    if alone is not None:
        line = f"focus join {alone}".strip()
        raise Question(N_("You can just join this channel's session."), as_typed(line))
    typed = options.get("task")
    if not typed or typed.casefold() in _NO_TASK:
        return Join(None)
    return Join(task({"task": _TO_DO.sub("", typed)}).text)


def task(options: Mapping[str, Any]) -> Task:
    """Parse what somebody is working on. Raises ``BadName``."""
    text = options.get("task")
    if not text:
        return Task("")
    return Task(name.clean(unquoted(_IS.sub("", text)), example=None))


def notify(options: Mapping[str, Any]) -> Notify:
    """Parse how somebody wants to hear about a phase. Raises ``Question``."""
    how = options.get("how", "")
    if known := _NOTIFICATIONS.get(how.casefold()):
        return Notify(known)
    raise Question(
        N_("I don't know “{quote}”. Try ping, silent or dm."),
        Choice(N_("Mention me"), "focus notify ping"),
        Choice(N_("No pings"), "focus notify silent"),
        Choice(N_("Send me a DM"), "focus notify dm"),
        quote=how[:40],
    )


def is_voice_choice(words: str) -> bool:
    """Return whether words behind *voice* choose what entering the channel does, and name no channel."""
    return words.casefold().removeprefix("how:").strip() in _MAY_BE_VOICE


def voice(options: Mapping[str, Any]) -> VoiceAuto:
    """Parse whether entering the voice channel joins somebody. Raises ``Question``."""
    how = options.get("how", "").casefold()
    if how in _VOICE:
        return VoiceAuto(_VOICE[how])
    raise Question(
        N_("Should entering a session's voice channel join you?"),
        Choice(N_("Yes"), "focus voice auto"),
        Choice(N_("No, I'll press Join"), "focus voice off"),
    )


def host(options: Mapping[str, Any]) -> Host:
    """Parse who is to be the host: None to choose from a list. Raises ``Question``."""
    person = name.visible(options.get("person", "")).removeprefix("to ")
    person = "" if name.is_blank(person) else person
    match = _PERSON.fullmatch(person)
    if match and (user_id := int(match[1] or match[2])) <= LARGEST_ID:
        return Host(user_id)
    if not person:
        return Host(None)
    raise Question(
        N_("I don't know who “{quote}” is. Mention them with @."),
        Choice(N_("Choose …"), "focus host"),
        quote=person[:40],
    )


def new_host(words: str) -> Host | None:
    """Parse a sentence that names the new host: *make @Ben host*."""
    match = _NEW_HOST.fullmatch(words)
    return host({"person": match["person"] or match["to"]}) if match else None
