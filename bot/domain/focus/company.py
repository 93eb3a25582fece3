"""Company: people whom somebody names beside a session, who join and leave by themselves."""

import re

from bot.domain.mentions import without_people
from bot.domain.question import Choice, Question, as_typed
from bot.domain.time.plain import plain
from bot.messages.catalogue import N_

# The most characters of a request that names people without mentioning them.
_LONGEST = 60
# People who are not mentioned: 25/5 with my friends, with @Ben.
_TOGETHER = re.compile(
    r"((?:.* )?)with (?:(?:my |some |the )?(?:friends?|everyone|everybody|others|people|team|class(?:mates)?|group"
    r"|study group|all|us)|@[\w.]{2,32}(?:(?:,| and|, and) @[\w.]{2,32})*)",
    re.IGNORECASE,
)
_BRING_IN = frozenset({"invite", "add", "call", "ping", "bring", "get", "join", "focus", "start", "session"})
_SEND_AWAY = frozenset({"kick", "remove", "ban", "boot", "drop", "throw out", "kick out", "mute", "silence"})


def without(text: str) -> str | None:
    """Return a text without the people that somebody wants to focus with; None if there are none.

    Raises ``Question`` if it asks to send them away.
    """
    together = _TOGETHER.fullmatch(text[:_LONGEST])
    alone = together[1].strip(" ,") if together else without_people(text)
    if alone is not None and plain(alone) in _SEND_AWAY:
        raise Question(
            N_("I can't take people out – they press Leave themselves. What would you like to do?"),
            as_typed("focus status"),
            as_typed("focus stop"),
        )
    return "" if alone is not None and plain(alone) in _BRING_IN else alone


def question(line: str) -> Question:
    """Ask about a session with somebody, whom nobody can bring in but themselves."""
    return Question(
        N_("I can't add people for you – they press Join on the card. Start the session?"),
        Choice(N_("Start it"), line),
    )
