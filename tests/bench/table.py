"""The table: a line for each figure, with its target and the same figure of the plain bots."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

_HEAD = ("measure", "ours", "to reach", "", "sleeping", "ticking", "ratio to them")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure of our bot, in ``unit``; None if it could not be had on this machine.

    It is to be ``most`` at most and ``least`` at least; with neither it is only told. ``sleeping`` and ``ticking``
    are the baselines' figures. One that ``counts_losses`` must be met for the benchmark to end well.
    """

    measure: str
    ours: float | None
    unit: str = "ms"
    most: float | None = None
    least: float | None = None
    sleeping: float | None = None
    ticking: float | None = None
    counts_losses: bool = False

    @classmethod
    def beside(
        cls,
        measure: str,
        of: Mapping[str, float | None],
        unit: str = "ms",
        *,
        most: float | None = None,
        least: float | None = None,
        counts_losses: bool = False,
    ) -> Self:
        """Make a figure of each contender's, by label."""
        return cls(
            measure, of.get("ours"), unit, most, least, of.get("sleeping"), of.get("ticking"), counts_losses
        )  # fmt: skip

    @property
    def met(self) -> bool:
        """Whether it meets its target; a figure without one does."""
        if self.most is None and self.least is None:
            return True
        if self.ours is None:
            return False
        return (self.most is None or self.ours <= self.most) and (self.least is None or self.ours >= self.least)

    def cells(self) -> tuple[str, ...]:
        """Format it as a row of the table."""
        reach = [f"≤ {_number(self.most)}"] if self.most is not None else []
        reach += [f"≥ {_number(self.least)}"] if self.least is not None else []
        verdict = ("met" if self.met else "MISSED") if reach else ""
        ratios = [_ratio(self.ours, other) for other in (self.sleeping, self.ticking)]
        return (
            self.measure,
            f"{_number(self.ours)} {self.unit}".strip(),
            " ".join(reach),
            verdict,
            _number(self.sleeping),
            _number(self.ticking),
            " · ".join(ratios) if any(ratio != "-" for ratio in ratios) else "",
        )


def show(figures: Iterable[Figure]) -> str:
    """Format the table in Markdown, its columns aligned."""
    lines = [_HEAD, *(figure.cells() for figure in figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    ruler = tuple("-" * width for width in widths)
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in (lines[0], ruler, *lines[1:])
    )


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if value == round(value) or abs(value) >= 100 else f"{value:.3g}"


def _ratio(ours: float | None, other: float | None) -> str:
    # A ratio says nothing if a figure is about zero, or of either sign.
    return f"{ours / other:.2g}x" if ours and other and ours > 0 and other > 0 else "-"
