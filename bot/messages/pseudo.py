"""A pseudo-language: marked sentences are accented and longer, so that unmarked ones stand out."""

import re
from gettext import NullTranslations

_ACCENTS = str.maketrans(
    "AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz", "ÀàƁƀĆćĐđÉéƑƒĜĝĤĥÎîĴĵĶķĹĺṀṁÑñÖöÞþǪǫŔŕŠšŤťÛûṼṽŴŵẊẋÝýŽž"
)
# What every language leaves alone: arguments, code, mentions and timestamps, addresses, names of commands.
_KEPT = re.compile(r"(\{[^{}]*\}|```.*?```|`[^`]*`|<[^<>]*>|https?://\S+|(?<!\w)/[a-z]+(?: [a-z]+)*)", re.DOTALL)
# Most languages take more room than English.
_LONGER = 0.3


class PseudoTranslations(NullTranslations):
    """Translates by accents: ``No timers running here.`` is ``Ñö ťîṁéŕš ŕûññîñĝ ĥéŕé.~~~~~``."""

    def gettext(self, message: str) -> str:
        """Accent a template."""
        parts = _KEPT.split(message)
        letters = sum(map(str.isalpha, "".join(parts[::2])))
        parts[::2] = [part.translate(_ACCENTS) for part in parts[::2]]
        return "".join(parts) + "~" * int(letters * _LONGER)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Accent the template that English has for the number."""
        return self.gettext(super().ngettext(msgid1, msgid2, n))
