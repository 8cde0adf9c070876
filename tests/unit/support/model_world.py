# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The world of the state machines that test the run model: a panel, time, and operators.

The rules here are what happens on the panel. A state machine adds the commands of operators, and passes
each of them to :meth:`World.execute`, which checks what the command wrote and what its result states.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.identity import seconds_of
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.model_fleet import (
    Behavior,
    BoxPanel,
    Write,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.power_cut import Killed, PowerCut

BOXES = st.integers(1, 4)
SIZES = st.sampled_from([1, 4, 10, 12])
WEIGHTS = st.sampled_from([1, 2, 20])
#: The step at which a command is killed, most often none.
CUTS = st.none() | st.tuples(st.integers(1, 60), st.booleans())
#: How the panel treats the writes of a command, by box.
BEHAVIORS = st.dictionaries(BOXES, st.sampled_from(Behavior), max_size=3)
#: After which write of a command somebody changes which box to which size, or the panel catches up.
MEDDLING = st.none() | st.tuples(st.integers(1, 3), BOXES, st.none() | SIZES)

#: Seconds by which the clocks of two controllers may differ.
CLOCKS_DIFFER_S = 300

#: Set to the number of examples of a long run with new seeds.
EXAMPLES = "VPSFLEET_MODEL_EXAMPLES"


def model_settings() -> settings:
    """Return the settings of a state machine: few examples in CI, many with new seeds in a long run."""
    asked = os.environ.get(EXAMPLES)
    common = {"deadline": None, "suppress_health_check": list(HealthCheck)}
    if asked is None:
        return settings(
            max_examples=min(25, settings.default.max_examples),
            phases=(Phase.explicit, Phase.generate),
            stateful_step_count=25,
            **common,
        )
    return settings(
        max_examples=int(asked),
        stateful_step_count=40,
        report_multiple_bugs=False,
        derandomize=False,
        print_blob=True,
        **common,
    )


@dataclass
class Approval:
    """What the approval of a plan covers.

    :param values: the values that the plan found and will change, by box and field.
    :param desired: the values that the plan sets, by field.
    :param rooms: the rooms of these boxes.
    :param made: when the plan was made.
    :param ttl: for how many seconds the approval is valid; 0 for ever.
    """

    values: dict[Any, dict[str, int]] = field(default_factory=dict)
    desired: dict[Any, dict[str, int]] = field(default_factory=dict)
    rooms: dict[Any, str] = field(default_factory=dict)
    made: float = 0
    ttl: int = 0

    @classmethod
    def of(cls, path: str) -> Approval:
        """Return the approval of the plan in a file."""
        plan = json.loads(Path(path).read_text(encoding="utf-8"))
        items = [item for item in plan["items"] if item["outcome"] == "changed"]
        rows = {
            item["id"]: [row for row in item["changes"] if row["outcome"] == "changed"]
            for item in items
        }
        return cls(
            {box: {row["field"]: row["before"] for row in found} for box, found in rows.items()},
            {box: {row["field"]: row["desired"] for row in found} for box, found in rows.items()},
            {item["id"]: item["selected_by"].get("room") for item in items},
            seconds_of(plan["made"]),
            plan["approval_ttl"],
        )

    def is_valid(self, now: float, limit: int | None) -> bool:
        """Return whether a run may begin with it.

        :param limit: the limit of the task in seconds, ``None`` for that of the plan.
        """
        age = now - self.made
        limits = [each for each in (self.ttl, limit) if each]
        return age >= -CLOCKS_DIFFER_S and all(age <= each for each in limits)


class World(RuleBasedStateMachine):
    """A panel that anybody may change, and the checks of a command."""

    def __init__(self) -> None:
        super().__init__()
        self.top = Path(tempfile.mkdtemp())
        self.folder = self.top / "files"
        self.folder.mkdir()
        sizes, weights = (1, 4, 10, 12), (1, 20, 2, 20)
        self.boxes = BoxPanel(
            {"size": size, "weight": weight} for size, weight in zip(sizes, weights, strict=True)
        )
        self.clock = FakeClock()
        #: The boxes that another client changed during the last command, and during any command.
        self.meddled: set[Any] = set()
        self.meddled_in: set[tuple[int, Any]] = set()

    def teardown(self) -> None:
        try:
            self.boxes.unreadable = False
            self.boxes.locked.clear()
            self.every_run_can_be_ended()
        finally:
            shutil.rmtree(self.top)

    def every_run_can_be_ended(self) -> None:
        """End each run on a panel that does what it accepts."""
        raise NotImplementedError

    # --- what happens on the panel ---------------------------------------------------------------

    @rule(
        box=BOXES,
        what=st.one_of(SIZES, WEIGHTS.map(str), st.sampled_from(["room", "lock", "delete"])),
    )
    def somebody_changes_a_box(self, box: int, what: int | str) -> None:
        """Set the size (a number), the weight (digits) or the room, lock or unlock the box, or delete it."""
        values = self.boxes.boxes.get(box)
        if what == "room":
            self.boxes.rooms[box] = "abroad" if self.boxes.room(box) == "home" else "home"
        elif what == "lock":
            self.boxes.locked ^= {box}
        elif values is None:
            return
        elif what != "delete":
            values["size" if isinstance(what, int) else "weight"] = int(what)
        elif len(self.boxes.boxes) > 1:
            del self.boxes.boxes[box]

    @rule(what=st.sampled_from(["catches up", "forgets", "stops", "responds"]))
    def the_panel(self, what: str) -> None:
        if what == "catches up":
            self.boxes.catch_up()
        elif what == "forgets":
            self.boxes.late.clear()
        else:
            self.boxes.unreadable = what == "stops"

    @rule(hours=st.sampled_from([0.01, 5, 200, -1]))
    def time_passes(self, hours: float) -> None:
        """An hour back is a clock that somebody has set right, or that of another controller."""
        self.clock.now += hours * 3600

    # --- one command -----------------------------------------------------------------------------

    def execute(
        self,
        command: Callable[[], dict[str, Any]],
        *,
        may_write: Callable[[Write], None] | None = None,
        cut: tuple[int, bool] | None = None,
        behaviors: dict[int, Behavior] | None = None,
        meddling: tuple[int, int, int | None] | None = None,
        during: Callable[[], None] | None = None,
    ) -> dict[str, Any]:
        """Execute a command and return its result, which is empty if the process was killed.

        :param may_write: checks a write of the command; ``None`` if it must not write.
        :param cut: the step at which the process is killed, and whether a file is then half-written.
        :param during: called once, after a write.
        """
        self.clock.now += 1
        boxes = self.boxes
        boxes.command += 1
        boxes.behaviors = dict(behaviors or {})
        self.meddled = set()
        seen = len(boxes.writes)
        step, half = cut or (None, False)
        power = PowerCut(self.folder, step, half=half)
        left = [during]

        def after(box: Any) -> None:
            if meddling is not None and len(boxes.writes) - seen >= meddling[0]:
                _number, other, size = meddling
                if size is None:
                    late = {write.box for write in boxes.late}
                    boxes.catch_up()
                    self.meddled |= late
                    self.meddled_in |= {(boxes.command, each) for each in late}
                elif other in boxes.boxes and other not in self.meddled:
                    boxes.boxes[other]["size"] = size
                    self.meddled.add(other)
                    self.meddled_in.add((boxes.command, other))
            power.step()
            if left[0] is not None:
                then, left[0] = left[0], None
                then()

        boxes.before, boxes.after = power.step, after
        try:
            with power.armed():
                result = command()
        except Killed:
            result = {}
        except PanelError as error:
            assert error.code is not Code.INTERNAL, error.msg
            result = {**error.to_result(), "refusal": "totals" not in error.result}
        finally:
            boxes.before = boxes.after = lambda box: None
            boxes.behaviors = {}
        for write in boxes.writes[seen:]:
            if write.command != boxes.command:
                continue
            assert may_write is not None, f"a command that only reads has sent {write}"
            may_write(write)
        if result.get("refusal"):
            assert len(boxes.writes) == seen, f"a refused command has written: {result['msg']}"
        elif result.get("run_state") == "planned":
            # The plan failed, so the rows are predictions.
            assert len(boxes.writes) == seen, f"a failed plan has written: {result['msg']}"
        elif result and may_write is not None:
            self.check_claims(result)
        return result

    def check_claims(self, result: dict[str, Any]) -> None:
        """Nothing is reported as done that the panel does not show."""
        rows, totals = result["results"], result["totals"]
        if result["results_omitted"]:
            return  # the run was finished before this command
        for outcome in {row["outcome"] for row in rows}:
            assert totals[outcome] == sum(row["outcome"] == outcome for row in rows)
        assert totals["selected"] == len(rows)
        late = {each.box for each in self.boxes.late if each.command == self.boxes.command}
        for row in rows:
            shown = self.boxes.boxes.get(row["id"])
            if row["id"] in self.meddled:
                continue
            if row["outcome"] in ("changed", "unchanged", "refused"):
                assert shown is not None, row
                for change in row["changes"]:
                    assert shown[change["field"]] == change["after"], row
                if row["outcome"] != "changed":
                    assert not row["changed"]
            elif row["outcome"] in ("failed", "moved", "in_doubt"):
                assert row["msg"], row
            if row["outcome"] == "failed":
                # The state is known: nothing is still to come from this command.
                assert row["id"] not in late, row
            state = (row["failure"] or {}).get("state")
            assert (row["outcome"] == "in_doubt") is (state == "unknown"), row
        unfinished = totals["failed"] + totals["in_doubt"] + totals["skipped"]
        assert result["finished"] is not bool(unfinished), result["msg"]

    # --- what a write is allowed to be -----------------------------------------------------------

    def within(self, approval: Approval) -> Callable[[Write], None]:
        """Return the check that a write is covered by an approval."""

        def check(write: Write) -> None:
            assert write.box in approval.values, f"{write} was never approved"
            assert write.field in approval.values[write.box], f"{write} was never approved"
            assert write.desired == approval.desired[write.box][write.field], write
            if write.box not in self.meddled:
                before = approval.values[write.box][write.field]
                assert write.before == before, f"{write} was approved for {before}"
            room = approval.rooms[write.box]
            assert room in (None, self.boxes.room(write.box)), write

        return check

    def restoring(self, reversals: dict[Any, tuple[dict[str, Any], dict[str, Any]]]) -> Any:
        """Return the check that a write restores what a run changed."""

        def check(write: Write) -> None:
            assert write.box in reversals, f"{write} restores what no run has changed"
            before, after = reversals[write.box]
            assert write.desired == before[write.field], write
            if write.box not in self.meddled:
                assert write.before == after[write.field], write

        return check

    def found_by_rollback(
        self, commands: Collection[int], reversals: dict[Any, tuple[dict[str, Any], Any]]
    ) -> None:
        """Every accepted write of these commands can be restored to what the panel showed."""
        written = [
            write
            for write in self.boxes.writes
            if write.accepted
            and write.command in commands
            and (write.command, write.box) not in self.meddled_in
        ]
        for write in written:
            befores = [w.before for w in written if (w.box, w.field) == (write.box, write.field)]
            if befores[0] == write.desired:
                continue  # it was changed and changed back
            assert write.box in reversals, f"{write} is lost"
            before = reversals[write.box][0]
            assert write.field in before, f"{write} is lost"
            assert before[write.field] in befores, write
