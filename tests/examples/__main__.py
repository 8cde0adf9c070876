# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the YAML examples of the documentation by ansible-playbook against a simulator.

`python -m tests.examples --url http://127.0.0.1:8080 --folder /tmp/examples [WORD...]`, where a WORD
selects the sources whose path contains it. Prints each example, and at the end `PASSED FAILED`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .playbook import Place, run_all

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.examples", description=__doc__)
    parser.add_argument("--url", required=True, help="the simulator")
    parser.add_argument("--folder", required=True, type=Path, help="an empty folder to work in")
    parser.add_argument("words", nargs="*", help="parts of the paths of the sources to run")
    options = parser.parse_args()
    verdicts = run_all(Place(ROOT, options.folder.resolve(), options.url), options.words)
    for verdict in verdicts:
        print(verdict)
    failed = sum(not verdict.passed for verdict in verdicts)
    print(len(verdicts) - failed, failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
