"""Prints what was measured, for people."""

from dataclasses import asdict, dataclass


@dataclass
class Bar:
    """A number and the limit that it has to keep."""

    name: str
    measured: float
    sign: str
    limit: float

    @property
    def met(self):
        """Whether the number keeps the limit."""
        return {"<": self.measured < self.limit, "<=": self.measured <= self.limit, ">=": self.measured >= self.limit}[
            self.sign
        ]

    def as_json(self):
        """For the raw results."""
        return asdict(self) | {"met": self.met}


def print_table(rows):
    """What each run cost, a line each."""
    if not rows:
        return
    width = max(len(name) for name, _ in rows)
    print(f"\n{'':{width}}  {'wall s':>8} {'CPU s':>8} {'peak MB':>8} {'calls':>9} {'calls/s':>8} {'server s':>9}")
    for name, cost in rows:
        rate = cost.calls / cost.wall if cost.wall else 0
        note = "" if cost.status == 0 else f"  ended with status {cost.status}"
        print(
            f"{name:{width}}  {cost.wall:8.1f} {cost.cpu:8.1f} {cost.memory_mb:8.0f} {cost.calls:9} {rate:8.0f} {cost.emulator_cpu:9.1f}{note}"
        )


def print_bars(bars):
    """Each bar, and whether it is met; returns whether all are."""
    if bars:
        print()
    for bar in bars:
        print(f"{'met   ' if bar.met else 'MISSED'}  {bar.name}: {bar.measured:.3g} ({bar.sign} {bar.limit:g})")
    return all(bar.met for bar in bars)
