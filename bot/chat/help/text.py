"""Texts for those who ask for help, made of what the commands say of themselves."""

from collections.abc import Iterable

from bot.chat.text import command, fitting
from bot.domain.invocation import Topic
from bot.messages.catalogue import gettext


def newcomer(prefix: str, topics: Iterable[Topic]) -> str:
    """Show somebody who is new three things to try, and where there is more."""
    more = " · ".join(
        f"`{command(f'{topic.name} help', prefix)}`" for topic in sorted(topics, key=_name) if "help" in topic.verbs
    )
    timer, session, reminder, privacy = (
        command(example, prefix)
        for example in ("pomodoro tea 5m", "focus start", "remind tomorrow 9am call mum", "privacy")
    )
    return "\n".join(
        [
            gettext("I keep time for you, and lose none of it. Three things to try:"),
            gettext("- a timer for yourself: `{command}`", command=timer),
            gettext("- a focus session that others can join: `{command}`", command=session),
            gettext("- a reminder: `{command}`", command=reminder),
            gettext("More: {commands}. What I keep of you: `{privacy}`.", commands=more, privacy=privacy),
        ]
    )


def topic_help(topic: Topic, prefix: str) -> str:
    """Show what a command is for, and an example of each thing that it can do."""
    lines = []
    if len(topic.verbs) > 1:  # else its only verb says the same
        heading = gettext(topic.description)
        lines.append(f"**{heading}**")
    if topic.introduction:
        lines.append(gettext(topic.introduction))
    for verb in topic.verbs.values():
        examples = " · ".join(f"`{command(f'{topic.name} {example}', prefix)}`" for example in verb.examples)
        if examples:
            what = gettext(verb.description)
            lines.append(f"- {examples} {what}")
    return fitting(lines)


def _name(topic: Topic) -> str:
    return topic.name
