# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts that a customer chose, or in which a panel repeats a secret, in a run over many servers."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.action.virtfusion_server_packages import (
    ActionModule,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.bulk import BulkRunner
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, get, put
from ansible_collections.vpsfleet.panels.tests.unit.support.server_packages import (
    PACKAGE,
    again,
    change,
    listed,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import TOKEN, page, server

#: What a terminal obeys, what turns the direction of writing, and what nothing can be encoded from.
CONTROL = "\x1b]52;c;ZWNobw==\x07\nPLAY RECAP\r\x9b2J\u202e\u2028\ud800"
BASE64 = base64.b64encode(f"{TOKEN}:x".encode()).decode()
#: The token, complete, cut off, and encoded.
ECHOED = f"{TOKEN} {TOKEN[:14]} {BASE64}"
HOSTILE = f"web01{CONTROL} {ECHOED}"


@pytest.fixture
def bulk(tmp_path, monkeypatch) -> BulkRunner:
    return BulkRunner(
        ActionModule, "vpsfleet.panels.virtfusion_server_packages", tmp_path, monkeypatch
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _assert_clean(texts: Iterator[str] | list[str]) -> None:
    for text in texts:
        assert text.isprintable(), ascii(text)
        for secret in (TOKEN, TOKEN[:14], BASE64[:12]):
            assert secret not in text


def _assert_all_clean(bulk: BulkRunner, result: dict[str, Any]) -> None:
    """Check the result, the screen, and every file of the run."""
    _assert_clean(_texts(result))
    _assert_clean(bulk.lines)
    for path in bulk.folder.rglob("*"):
        if path.is_file():
            _assert_clean(path.read_text("utf-8").replace("\n", " ").split("\t"))


FILES = ("journal", "results_file")


def _files(bulk: BulkRunner, *names: str) -> dict[str, str]:
    return {name: str(bulk.folder / name) for name in names}


SMALL = server(id=7, name=HOSTILE)


def test_the_name_of_a_server(bulk):
    files = _files(bulk, "plan_file", *FILES)
    planned = bulk.run(
        PACKAGE, listed(SMALL), check_mode=True, diff=True, package_id=3, all=True, **files
    )
    _assert_all_clean(bulk, planned)
    steps = (
        PACKAGE,
        get("/servers/7", answer(200, {"data": SMALL})),
        change(),
        again(name=HOSTILE),
    )
    result = bulk.run(*steps, diff=True, package_id=3, **files)
    assert outcomes(result) == {7: "changed"}
    assert result["results"][0]["name"].startswith("web01")
    _assert_all_clean(bulk, result)


@pytest.mark.parametrize("status", [403, 409, 422, 500])
def test_the_message_of_a_refusal(bulk, status):
    body = {"message": HOSTILE, "errors": [HOSTILE]}
    refused = put("/servers/7/package/3", answer(status, body))
    looks = (again(memory=2048),) if status == 500 else ()
    options = {"package_id": 3, "all": True, "retries": 0, **_files(bulk, *FILES)}
    result = bulk.run(PACKAGE, listed(SMALL), refused, *looks, **options)
    assert result["failed"]
    _assert_all_clean(bulk, result)


def test_a_line_of_the_panel_about_a_change(bulk):
    lines = put("/servers/7/package/3", answer(200, {"data": {"info": [HOSTILE]}}))
    result = bulk.run(
        PACKAGE,
        listed(SMALL),
        lines,
        again(name=HOSTILE),
        package_id=3,
        all=True,
        **_files(bulk, *FILES),
    )
    assert result["changed"]
    _assert_all_clean(bulk, result)


def test_the_name_of_a_hypervisor(bulk):
    resources = {
        "hypervisor": {"id": 6, "name": HOSTILE},
        "resources": {"memory": {"max": 10, "allocated": 9, "free": 1, "percent": 90}},
    }
    table = get("/compute/hypervisors/groups/2/resources", answer(200, page(resources)))
    options = {"package_id": 3, "all": True, "check_capacity": True, **_files(bulk, "plan_file")}
    result = bulk.run(PACKAGE, listed(SMALL), table, check_mode=True, **options)
    (warning,) = result["warnings"]
    assert "has 1 MB of memory free, and the change takes 2048" in warning
    assert [(row["place"], row["fits"]) for row in result["growth"]] == [(6, False)]
    _assert_all_clean(bulk, result)


def test_a_value_that_cannot_be_read(bulk):
    odd = server(id=8, name=HOSTILE, cpu={"cores": HOSTILE})
    options = {"package_id": 3, "all": True, "max_failures": "100%", **_files(bulk, "plan_file")}
    result = bulk.run(PACKAGE, listed(server(id=7), odd), check_mode=True, **options)
    assert outcomes(result) == {7: "changed", 8: "failed"}
    _assert_all_clean(bulk, result)


def test_a_name_that_is_suggested(bulk):
    names = [f"web01{CONTROL} {TOKEN}x"]
    result = bulk.run(PACKAGE, listed(SMALL), package_id=3, server_names=names)
    assert result["failure"]["code"] == "not_found"
    assert "did you mean" in result["msg"]
    _assert_all_clean(bulk, result)


def test_what_a_health_check_prints(bulk):
    program = f"import sys; print({HOSTILE.replace(chr(0xD800), '')!a}); sys.exit(1)"
    steps = (PACKAGE, listed(SMALL, server(id=9)), change(), again(name=HOSTILE))
    options = {"package_id": 3, "all": True, "batches": ["1", "100%"]}
    check = ["python3", "-X", "utf8", "-c", program]
    result = bulk.run(*steps, health_check=check, **options, **_files(bulk, *FILES))
    assert result["stopped"]["reason"] == "health"
    _assert_all_clean(bulk, result)


def test_the_reasons_of_a_rollback(bulk):
    journal = _files(bulk, "journal")
    bulk.run(
        PACKAGE, listed(SMALL), change(), again(name=HOSTILE), package_id=3, all=True, **journal
    )
    packages = get("/packages", answer(200, page()))
    moved = get("/servers/7", answer(200, {"data": server(id=7, name=HOSTILE, memory=999)}))
    result = bulk.run(packages, moved, rollback=journal["journal"])
    assert outcomes(result) == {7: "moved"}
    _assert_all_clean(bulk, result)
    assert json.loads(json.dumps(result)) == result
