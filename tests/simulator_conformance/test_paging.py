# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The paginator of five lists. Other lists are not paged (virtfusion 4)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.simulator.process import WATCHDOG_S

from .api import Api

PAGED = (
    "/servers",
    "/compute/hypervisors",
    "/compute/hypervisors/groups",
    "/compute/hypervisors/groups/1/resources",
    "/connectivity/ipblocks",
)
NOT_PAGED = (
    "/packages",
    "/servers/user/2",
    "/ssh_keys/user/1",
    "/backups/server/1",
    "/servers/1/templates",
    "/media/templates/fromServerPackageSpec/1",
    "/selfService/currencies",
)
KEYS = [
    "current_page",
    "data",
    "first_page_url",
    "from",
    "last_page",
    "last_page_url",
    "links",
    "next_page_url",
    "path",
    "per_page",
    "prev_page_url",
    "to",
    "total",
]


def page(panel: Api, path: str = "/servers", **query: Any) -> Any:
    """Return one page with its paginator."""
    return panel.ok("GET", path, **query).json()


@pytest.mark.parametrize("path", PAGED)
def test_paged_lists_have_exactly_the_paginators_keys(panel: Api, path: str) -> None:
    answer = page(panel, path, results=1, page=2)
    assert list(answer) == KEYS
    assert (answer["current_page"], answer["per_page"], len(answer["data"])) == (2, 1, 1)
    assert (answer["from"], answer["to"]) == (2, 2)
    assert answer["last_page"] == answer["total"] > 1


@pytest.mark.parametrize("path", NOT_PAGED)
def test_other_lists_are_a_bare_list(panel: Api, path: str) -> None:
    answer = page(panel, path, results=1)
    assert list(answer) == ["data"]
    assert isinstance(answer["data"], list)


def test_walk_over_all_pages(panel: Api) -> None:
    seen: list[int] = []
    number, last = 1, 1
    while number <= last:
        answer = page(panel, results=7, page=number)
        seen += [row["id"] for row in answer["data"]]
        number, last = number + 1, answer["last_page"]
    assert seen == list(range(1, 51))
    assert last == 8


def test_defaults_and_edges(panel: Api) -> None:
    assert page(panel)["per_page"] == 20
    assert page(panel, results=200)["to"] == 50
    assert page(panel, results="")["per_page"] == 20
    assert page(panel, page="x")["current_page"] == 1
    beyond = page(panel, page=99)
    assert (beyond["data"], beyond["from"], beyond["to"], beyond["total"]) == ([], None, None, 50)


def test_links_point_to_the_panels_own_address(panel: Api) -> None:
    answer = page(panel, page=2)
    host = urlsplit(panel.simulator.url).netloc
    for key in ("first_page_url", "last_page_url", "next_page_url", "prev_page_url", "path"):
        assert urlsplit(answer[key]).netloc not in ("", host)
    assert answer["next_page_url"].endswith("/api/v1/servers?page=3")
    assert answer["prev_page_url"].endswith("/api/v1/servers?page=1")
    assert page(panel, page=3)["next_page_url"] is None


def test_links_repeat_the_query(panel: Api) -> None:
    answer = page(panel, results=5)
    assert answer["next_page_url"].endswith("?results=5&page=2")


def test_links_of_a_short_list(panel: Api) -> None:
    links = page(panel, page=2)["links"]
    assert [link["label"] for link in links] == ["&laquo; Previous", "1", "2", "3", "Next &raquo;"]
    assert [link["active"] for link in links] == [False, False, True, False, False]
    assert links[0]["url"] == links[1]["url"]


@pytest.mark.parametrize(
    ("number", "labels"),
    [
        (1, "1 2 3 4 5 6 7 8 9 10 ... 24 25"),
        (12, "1 2 ... 9 10 11 12 13 14 15 ... 24 25"),
        (25, "1 2 ... 16 17 18 19 20 21 22 23 24 25"),
    ],
)
def test_links_of_a_long_list(panel: Api, number: int, labels: str) -> None:
    links = page(panel, results=2, page=number)["links"][1:-1]
    assert " ".join(link["label"] for link in links) == labels
    assert [link["url"] for link in links if link["label"] == "..."] == [None] * labels.count("...")


@pytest.mark.parametrize(
    "query", [[("hypervisorId", "2")], [("hypervisorId[]", "2"), ("hypervisorId[]", "3")]]
)
def test_filter_by_hypervisor(panel: Api, query: list[tuple[str, str]]) -> None:
    response = panel.session.get(
        f"{panel.simulator.api_url}/servers", params=query, timeout=WATCHDOG_S
    )
    rows = response.json()["data"]
    assert {str(row["hypervisorId"]) for row in rows} == {value for dummy, value in query}
    log = panel.control.requests()[-1]["query"]
    values = [value for dummy, value in query]
    assert log == {query[0][0]: values if len(values) > 1 else values[0]}


def test_rows_are_simple_or_full(panel: Api) -> None:
    simple = page(panel)["data"][0]
    assert (simple["commissioned"], simple["owner"]) == (3, 2)
    assert "hostname" not in simple
    full = page(panel, type="full", results=2)["data"][0]
    single = panel.server(1)
    assert single.pop("remoteState") is False
    assert full == single


def test_other_filters_are_ignored(panel: Api) -> None:
    assert page(panel, user=2, perPage=3, name="web01")["total"] == 50
