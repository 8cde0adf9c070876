# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several writes that make one change."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.in_turn import in_turn


def _fails() -> None:
    raise PanelError(Code.CONFLICT, "no")


def test_writes_are_carried_out_in_their_order():
    seen: list[int] = []
    in_turn(lambda: seen.append(1), lambda: seen.append(2))
    assert seen == [1, 2]


def test_nothing_to_do_is_fine():
    in_turn()


@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_failure_is_partial_only_after_a_write(before):
    seen: list[int] = []
    writes = [lambda: seen.append(1)] * before
    with pytest.raises(PanelError) as caught:
        in_turn(*writes, _fails, lambda: seen.append(9))
    assert caught.value.partial is (before > 0)
    assert len(seen) == before


def test_what_was_partial_stays_so():
    def half_done() -> None:
        raise PanelError(Code.CONFLICT, "no", partial=True)

    with pytest.raises(PanelError) as caught:
        in_turn(half_done)
    assert caught.value.partial is True
