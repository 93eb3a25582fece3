"""Exceptions for words about time that are ambiguous or impossible, and the doubt that becomes of them."""

from bot.domain.errors import UserError
from bot.domain.time.statement import Statement
from bot.messages.catalogue import N_, Template

ZONES = N_("“{quote}” – which time zone do you mean?")
ABOUT = N_("“{quote}” is a bit vague. Do you mean this?")


class Ambiguous(Exception):
    """The words may mean several things; ``statements`` has one for each."""

    def __init__(self, template: Template, *statements: Statement) -> None:
        super().__init__(template)
        self.template = template
        self.statements = statements


class Impossible(Exception):
    """The words mean something impossible; ``arguments`` fill in the template, besides the words."""

    def __init__(self, template: Template, **arguments: object) -> None:
        super().__init__(template)
        self.template = template
        self.arguments = arguments


class Doubt(UserError):
    """Nothing is set; ``options`` are unambiguous words for each meaning, which the caller asks about."""

    def __init__(self, template: Template, options: tuple[str, ...], **arguments: object) -> None:
        super().__init__(template, f"remind {options[0]}" if options else None, **arguments)
        self.options = options
