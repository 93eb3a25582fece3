"""The catalogue: sentences stand in the code as templates with named arguments, and gettext translates them.

``gettext`` and ``ngettext`` translate at once, for the rooms that speak. What is raised or kept first, such as a
``UserError``, marks its template with ``N_`` and leaves the rest to whoever shows it. ``bot.pot`` beside this file
lists every template; CONTRIBUTING.md has the command that writes it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations, translation
from pathlib import Path

from bot.messages.pseudo import PseudoTranslations

_HERE = Path(__file__).parent
# The language of the sentences in the code, and a pseudo-language that exposes unmarked ones.
ENGLISH, _PSEUDO = "en", "pseudo"
_UNTRANSLATED = NullTranslations()


class Template(str):
    """A template that is marked for translation and not yet translated."""

    __slots__ = ()


# Set while text is formatted as people type it, in English.
_as_typed: ContextVar[bool] = ContextVar("as_typed", default=False)


class _Current:
    """The process's language."""

    language = ENGLISH
    translations = NullTranslations()


def languages() -> list[str]:
    """Return the languages that there is a catalogue for, as ``de/LC_MESSAGES/bot.mo`` beside this file."""
    return [ENGLISH, _PSEUDO, *sorted(path.parts[-3] for path in _HERE.glob("*/LC_MESSAGES/bot.mo"))]


def use(language: str) -> None:
    """Choose the language of everything that the process says. Raises ``OSError`` if it has no catalogue."""
    if language == ENGLISH:
        _Current.translations = NullTranslations()
    elif language == _PSEUDO:
        _Current.translations = PseudoTranslations()
    else:
        _Current.translations = translation("bot", _HERE, [language])
    _Current.language = language


def current() -> str:
    """Return the language in use."""
    return _Current.language


@contextmanager
def as_typed() -> Iterator[None]:
    """Format in English inside this context: what people type is parsed as English."""
    token = _as_typed.set(True)
    try:
        yield
    finally:
        _as_typed.reset(token)


def _translations() -> NullTranslations:
    return _UNTRANSLATED if _as_typed.get() else _Current.translations


def N_(template: str, /) -> Template:  # noqa: N802 - gettext's name for it, which extractors know
    """Mark a template that is translated only where it is shown."""
    return Template(template)


def gettext(template: str, /, **arguments: object) -> str:
    """Translate a template and fill in its arguments, which are shown as they are given."""
    return _translations().gettext(template).format_map(arguments)


def ngettext(singular: str, plural: str, number: int, /, **arguments: object) -> str:
    """Translate a template by a number, which it shows as ``{number}``."""
    template = _translations().ngettext(singular, plural, number)
    return template.format_map({"number": number, **arguments})


def listed(items: Sequence[str]) -> str:
    """Join items as a sentence names them: ``a``, ``a and b``, ``a, b and c``."""
    *others, last = items or [""]
    return gettext("{items} and {last}", items=", ".join(others), last=last) if others else last
