# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print the files that `make check` tests, one on each line.

`changed.py files [BASE]`: what has changed since the branch left BASE or is new; without BASE since HEAD, or
what HEAD changed where nothing differs from it. `changed.py tests [BASE]`: the unit tests of these files. A
test belongs to a file if it is that file, has its name, or imports it. A test that runs every module belongs
to each module.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

TOP = Path(os.environ["TOP"])
TESTS = "tests/unit/plugins"
#: What a test imports if it runs every module.
EVERY_MODULE = re.compile(r"\bsupport\.every_module\b|\bMODULES\b|\bmodules as all_modules\b")


def git(*arguments: str) -> list[str]:
    command = ["git", "-c", "safe.directory=*", *arguments]
    done = subprocess.run(command, cwd=TOP, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def changed(base: str | None) -> list[str]:
    new = git("ls-files", "--others", "--exclude-standard")
    # BASE may have moved on since this branch left it.
    start = git("merge-base", base, "HEAD")[0] if base else "HEAD"
    names = {*git("diff", "--name-only", start), *new}
    if not names and not base:
        names = set(git("show", "--name-only", "--format=", "HEAD"))
    return sorted(name for name in names if (TOP / name).is_file())


def tests_of(names: list[str]) -> list[str]:
    stems = {Path(name).stem for name in names if name.startswith("plugins/")}
    named = {f"test_{stem.lstrip('_')}" for stem in stems}
    imported = [
        re.escape(name.removesuffix(".py").replace("/", "."))
        for name in names
        if name.startswith(("plugins/", "tests/unit/support/")) and name.endswith(".py")
    ]
    imports = re.compile(rf"\b(?:{'|'.join(imported)})\b") if imported else None
    of_modules = any(name.startswith(("plugins/modules/", "plugins/action/")) for name in names)
    found = set()
    for path in sorted((TOP / TESTS).rglob("test_*.py")):
        name = path.relative_to(TOP).as_posix()
        text = path.read_text(encoding="utf-8")
        if (
            name in names
            or any(path.stem == stem or path.stem.startswith(f"{stem}_") for stem in named)
            or (imports and imports.search(text))
            or (of_modules and EVERY_MODULE.search(text))
        ):
            found.add(name)
    return sorted(found)


def main() -> None:
    what, *rest = sys.argv[1:]
    names = changed(rest[0] if rest and rest[0] else None)
    for name in names if what == "files" else tests_of(names):
        print(name)


main()
