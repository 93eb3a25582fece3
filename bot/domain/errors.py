"""What can be wrong with a request, as sentences for the person who made it.

    Refusal
    ├── BadDuration      "soon" is no duration; 0 s; 25 h
    ├── BadMoment        "soon" is no time; yesterday; 1/2 may be January or February
    ├── BadPeriod        "soon" is no period; one that has not come yet
    ├── BadCorrection    a correction that makes an entry longer, or leaves nothing of it
    ├── BadName          too long, or nothing left of it
    ├── BadPlan          brackets left open; endless, or over 12 h; nothing but breaks
    ├── BadRecurrence    "sometimes" is no repetition; every minute; ends before it begins
    ├── BadRule          what a server sets for itself cannot be so
    ├── BadText          a reminder that says nothing, or more than a message holds
    ├── BadZone          "Moon/Base" is no time zone
    ├── NoServer         asked for what only a server has, in a direct message
    ├── UnknownTimer     no such timer
    ├── UnknownReminder  no such reminder
    ├── UnknownEntry     no such entry of one's own in the focus log
    ├── UnknownSession   no session here, or not in it
    ├── UnknownPreset    no plan of that name
    ├── UnknownChannel   no voice channel that the bot can see
    ├── NoPlaceToSpeak   the bot may not write here
    ├── AmbiguousTimer   more than one fits
    ├── NotYours         somebody else's timer
    ├── TooMany          a limit on timers or on commands is reached
    ├── TooLate          the timer changed first: finished, cancelled, already paused
    └── NotSaved         the database did not take it, so nothing happened

A refusal changes nothing and is no error of the bot's: it is answered, not logged as one.
"""


class Refusal(Exception):
    """A request that is answered with one friendly sentence and changes nothing.

    ``sentence`` has ``{}`` where it quotes what the person typed; the ``quote`` stands apart, so that whoever
    shows it can make it harmless. ``example`` is a command that would have been right, without the prefix.
    """

    def __init__(self, sentence: str, example: str | None = None, quote: str = "") -> None:
        super().__init__(sentence.replace("{}", quote))
        self.sentence = sentence
        self.example = example
        self.quote = quote


class BadDuration(Refusal):
    """The duration cannot be read, or lies outside what is allowed."""


class BadMoment(Refusal):
    """The words are no time, may be several, or name one that has passed or is too far away."""


class BadPeriod(Refusal):
    """The words are no period of the calendar, or one that has not come yet."""


class BadCorrection(Refusal):
    """An entry of the focus log would not become shorter, or nothing would be left of it."""


class BadName(Refusal):
    """The name is too long, or empty once control characters are gone."""


class BadPlan(Refusal):
    """The plan of a session cannot be read, or breaks one of the limits of a plan."""


class BadRecurrence(Refusal):
    """How a reminder repeats cannot be read, or comes too often, too seldom or never."""


class BadRule(Refusal):
    """What those who manage a server want to set cannot be."""


class BadText(Refusal):
    """What a reminder is to say is empty or too long, or what is to be changed of it is not said."""


class BadZone(Refusal):
    """No time zone has that name, or more than one has."""


class UnknownReminder(Refusal):
    """No pending reminder has that number or text."""


class UnknownEntry(Refusal):
    """No entry of this person's focus log has that number."""


class NoServer(Refusal):
    """What is asked for is a server's, and there is none here."""


class UnknownTimer(Refusal):
    """No live timer has that name or number."""


class UnknownSession(Refusal):
    """No session goes on in this channel, or this person is not in it."""


class UnknownPreset(Refusal):
    """No plan is kept under that name."""


class UnknownChannel(Refusal):
    """The voice channel is none, or one that the bot cannot see."""


class NoPlaceToSpeak(Refusal):
    """The bot may not write in the channel where something is to be said later."""


class AmbiguousTimer(Refusal):
    """More than one live timer fits."""


class NotYours(Refusal):
    """The timer is somebody else's, and this person may not command it."""


class TooMany(Refusal):
    """One of the operator's limits is reached."""


class TooLate(Refusal):
    """The timer changed before this request could change it."""


class NotSaved(Refusal):
    """The database could not take the change, so it did not happen."""
