# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the plays in as few processes as possible, and judge each example."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from requests import certs

from .collect import Document, documents
from .fixture import Fixture, Remark
from .plays import FAILED, Run, Unclear, add, host_of, options_used, role_entry_points

UNCLEAR = (
    "is no play, no task, no source of an inventory plugin, and no variables of a role: "
    "if it only shows something, name it under samples in tests/examples/fixture.yml"
)
NO_OUTCOME = "did not run"
#: Runs Ansible's commands in forks.
COMMANDS = "tests/integration/targets/setup_panel/files/run_commands.py"


@dataclass(frozen=True)
class Verdict:
    """What became of an example."""

    place: str
    name: str
    message: str | None = None

    @property
    def passed(self) -> bool:
        """Whether it did what it should."""
        return self.message is None

    def __str__(self) -> str:
        if self.passed:
            return f"ok      {self.place}: {self.name}"
        return f"FAILED  {self.place}: {self.name}: {self.message}"


@dataclass(frozen=True)
class Place:
    """Where the examples run.

    :param root: the collection.
    :param folder: what is written is written below it.
    :param url: the simulator.
    """

    root: Path
    folder: Path
    url: str

    def filled(self, text: str) -> str:
        """Return a text of the fixture with the values of this run."""
        values = {
            "{url}": self.url,
            # An inventory refuses the same panel twice.
            "{other_url}": self.url.replace("127.0.0.1", "localhost"),
            "{control}": f"{self.url}/_sim",
            "{folder}": str(self.folder),
        }
        for name, value in values.items():
            text = text.replace(name, value)
        if "{certificates}" in text:
            text = text.replace("{certificates}", Path(certs.where()).read_text())
        return text


