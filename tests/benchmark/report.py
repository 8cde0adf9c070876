# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Format the results as a table for the screen and for the documentation.

`python -m tests.benchmark.report results.json` prints the table. `--docs PAGE` also writes it to the page.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Results = Mapping[str, Any]

BEGIN, END = ".. results begin\n", ".. results end\n"
HEADER = ("Figure", "Setting", "Goal", "Median", "Spread", "Reached")


def as_text(results: Results) -> str:
    """Return the table for a terminal."""
    rows = [HEADER, *_rows(results)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADER))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([circumstances(results), "", lines[0], "-" * len(lines[0]), *lines[1:], ""])


def as_rst(results: Results) -> str:
    """Return the table for the documentation."""
    lines = [f"{circumstances(results)}.", "", ".. list-table::", "   :header-rows: 1", ""]
    for row in [HEADER, *_rows(results)]:
        lines += [
            f"   {'*' if place == 0 else ' '} - {cell}".rstrip() for place, cell in enumerate(row)
        ]
    return "\n".join([*lines, ""])


def circumstances(results: Results) -> str:
    """Return one line about the machine and the programs."""
    parts = [f"{name} {value}" for name, value in results["circumstances"].items()]
    if results["quick"]:
        parts.append("QUICK: in small fleets the start of the programs dominates")
    return ", ".join(parts)


def write_docs(results: Results, page: Path) -> None:
    """Write the table between the markers of a page.

    :raises ValueError: the page has no markers, or the results are of a quick run.
    """
    if results["quick"]:
        raise ValueError("the results of a quick run are not for the documentation")
    content = page.read_text(encoding="utf-8")
    before, start, rest = content.partition(BEGIN)
    dummy, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"{page} has no lines {BEGIN.strip()!r} and {END.strip()!r}")
    table = as_rst(results)
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def _rows(results: Results) -> list[Sequence[str]]:
    return [_row(figure) for figure in results["figures"]]


def _row(figure: Mapping[str, Any]) -> Sequence[str]:
    unit = f" {figure['unit']}" if figure["unit"] else ""
    values = figure["values"]
    known = figure["median"] is not None
    return (
        figure["name"],
        figure["setting"],
        f"{figure['goal']}{unit}" if figure["goal"] else "",
        f"{_number(figure['median'])}{unit}" if known else "unknown on this machine",
        f"{_number(min(values))} to {_number(max(values))}, {len(values)} runs"
        if len(values) > 1
        else "",
        {True: "yes", False: "no", None: ""}[figure["reached"]],
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.report", description=__doc__)
    parser.add_argument("results", type=Path)
    parser.add_argument("--docs", type=Path, metavar="PAGE")
    options = parser.parse_args()
    results = json.loads(options.results.read_text(encoding="utf-8"))
    print(as_text(results))
    if options.docs:
        try:
            write_docs(results, options.docs)
        except ValueError as error:
            parser.error(str(error))


if __name__ == "__main__":
    main()
