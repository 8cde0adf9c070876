# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the outputs of a provision: all of them, or those asked for."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ...module_utils._core.errors import invalid
from .._fleet.durable_file import cannot, replace_file
from .._fleet.wording import counted
from . import output_formats
from .output_formats import CiFacts

OPTION = "outputs"

#: The outputs that are files of their own in the folder.
FILES: Mapping[str, tuple[str, Callable[[CiFacts], str]]] = {
    "known_hosts": (output_formats.KNOWN_HOSTS, output_formats.known_hosts_file),
    "ssh_config": (output_formats.SSH_CONFIG, output_formats.ssh_config),
    "inventory": (output_formats.INVENTORY, output_formats.inventory),
    "json": (output_formats.JSON, output_formats.json_file),
    "dotenv": ("ci_server.env", output_formats.dotenv),
    "shell": ("ci_server.sh", output_formats.shell),
    "molecule": ("instance_config.yml", output_formats.molecule),
}
GITHUB = "github"

#: All outputs, as the option names them.
OUTPUTS = (*FILES, GITHUB)

#: Files that other outputs name, so they are always there.
_ALWAYS = ("known_hosts", "ssh_config", "inventory", "json")

#: The variables of GitHub Actions that name the files for outputs and for the environment of later steps.
GITHUB_OUTPUT = "GITHUB_OUTPUT"
GITHUB_ENV = "GITHUB_ENV"
#: The variable by which Molecule names its instance configuration to its playbooks.
MOLECULE_FILE = "MOLECULE_INSTANCE_CONFIG"

#: Neither ssh nor a dotenv report can hold these characters in a path. YAML has more line breaks than others, and lone
#: surrogates stand for bytes that are no text.
_UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"\\$]')
#: Of a user, nothing is quoted in the outputs.
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,127}")
_HOST_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
#: Names with another meaning in an inventory. A play on a group would run on the server of that name only.
_TAKEN = ("all", "ungrouped", "localhost", output_formats.GROUP)


def chosen_outputs(asked: Sequence[str] | None, environment: Mapping[str, str]) -> list[str]:
    """Return the outputs to write. Without a choice, all files, and GitHub's if this is one of its steps.

    :raises PanelError: ``validation``, an output cannot be written here.
    """
    if asked is None:
        return [*FILES, *([GITHUB] if environment.get(GITHUB_OUTPUT) else [])]
    if GITHUB in asked and not environment.get(GITHUB_OUTPUT):
        raise invalid(
            f"{OPTION}: github needs the environment variable {GITHUB_OUTPUT}, which only a step of GitHub Actions has"
        )
    return [name for name in OUTPUTS if name in asked or name in _ALWAYS]


def check_path(path: Path, option: str) -> None:
    """Check that the outputs can name a path.

    :raises PanelError: ``validation``.
    """
    if _UNFIT.search(str(path)):
        raise invalid(
            f"{option}: the path {path} has a quote, a backslash, a dollar sign, a line break or a control character",
            "ssh and CI systems cannot read such a path from a file",
        )


def check_user(user: str) -> None:
    """Check that the outputs can name a user. :raises PanelError: ``validation``."""
    if not _USER.fullmatch(user):
        raise invalid(
            f"ssh_user must be the name of a user, not {user!r}",
            "use letters a to z, digits, dots, dashes, underscores, plus signs and at signs",
        )


def check_output_dir(folder: Path) -> None:
    """Check that the outputs can be written into a folder, which may not exist. :raises PanelError: ``validation``."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not there.is_dir():
        raise invalid(f"output_dir: {there} is a file, and must be a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise invalid(f"output_dir: the folder {there} is not writable")


def check_host_names(names: Sequence[str], count: int) -> None:
    """Check the names that the servers are to have in the outputs.

    :raises PanelError: ``validation``.
    """
    if len(names) != count:
        raise invalid(
            f"host_names has {counted(len(names), 'name')} for {counted(count, 'server')}"
        )
    if len(set(names)) != len(names):
        raise invalid("host_names has a name twice")
    for name in names:
        if not _HOST_NAME.fullmatch(name):
            raise invalid(
                f"host_names: {name!r} is no host name",
                "use letters, digits, dots, dashes and underscores",
            )
        if name in _TAKEN:
            raise invalid(f"host_names: {name} has another meaning in an inventory of Ansible")


def write_outputs(
    facts: CiFacts, outputs: Sequence[str], environment: Mapping[str, str]
) -> dict[str, str]:
    """Write the outputs, and return the files by name of the output.

    Each file is readable by its owner only, and is replaced as a whole.

    :param outputs: of :func:`chosen_outputs`.
    :raises PanelError: ``validation``, a file cannot be written.
    """
    written = {}
    for name in outputs:
        if name == GITHUB:
            written[name] = _write_github(facts, environment)
            continue
        file_name, content = FILES[name]
        path = facts.path(file_name)
        if name == "molecule" and environment.get(MOLECULE_FILE):
            path = environment[MOLECULE_FILE]
        replace_file(path, content(facts), "output", "output_dir")
        written[name] = path
    return written


def _write_github(facts: CiFacts, environment: Mapping[str, str]) -> str:
    delimiter = f"vpsfleet_{secrets.token_hex(16)}"
    values = {
        GITHUB_OUTPUT: output_formats.github_outputs(facts),
        GITHUB_ENV: output_formats.variables(facts),
    }
    for variable, pairs in values.items():
        path = environment.get(variable)
        if path:
            _append(path, output_formats.github_commands(pairs, delimiter), variable)
    return environment[GITHUB_OUTPUT]


def _append(path: str, content: str, variable: str) -> None:
    """Append to a file that the CI system has made. Nothing else may write to it at the same time."""
    try:
        flags = os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(path, flags), "wb") as file:
            file.write(content.encode("utf-8"))
    except OSError as error:
        raise cannot(f"write the file {path} of {variable}", OPTION, error) from error
