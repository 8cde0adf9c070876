# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test batches, which grow from few items to all, and the limits for failures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.settings import (
    Batches,
    BatchLimit,
    FailureLimit,
)


@pytest.mark.parametrize(
    ("steps", "total", "sizes"),
    [
        (["100%"], 7, [7]),
        (["100%"], 0, []),
        (["1", "5%", "25%", "100%"], 500, [1, 24, 100, 375]),
        (["1", "5%", "25%", "100%"], 3, [1, 2]),
        (["1", "5%", "100%"], 1, [1]),
        (["10", "5%", "100%"], 20, [10, 10]),
        (["2.5%", "100%"], 1000, [25, 975]),
        (["0.07%", "100%"], 10_000, [7, 9993]),
        (["10", "50", "100%"], 40, [10, 30]),
    ],
)
def test_each_step_is_the_number_of_items_changed_at_its_end(steps, total, sizes):
    cut = Batches(steps).cut(list(range(total)))
    assert [len(batch) for batch in cut] == sizes


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([], "must end with 100%"),
        (["1", "5%"], "must end with 100%"),
        (["100%", "1"], "must end with 100%"),
        (["5%", "1%", "100%"], "must increase"),
        (["5", "5", "100%"], "must increase"),
        (["0", "100%"], "must not contain 0"),
        (["0%", "100%"], "must not contain 0"),
        (["half", "100%"], "a number or a percentage, not 'half'"),
        (["-1", "100%"], "a number or a percentage"),
        (["1.5", "100%"], "a number or a percentage"),
        (["120%", "100%"], "above 100%"),
        (["٣", "100%"], "a number or a percentage"),
    ],
)
def test_steps_that_make_no_sense_are_refused(steps, message):
    with pytest.raises(PanelError, match=message):
        Batches(steps)


@given(
    st.lists(st.integers(1, 300), unique=True).map(sorted),
    st.lists(st.integers(1, 99), unique=True).map(sorted),
    st.integers(0, 400),
    st.randoms(use_true_random=False),
)
def test_every_item_is_in_one_batch_and_in_its_order(numbers, shares, total, order):
    steps = [*map(str, numbers), *(f"{share}%" for share in shares)]
    numbers, shares = list(map(str, numbers)), [f"{share}%" for share in shares]
    mixed = []
    while numbers or shares:
        source = order.choice([each for each in (numbers, shares) if each])
        mixed.append(source.pop(0))
    assert sorted(mixed) == sorted(steps)
    cut = Batches([*mixed, "100%"]).cut(list(range(total)))
    assert [item for batch in cut for item in batch] == list(range(total))
    assert all(cut)


@pytest.mark.parametrize(
    ("text", "failures", "total", "exceeded"),
    [
        ("0", 0, 10, False),
        ("0", 1, 10, True),
        ("3", 3, 10, False),
        ("3", 4, 10, True),
        ("5%", 5, 100, False),
        ("5%", 6, 100, True),
        ("0%", 1, 1000, True),
        ("100%", 9, 10, False),
        ("100%", 10, 10, True),
        ("20", 10, 10, True),
        ("100%", 0, 0, False),
        ("2.5%", 1, 40, False),
        ("2.5%", 1, 39, True),
    ],
)
def test_the_limit_must_be_exceeded(text, failures, total, exceeded):
    assert FailureLimit(text).exceeded(failures, total) is exceeded


def test_a_percentage_is_exact():
    assert not FailureLimit("0.57%").exceeded(57, 10_000)
    assert FailureLimit("0.57%").exceeded(58, 10_000)


@pytest.mark.parametrize("text", ["", "few", "-1", "101%", "1.5", "5 %"])
def test_an_invalid_limit_is_refused(text):
    with pytest.raises(PanelError, match="max_failures"):
        FailureLimit(text)


@given(st.integers(0, 100), st.integers(1, 1000))
def test_a_limit_never_falls_as_failures_grow(percent, total):
    limit = FailureLimit(f"{percent}%")
    flags = [limit.exceeded(failures, total) for failures in range(total + 1)]
    assert flags == sorted(flags)
    assert not flags[0]


@pytest.mark.parametrize("limit", ["0", "5", "100%"])
def test_the_message_says_that_all_items_failed(limit):
    sentence = FailureLimit(limit).sentence(5, 5, "things")
    assert sentence == (
        "5 of 5 things failed, and max_failures allows 0" if limit == "0" else "all 5 things failed"
    )


def test_what_is_in_doubt_is_not_said_to_have_failed():
    limit = FailureLimit("0")
    assert "5 of 9 things failed or are in doubt, and" in limit.sentence(5, 9, "things", in_doubt=1)
    place = {"batch": 1, "batches": 2, "in_doubt": 1}
    sentence = BatchLimit(limit, None).sentence(1, 1, "things", **place)
    assert sentence.startswith("1 of 1 things had failed or were in doubt in batch 1 of 2")


@pytest.mark.parametrize(
    ("whole", "own", "failures", "size", "batch", "exceeded"),
    [
        ("10%", None, 1, 10, 1, True),  # the first batch: any failure
        ("10%", None, 0, 10, 1, False),
        ("10%", None, 1, 10, 2, False),  # each further one: as the whole
        ("10%", None, 2, 10, 2, True),
        ("100%", None, 10, 10, 2, True),  # all of a batch
        ("20", None, 3, 3, 2, True),
        ("20", None, 2, 3, 2, False),
        ("10%", "50%", 5, 10, 1, False),  # unless the operator set a limit
        ("10%", "50%", 6, 10, 1, True),
        ("10%", "100%", 10, 10, 1, False),
        ("100%", "0", 1, 10, 3, True),
    ],
)
def test_a_batch_is_judged_by_itself(whole, own, failures, size, batch, exceeded):
    mine = None if own is None else FailureLimit(own, "max_batch_failures")
    limit = BatchLimit(FailureLimit(whole), mine)
    place = {"batch": batch, "batches": 3}
    assert limit.exceeded(failures, size, **place) is exceeded
    assert f"batch {batch} of 3" in limit.sentence(failures, size, "things", **place)
    # The limit of the whole run is the limit of its only batch, unless the operator set one for each batch.
    alone = limit.exceeded(failures, size, batch=1, batches=1)
    assert alone is (mine is not None and mine.above(failures, size))
