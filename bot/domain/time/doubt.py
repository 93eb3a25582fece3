"""A doubt: words about time that may mean several things, with an unambiguous wording of each."""

from bot.domain.errors import UserError
from bot.messages.catalogue import Template


class Doubt(UserError):
    """Nothing is set; the caller that knows the whole request turns it into a question.

    ``options`` are unambiguous words about time for each possible meaning.
    """

    def __init__(self, template: Template, options: tuple[str, ...], **arguments: object) -> None:
        super().__init__(template, f"remind {options[0]}" if options else None, **arguments)
        self.options = options
