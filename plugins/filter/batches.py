# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cuts a list into batches, as the play keyword ``serial`` does with hosts."""

from __future__ import annotations

DOCUMENTATION = r"""
name: batches
short_description: Cut a list into batches
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Cuts a list into batches by the rules of the play keyword C(serial), so that a loop can work
    through a fleet as a play works through hosts.
positional: _input, sizes
options:
  _input:
    description: The list to cut. No element is lost, none comes twice, and the order stays.
    type: list
    elements: raw
    required: true
  sizes:
    description:
      - Sizes of the first, the second and the further batches. The last one is used until the
        list is used up.
      - A size is a number of elements, or a percentage of the whole list such as V(10%), which is
        rounded down and takes at least one element.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: One server first, then a tenth of the fleet, then all others
  ansible.builtin.include_tasks: batch.yml
  loop: "{{ servers | vpsfleet.panels.batches([1, '10%', '100%']) }}"
  loop_control:
    loop_var: batch

- name: Show the batches of ten elements, [[0], [1, 2, 3], [4, 5, 6], [7, 8, 9]]
  ansible.builtin.debug:
    msg: "{{ range(10) | vpsfleet.panels.batches([1, 3]) }}"
"""

RETURN = r"""
_value:
  description: The batches in order; none of them is empty. An empty list has no batches.
  type: list
  elements: list
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

_SIZE = re.compile(r"([1-9][0-9]*)(%?)")


def batches(items: Iterable[Any], sizes: Any) -> list[list[Any]]:
    """Return the batches. :raises AnsibleFilterError: for sizes that make no sense."""
    if isinstance(items, str | Mapping) or not isinstance(items, Iterable):
        raise AnsibleFilterError(f"batches cuts a list, not {type(items).__name__}")
    rest = list(items)
    total = len(rest)
    desired = [_size(size, total) for size in _listed(sizes)]
    if not desired:
        raise AnsibleFilterError("batches needs at least one size, such as 1 or 10%")
    result: list[list[Any]] = []
    while rest:
        size = desired[min(len(result), len(desired) - 1)]
        result.append(rest[:size])
        rest = rest[size:]
    return result


def _listed(sizes: Any) -> list[Any]:
    if isinstance(sizes, str):
        return sizes.split(",")
    return list(sizes) if isinstance(sizes, list | tuple) else [sizes]


def _size(size: Any, total: int) -> int:
    parts = _SIZE.fullmatch(str(size).strip())
    number = int(parts[1]) if parts else 0
    percentage = bool(parts and parts[2])
    if not number or isinstance(size, bool) or (percentage and number > 100):
        raise AnsibleFilterError(
            f"a batch is a number from 1 on or a percentage from 1% to 100%, not {size!r}"
        )
    return max(total * number // 100, 1) if percentage else number


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Any]:
        return {"batches": batches}
