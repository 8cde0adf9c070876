# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a folder equal to the working tree: tracked and new files, nothing that git ignores.

Ansible's tools want the collection at .../ansible_collections/vpsfleet/panels, and ansible-test asks
git for the files: in a folder that git ignores it would find none and succeed. So the copy is a
repository of its own. Files that are unchanged keep their time; files that are gone are removed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

TOP = Path(os.environ["TOP"])


def files_of(repository: Path) -> set[str]:
    listing = subprocess.run(
        # The checkout may belong to another user, as in a container.
        [
            "git",
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
        cwd=repository,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return {name for name in listing.split("\0") if name and os.path.lexists(repository / name)}


def copy(source: Path, target: Path) -> None:
    if source.is_symlink():
        target.unlink(missing_ok=True)
        target.symlink_to(source.readlink())
        return
    old, new = (target.lstat() if os.path.lexists(target) else None), source.stat()
    if old and (old.st_mtime_ns, old.st_size, old.st_mode) == (
        new.st_mtime_ns,
        new.st_size,
        new.st_mode,
    ):
        return
    if target.is_symlink():
        target.unlink()
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def main() -> None:
    tree = Path(sys.argv[1])
    tree.mkdir(parents=True, exist_ok=True)
    # Stages that run side by side share a tree: the second one finds it as it should be.
    with (tree.parents[2] / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lay(tree)


def lay(tree: Path) -> None:
    if not (tree / ".git").exists():
        subprocess.run(["git", "init", "--quiet", "."], cwd=tree, check=True)
    desired = {name for name in files_of(TOP) if not (TOP / name).is_dir()}
    for name in files_of(tree) - desired:
        (tree / name).unlink()
        for folder in (tree / name).parents:
            if folder == tree or any(folder.iterdir()):
                break
            folder.rmdir()
    for name in sorted(desired):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        copy(TOP / name, tree / name)
    subprocess.run(["git", "add", "--all"], cwd=tree, check=True)


main()
