# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of the toy fleet that are kept in a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.engine import FleetRun
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.folder_steps import FolderSteps
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.identity import (
    Attribution,
    Job,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.rollback import reversals_of
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_copies import RunCopies
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_folder import (
    RunFolder,
    RunState,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_store import (
    FolderStore,
    RunStore,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.selection import Shard
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.settings import (
    ARGUMENTS,
    Settings,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason, Stop
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.terms import Terms
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    PANEL,
    ToyPanel,
    ToyRollback,
    ToySizes,
)

_SELECTION = ArgumentSpec({"ids": {"type": "list", "elements": "int"}})
_TARGET = ArgumentSpec({"size": {"type": "int"}})
_MANNER = ArgumentSpec({"on_refused": {"type": "str", "default": "warn"}})


class _Chosen(ToySizes):
    """Gives a size to the things that the options name, or to all."""

    def __init__(self, toys: ToyPanel, params: Mapping[str, Any], address: str) -> None:
        super().__init__(toys, params["size"], address)
        self._ids = params["ids"]
        self.shard = Shard.of(params["shard"])

    def select(self, ids):
        if ids is None and self.shard is not None:
            there = self.toys.sizes if self._ids is None else self._ids
            return super().select([each for each in there if self.shard.has(each)])
        return super().select(self._ids if ids is None else ids)


def folder_store(path: Path) -> FolderStore:
    """Return a store in a folder, which is created."""
    path.mkdir(exist_ok=True)
    return FolderStore(str(path))


class ToyFolder:
    """One folder, and the steps of the run in it.

    :param top: the test's own folder.
    """

    def __init__(self, toys: ToyPanel, top: Path, name: str = "run") -> None:
        self.toys = toys
        self.path = top / name
        self._state_dir = str(top / "state")
        #: What was shown on the screen.
        self.lines: list[str] = []
        self.stop = Stop()
        #: The job in which the steps run.
        self.job: Job | None = None
        #: Keeps copies of the run.
        self.store: RunStore | None = None
        self.clock = FakeClock()
        #: The panel of the connection.
        self.address = PANEL
        #: Who executes the steps.
        self.by = Attribution()

    @property
    def folder(self) -> RunFolder:
        return RunFolder(str(self.path))

    @property
    def state(self) -> RunState:
        return self.folder.state()

    @property
    def files(self) -> list[str]:
        """The names of the files, without the lock."""
        return sorted(each.name for each in self.path.iterdir() if each.name != "lock")

    reason = Reason.DEADLINE

    def restart(self) -> None:
        """Forget the request to stop, as a new process would."""
        self.stop, self.toys.after = Stop(), lambda item_id: None

    def step(self, step: str, *, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        """Execute a step with these options; return the result."""
        params = {
            name: rule.get("default")
            for spec in (ARGUMENTS, _SELECTION, _TARGET, _MANNER)
            for name, rule in spec.options.items()
        }
        params |= {
            "workers": 1,
            "state_dir": self._state_dir,
            "run_dir": str(self.path),
            "run_step": step,
            **options,
        }
        terms = Terms(_SELECTION, _TARGET, _MANNER, "toy_fleet_size")
        steps = FolderSteps(
            "toy_sizes",
            terms,
            params,
            list(options),
            self._execute,
            check_mode=check_mode,
            job=self.job,
            store=self.store,
            now=lambda: "2026-01-01T00:00:00.000+00:00",
        )
        return steps.execute()

    def refusal(self, step: str, **options: Any) -> PanelError:
        """Execute a step that must fail; return why."""
        with pytest.raises(PanelError) as caught:
            self.step(step, **options)
        return caught.value

    def planned(self, **options: Any) -> str:
        """Plan, and return the hash."""
        return str(self.step("plan", **{"size": 10, **options})["plan_sha256"])

    def applied(self, **options: Any) -> dict[str, Any]:
        """Plan and apply; return the result."""
        return self.step("apply", plan_sha256=self.planned(**options))

    def rollback(self) -> ToyFolder:
        """Return the folder of the next rollback, with a plan in it."""
        place = self.folder.next_rollback().path
        back = self.inside(place.name)
        back.step("plan", rollback=self.folder.journal_path)
        return back

    def inside(self, name: str) -> ToyFolder:
        """Return a folder inside this one, with the same store, state and time."""
        found = ToyFolder(self.toys, self.path, name)
        found._state_dir, found.job, found.store = self._state_dir, self.job, self.store
        found.clock, found.address = self.clock, self.address
        return found

    def fetched(self) -> None:
        """Fetch the run from its store."""
        assert self.store is not None
        RunCopies(self.store, self.folder).fetch("2026-01-01T00:00:00.000+00:00")

    def _execute(
        self,
        params: Mapping[str, Any],
        read_only: bool,
        step: Callable[[FleetRun], dict[str, Any]],
    ) -> dict[str, Any]:
        settings = Settings.from_params(params)
        before = sum(self.toys.writes.values())
        journal = settings.rollback
        with reversals_of(journal) if journal else nullcontext() as reversals:
            change = (
                _Chosen(self.toys, params, self.address)
                if reversals is None
                else ToyRollback(self.toys, reversals, self.address)
            )
            run = FleetRun(
                change, settings, self.clock, self.lines.append, self.stop, attribution=self.by
            )
            try:
                return step(run)
            finally:
                assert not read_only or sum(self.toys.writes.values()) == before
