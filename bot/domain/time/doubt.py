"""A doubt: words about time that may mean several things, with an unambiguous wording of each."""

from bot.domain.errors import UserError
from bot.messages.catalogue import Template


class Doubt(UserError):
    """Nothing is set; ``options`` are unambiguous words for each meaning, which the caller asks about."""

    def __init__(self, template: Template, options: tuple[str, ...], **arguments: object) -> None:
        super().__init__(template, f"remind {options[0]}" if options else None, **arguments)
        self.options = options
