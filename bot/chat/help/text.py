"""Texts for those who ask for help, made of what the commands say of themselves."""

from bot.chat.text import command, fitting, slash
from bot.domain.invocation import Topic
from bot.domain.question import Choice
from bot.messages.catalogue import N_, gettext

THINGS_TO_TRY = (
    Choice(N_("Start a focus session"), "focus start"),
    Choice(N_("Start a 5-minute timer"), "pomodoro 5m"),
    Choice(N_("Remind me to stretch in 20 minutes"), "remind 20m stretch"),
)


def newcomer(prefix: str) -> str:
    """Show somebody who is new three things to try."""
    session, timer, reminder = (command(choice.line, prefix) for choice in THINGS_TO_TRY)
    return "\n".join(
        [
            gettext("Hi! I run timers, focus sessions and reminders. Three things to try:"),
            gettext("- a focus session your friends can join: `{command}`", command=session),
            gettext("- a timer for yourself: `{command}`", command=timer),
            gettext("- a reminder: `{command}`", command=reminder),
        ]
    )


def more(prefix: str) -> str:
    """Show where there is more, above a button for each command."""
    commands, privacy = f"`{command('help remind', prefix)}`", command("privacy", prefix)
    return gettext("More: {commands}. What I store about you: `{privacy}`.", commands=commands, privacy=privacy)


def topic_help(topic: Topic, prefix: str) -> str:
    """Show what a command is for, and an example of each thing that it can do."""
    lines = []
    if topic.introduction:
        lines.append(gettext(topic.introduction))
    elif len(topic.verbs) > 1:  # else its only verb says the same
        heading = gettext(topic.description)
        lines.append(f"**{heading}**")
    for verb in topic.verbs.values():
        examples = " · ".join(f"`{command(f'{topic.name} {example}', prefix)}`" for example in verb.examples)
        example = examples or ("" if verb.name == "help" else slash(f"{topic.name} {verb.name}"))
        if example:
            what = gettext(verb.description)
            lines.append(f"- {example} {what}")
    return fitting(lines)
