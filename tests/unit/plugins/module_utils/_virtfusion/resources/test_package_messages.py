# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the panel's "not updated" messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.package import (
    aspect_of,
    read_info,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import ALL_ASPECTS

MATCHES = "not updated. It matches the current value"

#: The seven published wordings.
DOCUMENTED = {
    f"CPU cores {MATCHES}": "cpu",
    "primary disk not updated. It either matches or is lower than the current value": (
        "primary_disk_size"
    ),
    f"traffic {MATCHES}": "primary_network_traffic",
    f"primary network speed inbound {MATCHES}": "primary_network_inbound_speed",
    f"primary network speed outbound {MATCHES}": "primary_network_outbound_speed",
    f"write IOPS {MATCHES}": "primary_disk_write_iops",
    f"write bytes/sec {MATCHES}": "primary_disk_write_throughput",
}
#: The four that follow the same pattern by inference.
INFERRED = {
    f"memory {MATCHES}": "memory",
    f"read IOPS {MATCHES}": "primary_disk_read_iops",
    f"read bytes/sec {MATCHES}": "primary_disk_read_throughput",
    f"backup plan {MATCHES}": "backup_plan",
}
KNOWN = {**DOCUMENTED, **INFERRED}


def test_each_aspect_has_a_line():
    assert sorted(KNOWN.values()) == sorted(ALL_ASPECTS)


@pytest.mark.parametrize("form", [str, str.lower, str.upper, str.title, "  {}  ".format])
@pytest.mark.parametrize(("line", "aspect"), KNOWN.items(), ids=KNOWN.values())
def test_a_line_is_known_in_any_case(line, aspect, form):
    assert aspect_of(form(line)) == aspect


@pytest.mark.parametrize(
    ("line", "aspect"),
    [
        (f"primary disk write IOPS {MATCHES}", "primary_disk_write_iops"),
        (f"primary disk read bytes/sec {MATCHES}", "primary_disk_read_throughput"),
        (f"primary network traffic {MATCHES}", "primary_network_traffic"),
        ("memory not updated", "memory"),
        ("memory not updated. The hypervisor has none left", "memory"),
    ],
)
def test_a_line_of_another_version_is_recognized_by_its_words(line, aspect):
    assert aspect_of(line) == aspect


@pytest.mark.parametrize(
    "line",
    [
        "",
        "memory updated",
        "GPU not updated. It matches the current value",
        "the CPU is fast",
        "not updated",
        "the server was not updated, look at the memory",
        "Package changed",
    ],
)
def test_any_other_line_is_unknown(line):
    assert aspect_of(line) is None
    assert read_info([line]).unknown == (line,)


def test_lines_are_sorted_and_all_kept():
    lines = [f"CPU cores {MATCHES}", "hello", f"memory {MATCHES}"]
    reply = read_info(lines)
    assert reply.about == {"cpu": lines[0], "memory": lines[2]}
    assert reply.unknown == ("hello",)
    assert reply.lines == tuple(lines)


def test_the_first_of_two_lines_about_an_aspect_is_its_message():
    assert read_info(["memory not updated", f"memory {MATCHES}"]).about == {
        "memory": "memory not updated"
    }


@given(st.lists(st.text() | st.sampled_from(sorted(KNOWN))))
def test_no_line_is_lost(lines):
    reply = read_info(lines)
    assert list(reply.lines) == lines
    for line in lines:
        assert line in reply.unknown or aspect_of(line) in reply.about
