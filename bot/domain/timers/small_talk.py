"""Small talk: what people say to a bot that isn't a timer's name: *hi*, *thanks*, *how does this work*.

A name says what a timer is for. So small talk is a question, a clause (*you are great*, *I don't know*), or words
that are all greetings, exclamations or fillers (*not yet*, *all good*).
"""

import functools
import re
from collections.abc import Mapping, Sequence

from bot.domain.question import Question, as_typed
from bot.domain.timers import choices, name
from bot.messages.catalogue import N_, Template

_HELLO = N_("Hi! Shall I start a timer?")
_WELCOME = N_("You're welcome! Shall I start another timer?")
_BYE = N_("See you! Or shall I start another timer?")
_HOW = N_("I run timers, and ping you when time's up. Shall I start one?")
_RUNNING = N_("Do you want to see what's running, or start a timer?")
_NEUTRAL = N_("Shall I start a timer?")
_ANSWERS: Mapping[Template, Sequence[str]] = {
    _HELLO: (
        "hi", "hello", "hey", "hiya", "heya", "hola", "hallo", "yo", "sup", "good morning", "morning", "gm",
        "good afternoon", "good evening", "greetings", "bonjour", "salut", "ciao", "guten morgen", "guten tag",
        "servus", "moin", "namaste",
    ),
    _WELCOME: (
        "thanks", "thx", "ty", "thanx", "tysm", "tyvm", "thank you", "thank u", "danke", "merci", "cheers",
        "many thanks", "good bot", "nice bot", "good job", "nice job", "great job", "well done", "love it",
    ),
    _BYE: ("bye", "goodbye", "good bye", "bye bye", "cya", "see you", "see ya", "good night", "gn"),
    _NEUTRAL: (
        "ok", "okay", "k", "yes", "yep", "yeah", "yup", "ya", "no", "nope", "nah", "sure", "fine", "good", "great",
        "nice", "cool", "perfect", "awesome", "wow", "lol", "lmao", "haha", "hahaha", "hm", "huh", "omg",
        "wtf", "idk", "brb", "afk", "gg", "rip", "oof", "bruh", "okey", "sorry", "oops", "oh", "ah", "sry",
        "please", "pls", "plz", "np", "not", "yet", "maybe", "never", "really", "exactly", "same here", "sounds",
        "good luck", "welcome", "later", "soon", "ftw", "tbh", "never mind", "nevermind", "nvm", "got it",
        "i see", "my bad",
    ),
}  # fmt: skip
# People write heyyy and okk.
_LONG = re.compile(r"(.)\1+")
_SIGNS = " .,!?\N{HORIZONTAL ELLIPSIS}\ufe0f:;)("
_ASKING = re.compile(
    r"(?:what's|whats|anyone|anybody)\b|(?:how|(?:for )?what|why|who|which|when)"
    r"(?:\Z| (?!to\b|if\b|we\b|the\b|i\b|\w+ed\b))"
    r"|(?:can|could|do|are|will|would) (?:you|u|i|we)\b"
    r"|(?:is|does) (?:this|it)\b",
    re.IGNORECASE,
)
# A question about timers that run, perhaps: *is tea done*, *what's left*.
_LOOKING = re.compile(
    r"do (?:i|we|they)\b|(?:is|are|does|did|has|when|where) \S+ \S|what'?s (?:left|running|on)\b", re.IGNORECASE
)
# Somebody, and what they do: a sentence, where a name would have no subject.
_CLAUSE = re.compile(
    r"(?:(?:i|you|u|we|it|this|that|they|he|she|there)"
    r" (?:(?:am|are|is|was|were|will|would|do|does|did|have|has|had|can|could|should|must|may|might|cannot)(?:n't)?"
    r"|dont|don't|doesnt|didnt|wont|won't|cant|can't|just|really|also|know|think|want|need|like|love|hate|mean|guess"
    r"|hope|see|forgot|said|works?|rocks?|sucks?|helps?|looks?|seems?|feels?|rule)"
    r"|(?:i'm|im|i've|i'll|you're|youre|we're|it's|that's|thats|they're|there's))\b"
)

