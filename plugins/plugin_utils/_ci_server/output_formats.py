# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the servers of a pipeline are written for the programs that use them.

Each function returns the content of one file. No content holds a secret: the private key is named, never copied.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .known_hosts import HostKey, known_hosts
from .server import CiServer

KNOWN_HOSTS = "known_hosts"
SSH_CONFIG = "ssh_config"
INVENTORY = "inventory.yml"
JSON = "ci_server.json"

#: The group of all servers in the inventory.
GROUP = "ci"

#: The version of the JSON file. A reader must ignore unknown keys.
JSON_VERSION = 1

#: GitLab refuses a dotenv report that is not smaller, or that has more variables.
_DOTENV_BYTES = 5 * 1024

#: Variables with a value for each server.
_LISTS = ("VPS_NAMES", "VPS_ADDRESSES", "VPS_IDS")


@dataclass(frozen=True)
class CiFacts:
    """What a provision has made.

    :param panel: address of the panel.
    :param names: the names on the panel, by server ID. They change with the lease.
    :param lease_end: in ISO 8601.
    :param servers: with their pinned host keys, in order.
    """

    panel: str
    prefix: str
    pipeline: str
    lease_end: str
    teardown_command: str
    private_key: Path
    folder: Path
    servers: Mapping[CiServer, frozenset[HostKey]]
    names: Mapping[int, str] = field(default_factory=dict)

    def path(self, name: str) -> str:
        """Return the absolute path of an output."""
        return str(self.folder / name)

    @property
    def checking(self) -> str:
        """How strictly host keys are checked. Without pinned keys, the first one that answers is accepted."""
        return "yes" if all(self.servers.values()) else "accept-new"


def known_hosts_file(facts: CiFacts) -> str:
    """Return a known_hosts file."""
    return known_hosts(facts.servers)


def ssh_config(facts: CiFacts) -> str:
    """Return a configuration for ``ssh -F``."""
    lines = []
    for server in facts.servers:
        lines += [
            f"Host {server.name}",
            f"  HostName {server.address}",
            f"  Port {server.port}",
            f"  User {server.user}",
            f"  IdentityFile {_for_ssh(str(facts.private_key))}",
            "  IdentitiesOnly yes",
            "  IdentityAgent none",
            f"  UserKnownHostsFile {_for_ssh(facts.path(KNOWN_HOSTS))}",
            "  GlobalKnownHostsFile /dev/null",
            f"  StrictHostKeyChecking {facts.checking}",
            "  UpdateHostKeys no",
            "  CheckHostIP no",
        ]
    return "".join(f"{line}\n" for line in lines)


def inventory(facts: CiFacts) -> str:
    """Return an inventory in YAML, with all servers in one group.

    It names the files in its own folder relative to itself, so the folder may be moved.
    """
    # ssh expands percent signs, also in the paths that Ansible passes on to it.
    here = "inventory_dir | replace('%', '%%')"
    private = facts.private_key
    if private.parent == facts.folder:
        key = f"{{{{ {here} }}}}/{private.name}"
    else:
        key = _literal(str(private).replace("%", "%%"))
    options = {
        "GlobalKnownHostsFile": "/dev/null",
        "IdentitiesOnly": "yes",
        "IdentityAgent": "none",
        "StrictHostKeyChecking": facts.checking,
        "UpdateHostKeys": "no",
    }
    arguments = " ".join(f"-o {name}={value}" for name, value in options.items())
    # Ansible puts the path in, and quotes the word for its own parser.
    known = f"""{{{{ ('UserKnownHostsFile="' ~ ({here}) ~ '/{KNOWN_HOSTS}"') | quote }}}}"""
    lines = ["all:", "  children:", f"    {GROUP}:", "      hosts:"]
    for server in facts.servers:
        lines += [
            f"        {json.dumps(server.name)}:",
            f"          ansible_host: {json.dumps(server.address)}",
            f"          ansible_port: {server.port}",
            f"          ansible_user: {_quoted(server.user)}",
        ]
    if not facts.servers:
        lines[-1] = "      hosts: {}"
    lines += [
        "      vars:",
        f"        ansible_ssh_private_key_file: {json.dumps(key, ensure_ascii=False)}",
        f"        ansible_ssh_common_args: {json.dumps(f'-F /dev/null {arguments} -o {known}')}",
    ]
    return "".join(f"{line}\n" for line in lines)


