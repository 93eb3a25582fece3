import pytest

from bot.chat.settings.commands import TOPIC as SETTINGS
from bot.domain import rules
from bot.domain.errors import BadRule
from bot.domain.question import Question
from bot.domain.rules import Rules


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("set the prefix to $", "settings prefix $"),
        ("default plan deep", "settings plan deep"),
        ("max timers 3", "settings timers 3"),
        ("3 timers each", "settings timers 3"),
        ("pomodoros count from 10 minutes", "settings counts 10 minutes"),
        ("our zone is Atlantis", "settings zone"),
        ("only in <#12>", "settings channel <#12>"),
        ("only <@&34> may start sessions", "settings starters <@&34>"),
        ("digest <#12>", "stats digest <#12>"),
        ("prefxi $", "settings prefix $"),
        ("only here", "settings channel here"),
    ],
)
def test_what_a_sentence_may_ask_for(words: str, line: str) -> None:
    """A sentence instead of a setting's name is asked about, with a button for its likely meaning."""
    with pytest.raises(Question) as asked:
        rules.parse(SETTINGS.read(words), SETTINGS, 25)
    assert [choice.line for choice in asked.value.choices] == [line]


@pytest.mark.parametrize(
    ("words", "alike"),
    [
        ("prefix to $", "prefix $"),
        ("prefix: $", "prefix $"),
        ("prefix `p$`", "prefix p$"),
        ("plan is 50/10", "plan 50/10"),
        ("timers = 20", "timers 20"),
        ("tz is Berlin", "zone Berlin"),
        ("counts from 5 min please", "counts 5"),
    ],
)
def test_what_joins_a_setting_to_its_value(words: str, alike: str) -> None:
    """Filler words between a setting's name and its value, or after it, are ignored."""
    changes = [rules.parse(SETTINGS.read(text), SETTINGS, 25) for text in (words, alike)]
    one_way, other_way = (change.apply(Rules()) for change in changes if change)
    assert one_way == other_way != Rules()


def test_a_number_as_a_plan_is_asked_about() -> None:
    """A number alone may be one phase or rounds, as in the start of a session."""
    with pytest.raises(Question) as asked:
        rules.parse(SETTINGS.read("plan 25"), SETTINGS, 25)
    lines = [choice.line.removeprefix("settings ") for choice in asked.value.choices]
    assert lines[0] == "plan 25m focus"
    assert all(rules.parse(SETTINGS.read(line), SETTINGS, 25) for line in lines)


@pytest.mark.parametrize("words", ["", "list", "?", "show please"])
def test_settings_are_shown(words: str) -> None:
    """A request to see the settings changes none."""
    assert rules.parse(SETTINGS.read(words), SETTINGS, 25) is None


@pytest.mark.parametrize("words", ["colour red", "ignore <#12>"])
def test_unknown_settings(words: str) -> None:
    """An unknown setting, or the opposite of one, is refused."""
    with pytest.raises(BadRule):
        rules.parse(SETTINGS.read(words), SETTINGS, 25)