class Examples:
    """All examples of some sources."""

    def __init__(self, place: Place, words: list[str]) -> None:
        self._place = place
        self._fixture = Fixture.read()
        self._roles = role_entry_points(place.root)
        self._runs: dict[str, Run] = {}
        self.verdicts: list[Verdict] = []
        found = documents(place.root, words)
        for document in found:
            self._add(document)
        if not words:
            self._check_remarks(found)

    def run(self) -> None:
        """Run them all and judge them."""
        self._prepare()
        together = [
            run for run in self._runs.values() if run.source not in self._fixture.inventories
        ]
        alone = [run for run in self._runs.values() if run.source in self._fixture.inventories]
        for runs in (together, *([run] for run in alone)):
            runs = [run for run in runs if run.plays]
            if not runs:
                continue
            outcomes, output = self._play(runs)
            if not outcomes and len(runs) > 1:  # what cannot be parsed ends the whole process
                for run in runs:
                    self._judge(run, *self._play([run]))
            else:
                for run in runs:
                    self._judge(run, outcomes, output)
        self._read_inventories([each for run in self._runs.values() for each in run.inventories])
        self.verdicts.sort(key=lambda verdict: verdict.place)

    def _add(self, document: Document) -> None:
        place = f"{document.source}:{document.line}"
        fixture = self._fixture
        if any(remark.fits(document) for remark in fixture.samples):
            return
        if any(remark.fits(document) for remark in fixture.not_run):
            message = self._wrong_options(document)
            self.verdicts.append(Verdict(place, document.begins, message))
            return
        source = document.source
        # The hosts of an inventory plugin are all hosts there are.
        host = "localhost" if source in fixture.inventories else host_of(source)
        run = self._runs.setdefault(source, Run(source, host))
        try:
            add(run, document, self._text(document), self._roles)
        except (Unclear, yaml.YAMLError) as error:
            self.verdicts.append(Verdict(place, document.begins, str(error) or UNCLEAR))

    def _text(self, document: Document) -> str:
        text = document.text
        for pattern, value in self._fixture.replace.items():
            text = re.sub(
                pattern, lambda match, value=value: self._place.filled(match.expand(value)), text
            )
        return text

    def _wrong_options(self, document: Document) -> str | None:
        """Return which options of a document no module has, None if all of them are known."""
        try:
            used = options_used(yaml.safe_load(self._text(document)))
        except yaml.YAMLError as error:
            return str(error)
        for module, options in used:
            done = self._command("ansible-doc", "--json", "--type", "module", module)
            if done.returncode:
                return _tail(done.stderr)
            known = json.loads(done.stdout)[module]["doc"]["options"]
            unknown = sorted(options - set(known))
            if unknown:
                return f"{module} has no option {', '.join(unknown)}"
        return None

    def _expected(self, source: str, name: str) -> Remark | None:
        """Return the remark that describes how an example must fail."""
        rows = self._fixture.fails
        return next((row for row in rows if (row.source, row.begins) == (source, name)), None)

    def _check_remarks(self, found: list[Document]) -> None:
        """Refuse remarks about what is not there."""
        tasks = {
            (run.source, name) for run in self._runs.values() for name in run.examples.values()
        }
        texts = {(document.source, document.begins) for document in found}
        for remark in (*self._fixture.samples, *self._fixture.not_run):
            if (remark.source, remark.begins) not in texts:
                self._unused(remark)
        for remark in self._fixture.fails:
            if (remark.source, remark.begins) not in tasks:
                self._unused(remark)

    def _unused(self, remark: Remark) -> None:
        text = f"tests/examples/fixture.yml names what is not there: {remark.begins}"
        self.verdicts.append(Verdict(remark.source, "remark", text))

    def _prepare(self) -> None:
        """Write the files that the examples expect, and the inventory."""
        folder, fixture = self._place.folder, self._fixture
        for name, content in fixture.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self._place.filled(content))
            path.chmod(0o700)
        local = {
            "ansible_connection": "local",
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        }
        hosts = {
            run.host: dict(fixture.source_variables.get(run.source, {}))
            for run in self._runs.values()
        }
        web = dict.fromkeys(("web01", "web02", "web03"))
        inventory = {"all": {"hosts": hosts, "vars": local, "children": {"web": {"hosts": web}}}}
        _write(folder / "inventory.yml", inventory)
        _write(folder / "variables.yml", fixture.variables)

    def _environment(self) -> dict[str, str]:
        given = {
            name: self._place.filled(value) for name, value in self._fixture.environment.items()
        }
        own = Path(__file__).parent
        return {
            **os.environ,
            **given,
            "HOME": str(self._place.folder),
            "VPSFLEET_EXAMPLES_CONTROL": f"{self._place.url}/_sim",
            "VPSFLEET_EXAMPLES_RECORD": str(self._place.folder / "record"),
            "ANSIBLE_ACTION_PLUGINS": str(own / "action_plugins"),
            "ANSIBLE_CALLBACK_PLUGINS": str(own / "callback_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "outcomes",
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "1",
        }

    def _play(self, runs: list[Run]) -> tuple[list[dict[str, Any]], str]:
        """Run the plays of some sources in one process; return the outcomes, and what was printed."""
        folder = self._place.folder
        plays = []
        for run in runs:
            fresh = {"name": "A fresh panel", "fresh_panel": {}}
            before = yaml.safe_dump(self._fixture.before.get(run.source, []))
            tasks = [fresh, *yaml.safe_load(self._place.filled(before))]
            header = {"name": run.source, "hosts": run.host, "gather_facts": False}
            plays += [header | {"tasks": tasks}, *run.plays]
        _write(folder / "playbook.yml", plays)
        record = folder / "record"
        record.unlink(missing_ok=True)
        name = "inventory.yml"
        content = self._fixture.inventories.get(runs[0].source)
        if content:
            name = f"panel.{_plugin(content)}.yml"
            (folder / name).write_text(self._place.filled(content))
        done = self._command("ansible-playbook", "-i", name, "-e", "@variables.yml", "playbook.yml")
        lines = record.read_text().splitlines() if record.exists() else []
        return [json.loads(line) for line in lines], done.stdout + done.stderr

    def _command(
        self, program: str, *arguments: str, text: str = ""
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(Path(sys.executable).with_name(program)), *arguments],
            cwd=self._place.folder,
            env=self._environment(),
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        with (self._place.folder / "output").open("a") as log:
            log.write(done.stdout + done.stderr)
        return done

    def _judge(self, run: Run, outcomes: list[dict[str, Any]], output: str) -> None:
        rows = defaultdict(list)
        for row in outcomes:
            rows[row.get("example")].append(row)
        stopped = any(row["event"] == "stopped" and row["host"] == run.host for row in outcomes)
        for place, name in run.examples.items():
            own = rows[place]
            failures = [row["message"] for row in own if row["event"] == "failed"]
            rescued = any(row["task"] == FAILED for row in own)
            last = failures[-1] if failures else NO_OUTCOME
            message = None
            if not own:
                message = NO_OUTCOME if outcomes else _tail(output)
            elif rescued or (stopped and failures):
                message = last
            expected = self._expected(run.source, name)
            if expected:
                fits = message is not None and re.search(expected.reason, message)
                message = None if fits else f"should fail with {expected.reason!r}: {message}"
            self.verdicts.append(Verdict(place, name, message))

    def _read_inventories(self, sources: list[Document]) -> None:
        """Read inventory sources by ansible-inventory: each without a warning, and with a host at least.

        The commands are forks of one process, since a start of Ansible takes longer than a source.
        """
        if not sources:
            return
        folder = self._place.folder / "sources"
        folder.mkdir(exist_ok=True)
        requests = []
        for number, document in enumerate(sources):
            path = folder / f"{number}.{_plugin(document.text)}.yml"
            path.write_text(self._text(document))
            files = {name: str(folder / f"{number}.{name}") for name in ("stdout", "stderr")}
            argv = ["ansible-inventory", "-i", str(path), "--list"]
            requests.append({"argv": argv, "environment": {}, **files})
        done = self._command(
            "python",
            str(self._place.root / COMMANDS),
            "vpsfleet.panels.virtfusion",
            text="".join(f"{json.dumps(each)}\n" for each in requests),
        )
        statuses = done.stdout.split()
        for number, document in enumerate(sources):
            message: str | None = _tail(done.stderr) or NO_OUTCOME
            if number < len(statuses):
                output, errors = (
                    (folder / f"{number}.{name}").read_text() for name in ("stdout", "stderr")
                )
                message = _tail(errors) or f"exit status {statuses[number]}"
                if statuses[number] == "0":
                    graph = json.loads(output)
                    message = None if graph["_meta"]["hostvars"] else "it has no host"
            place = f"{document.source}:{document.line}"
            self.verdicts.append(Verdict(place, document.begins, message))


def run_all(place: Place, words: list[str]) -> list[Verdict]:
    """Run the examples of the sources that contain one of some words; of all, if there are none."""
    shutil.rmtree(place.folder, ignore_errors=True)
    place.folder.mkdir(parents=True)
    examples = Examples(place, words)
    examples.run()
    return examples.verdicts


def _plugin(source: str) -> str:
    """Return the short name of the plugin that an inventory source is for."""
    return str(yaml.safe_load(source)["plugin"]).rpartition(".")[2]


def _write(path: Path, content: Any) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000))


def _tail(output: str) -> str:
    return " / ".join(line for line in output.strip().splitlines()[-12:] if line)
