# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line: `python -m tests.simulator --help`."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from .huaweicloud.accounts import Account
from .simulation import Options, Simulation
from .sshd import PORTS, SshUnavailable, find_sshd, user_name
from .switches import SwitchError

if TYPE_CHECKING:
    from .tls import Certificate


def main(arguments: list[str] | None = None) -> int:
    """Start a simulator and serve until it is stopped."""
    options = _parser().parse_args(arguments)
    try:
        if options.ssh:
            find_sshd()
            # The default ends the process at once, and its files would stay.
            signal.signal(signal.SIGTERM, lambda *dummy: sys.exit(0))
        simulation = Simulation(_start_options(options))
    except (SwitchError, SshUnavailable) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    certificate = None
    if options.tls:
        from .tls import make_certificate

        directory = options.tls_dir or Path(tempfile.mkdtemp(prefix="panel-simulator-"))
        certificate = make_certificate(directory)
    try:
        _serve(simulation, options, certificate)
    finally:
        simulation.close()
    return 0


def _serve(
    simulation: Simulation, options: argparse.Namespace, certificate: Certificate | None
) -> None:
    from .serving import serve

    port = simulation.machines.network.port if simulation.machines else 0
    serve(
        simulation,
        host=options.host,
        port=options.port,
        certificate=certificate,
        port_file=options.port_file,
        greet=None if options.quiet else _greeting(simulation.options, port),
        until_stdin_closes=options.until_stdin_closes,
    )


def _start_options(given: argparse.Namespace) -> Options:
    account = {field.name: getattr(given, f"huaweicloud_{field.name}") for field in fields(Account)}
    return Options(
        servers=given.servers,
        seed=given.seed,
        token=given.token,
        virtualizor_key=given.virtualizor_key,
        virtualizor_pass=given.virtualizor_pass,
        huaweicloud=Account(**account),
        latency_ms=given.latency_ms,
        switches=dict(given.switch),
        ssh_port=given.ssh_port if given.ssh else None,
    )


def _greeting(options: Options, ssh_port: int) -> Callable[[str, str | None], None]:
    """Return a function that prints where each panel is and how to log in."""

    def greet(url: str, ca_file: str | None) -> None:
        cloud = options.huaweicloud
        lines = [
            f"Simulator on {url}",
            f"VirtFusion: {url}/api/v1 token {options.token}",
            (
                f"Virtualizor: {url}/index.php key {options.virtualizor_key}"
                f" pass {options.virtualizor_pass}"
            ),
            (
                f"Huawei Cloud: {url} project {cloud.project_id} access key {cloud.access_key}"
                f" secret key {cloud.secret_key}, or token {cloud.token}, for orders {cloud.domain_token}"
            ),
            f"Control path: {url}/_sim/",
            *([f"SSH of built servers: port {ssh_port}, user {user_name()}"] if ssh_port else []),
        ]
        if ca_file is not None:
            lines.append(f"Certificate to trust: {ca_file}")
        print("\n".join(lines), flush=True)

    return greet


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    add = parser.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=0, help="0 takes a free port")
    add("--servers", type=int, default=Options.servers, help="servers on each panel")
    add("--seed", type=int, default=Options.seed, help="the same seed gives the same panel")
    add("--token", default=Options.token, help="the VirtFusion API token")
    add("--virtualizor-key", default=Options.virtualizor_key, help="Virtualizor's API key")
    add("--virtualizor-pass", default=Options.virtualizor_pass, help="Virtualizor's API pass")
    for field in fields(Account):
        words = field.name.replace("_", "-")
        add(f"--huaweicloud-{words}", default=field.default, help=f"default: {field.default}")
    add("--tls", action="store_true", help="HTTPS with a throw-away certificate")
    add("--tls-dir", type=Path, help="where ca.pem, to be trusted by clients, is written")
    add("--port-file", type=Path, help='written as {"url", "pid", "ca"} once the port is open')
    add("--switch", type=_switch, action="append", default=[], metavar="NAME=VALUE")
    add("--ssh", action="store_true", help="a real SSH server behind each built VirtFusion server")
    add("--ssh-port", type=int, default=0, help=f"of all of them; 0 takes one from {PORTS[0]} on")
    add("--latency-ms", type=float, default=0, help="delay of each panel request")
    add("--quiet", action="store_true", help="do not print addresses and credentials")
    add("--until-stdin-closes", action="store_true", help="stop when standard input ends")
    return parser


def _switch(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError("must be NAME=VALUE")
    return name, value
