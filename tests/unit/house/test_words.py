"""The wording of what people read, checked against the approved sentences."""

import csv
import re
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[3]


def neutral(sentence: str) -> str:
    """Remove the names of arguments from a sentence, which are not part of its wording."""
    return re.sub(r"\{[^{}]*\}", "{}", sentence)


def test_approved_sentences_are_unchanged() -> None:
    """Each sentence of the table is in the catalogue word for word, so that none is reworded unnoticed."""
    table = (ROOT / "tests/unit/cases/words.tsv").read_text("utf-8")
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    weighed = [row["sentence"] for row in rows]
    with (ROOT / "bot/messages/bot.pot").open("rb") as file:
        sentences = {neutral(str(entry.id).replace("\n", "\\n")) for entry in read_po(file)}
    assert len(weighed) > 150
    assert [sentence for sentence in weighed if neutral(sentence) not in sentences] == []
