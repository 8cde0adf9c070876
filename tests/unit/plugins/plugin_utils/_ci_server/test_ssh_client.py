# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test what a connection and a scan find on a port without an SSH server."""

from __future__ import annotations

import socket
import threading

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server import ssh_client
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.server import CiServer
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import WATCHDOG_S


def port_of(listener):
    return CiServer(1, "a", "127.0.0.1", listener.getsockname()[1])


@pytest.mark.parametrize(
    ("greeting", "problem"),
    [
        (b"SSH-2.0-x\r\n", None),
        (b"HTTP/1.1 400\r\n", "the port is open, but the response is not from an SSH server"),
        (b"", "the port is open, but the response is not from an SSH server"),
    ],
)
def test_what_answers_at_a_port(greeting, problem):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            wire, dummy = listener.accept()
            with wire:
                wire.sendall(greeting)

        thread = threading.Thread(target=answer)
        thread.start()
        assert ssh_client.port_problem(port_of(listener), WATCHDOG_S) == problem
        thread.join()


def test_a_port_that_is_silent():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert ssh_client.port_problem(port_of(listener), 0.1) == "no response in time"


def test_a_closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = port_of(listener)
    assert ssh_client.port_problem(server, WATCHDOG_S) == "connection refused"
    assert ssh_client.scan(server, 5) == frozenset()


def test_an_invalid_address():
    assert ssh_client.port_problem(CiServer(1, "a", "192.0.2.300"), WATCHDOG_S)


@pytest.mark.parametrize(
    ("ran", "message"),
    [
        (
            ssh_client.Ran(255, "", "warning\r\nroot@a: Permission denied.\r\n\n"),
            "root@a: Permission denied.",
        ),
        (ssh_client.Ran(3, "", " \n"), "it ended with status 3"),
        (ssh_client.Ran(None, "", "x"), "no response in time"),
        (ssh_client.Ran(1, "", "\x1b[31mred\x07\n"), None),
        (ssh_client.Ran(1, "", "x" * 1000), "x" * 200),
    ],
)
def test_the_message_of_a_program_is_its_last_line(ran, message):
    assert message is None or ran.message == message
    assert ran.message.isprintable()