# What is said of a timer, after its name: *is great*, *technique works*, *didn't ring*, *of course lol*.
_SAID_OF = re.compile(
    r"(?:\S+ )?(?:is|are|was|were|isn't|isnt|aren't|arent|wasn't|wasnt|weren't|werent)\b"
    r"|(?:has|had|does|did|doesn't|doesnt|didn't|didnt|hasn't|hasnt|won't|wont|can't|cant) \S"
    r"|(?:(?:\S+|it really|really) )?(?:works|sucks|rocks|rules|helps|slaps|failed|crashed|broke)"
    r"(?: (?:great|well|fine|best|again|now|so|too|me|us|you|for me|for us))*\Z"
    r"|(?:ended|finished|stopped|gone|over) (?:already|early|late|again|yet)\Z"
    r"|(?:not|never) (?:working|starting|ringing|stopping|responding|bad|great|good|fair|sure|again|really)\b"
    r"|.* (?:lol|lmao|tbh|ftw|ffs|smh|imo|haha+|xd)\Z"
)
# Words that may follow (hey there, thanks a lot), and the most words of small talk.
_MORE = frozenset({
    "there", "all", "everyone", "guys", "bot", "friend", "the", "this", "that", "it", "is", "for", "now",
    "tomorrow", "a", "lot", "so", "much", "very", "you", "too", "again", "one", "later", "soon", "then", "day",
})  # fmt: skip
_MOST = 6
# Faces, hearts and hands.
_EMOJI = re.compile(
    r"(?:[\U0001f600-\U0001f64f\U0001f44a-\U0001f44f\u2764\U0001f493-\U0001f49f\U0001f3fb-\U0001f3ff] ?)+"
)


def reply(words: str) -> Template | None:
    """Return the reply to thanks, a farewell and the like, but none to a greeting or a question."""
    talk = _reply(_bare(words))
    return None if talk is _HELLO else talk


def answer(words: str, topic: str) -> Question | None:
    """Return the answer to small talk, which offers a timer; None if words aren't small talk."""
    bare = _bare(words)
    reply = _reply(bare)
    if reply is None and _ASKING.match(bare) and not _LOOKING.match(bare):
        reply = _HOW
    elif reply is None and (words.endswith("?") or _LOOKING.match(bare)):
        reply = _RUNNING
    elif reply is None and (_CLAUSE.match(bare) or _SAID_OF.match(bare) or _EMOJI.fullmatch(bare)):
        reply = _NEUTRAL
    if reply is None:
        return None
    named = [] if name.is_blank(name.cut(words)) else [choices.start(topic, words)]
    first = as_typed(f"{topic} list") if reply is _RUNNING else choices.start(topic, topic)
    return Question(reply, first, as_typed(f"{topic} help"), *named)


def _bare(words: str) -> str:
    return words.strip(_SIGNS).casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def _reply(text: str) -> Template | None:
    """Return the reply to words that are all small talk, by the first of them."""
    words = text.replace(",", " ").split()[: _MOST + 1]
    reply: Template | None = None
    while words and len(words) <= _MOST:
        sizes = (size for size in (3, 2, 1) if _single(" ".join(words[:size])) in _replies())
        size = next(sizes, 1 if reply and words[0] in _MORE else 0)
        if not size:
            return None
        reply = reply or _replies()[_single(" ".join(words[:size]))]
        words = words[size:]
    return None if words else reply


@functools.cache
def _replies() -> Mapping[str, Template]:
    return {_single(word): reply for reply, words in _ANSWERS.items() for word in words}


def _single(text: str) -> str:
    """Return a text with single letters for double ones."""
    return _LONG.sub(r"\1", text)