def json_file(facts: CiFacts) -> str:
    """Return everything, as JSON. The teardown reads it."""
    content = {
        "version": JSON_VERSION,
        "panel": facts.panel,
        "prefix": facts.prefix,
        "pipeline": facts.pipeline,
        "lease_end": facts.lease_end,
        "teardown_command": facts.teardown_command,
        "private_key": str(facts.private_key),
        "servers": [
            {
                "id": server.id,
                "name": server.name,
                "panel_name": facts.names.get(server.id),
                "address": server.address,
                "port": server.port,
                "user": server.user,
                "host_keys": sorted(map(str, keys)),
            }
            for server, keys in facts.servers.items()
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def molecule(facts: CiFacts) -> str:
    """Return the instance configuration of Molecule's default driver."""
    instances = [
        {
            "instance": server.name,
            "address": server.address,
            "user": server.user,
            "port": server.port,
            "identity_file": str(facts.private_key),
        }
        for server in facts.servers
    ]
    return json.dumps(instances, indent=2, ensure_ascii=False) + "\n"


def variables(facts: CiFacts) -> dict[str, str]:
    """Return the environment variables of a pipeline. No value has a line break; lists are joined by commas."""
    servers: Sequence[CiServer] = list(facts.servers)
    return {
        "VPS_COUNT": str(len(servers)),
        "VPS_LEASE_END": facts.lease_end,
        "VPS_USER": servers[0].user if servers else "",
        "VPS_PORT": str(servers[0].port) if servers else "",
        "VPS_ADDRESS": servers[0].address if servers else "",
        "VPS_NAME": servers[0].name if servers else "",
        "VPS_SSH_CONFIG": facts.path(SSH_CONFIG),
        "VPS_KNOWN_HOSTS": facts.path(KNOWN_HOSTS),
        "VPS_PRIVATE_KEY": str(facts.private_key),
        "VPS_INVENTORY": facts.path(INVENTORY),
        "VPS_JSON": facts.path(JSON),
        "VPS_IDS": ",".join(str(server.id) for server in servers),
        "VPS_ADDRESSES": ",".join(server.address for server in servers),
        "VPS_NAMES": ",".join(server.name for server in servers),
    }


def dotenv(facts: CiFacts) -> str:
    """Return a dotenv report for GitLab: bare values, no blank line, fewer than 20 variables.

    Lists that would make the report too big for GitLab are left out.
    """
    left = {name: value for name, value in variables(facts).items() if value}
    for long in ("", *_LISTS):
        left.pop(long, None)
        content = "".join(f"{name}={value}\n" for name, value in left.items())
        if len(content.encode()) < _DOTENV_BYTES:
            break
    return content


def shell(facts: CiFacts) -> str:
    """Return a script that a POSIX shell reads with ``.``, with each value quoted."""
    return "".join(
        f"export {name}={shlex.quote(value)}\n" for name, value in variables(facts).items()
    )


def github_outputs(facts: CiFacts) -> dict[str, str]:
    """Return the outputs of a step of GitHub Actions."""
    named = {name.removeprefix("VPS_").lower(): value for name, value in variables(facts).items()}
    rows: Any = json.loads(json_file(facts))["servers"]
    return {**named, "servers": json.dumps(rows), KNOWN_HOSTS + "_lines": known_hosts_file(facts)}


def github_commands(values: Mapping[str, str], delimiter: str) -> str:
    """Return values in the format of the files behind GITHUB_OUTPUT and GITHUB_ENV.

    :param delimiter: a word that nobody can guess, so no value can end its own block.
    """
    blocks = []
    for name, value in values.items():
        text = value.rstrip("\n")
        blocks.append(f"{name}<<{delimiter}\n{text}\n{delimiter}\n")
    return "".join(blocks)


def _for_ssh(path: str) -> str:
    """Quote a path for a configuration of ssh, which splits at blanks and expands percent signs."""
    return '"' + path.replace("%", "%%") + '"'


def _quoted(text: str) -> str:
    return json.dumps(_literal(text), ensure_ascii=False)


def _literal(text: str) -> str:
    """Keep Ansible from reading a text as a template.

    Before 2.19, ansible-core reads the result again where another template uses it.
    """
    if any(mark in text for mark in ("{{", "{%", "{#")):
        return "{% raw %}" + text + "{% endraw %}"
    return text
