# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read inventory sources as an operator does, and check what each command prints and requests.

The cases are in the variable ``cases`` of the task, and each is templated when its turn comes. Their
commands run one after the other in forks of one process, see ``files/run_commands.py``.

The variable ``reading`` has what all cases of a target share:

- ``plugin``: full name of the inventory plugin.
- ``file``: path of the source that each case writes.
- ``options``: options that each source has.
- ``environment``: the connection.
- ``secrets``: texts that no command may print.

Keys of a case:

- ``name``: name of the case.
- ``when``: whether to run the case; default true.
- ``source``: options of the source in addition to ``options``.
- ``bare``: whether to leave ``options`` and ``environment`` out.
- ``argv``: command and arguments; default ``[ansible-inventory, --list]``.
- ``more``: further arguments, after the source.
- ``environment``: environment variables in addition to the connection.
- ``process``: whether the command starts by itself. Required for variables that Ansible reads when
  it is imported.
- ``switches``, ``faults``: of the simulator.
- ``cache_age_s``: seconds by which the cached servers become older before the command.
- ``fails``: whether the command must fail.
- ``message``: regular expression that the warnings and errors must match.
- ``operations``: the operations that the panel must receive, in any order.
- ``vars``, ``that``: conditions, with variables for them.
- ``keep_as``: name that the inventory has in the conditions of later cases and in ``kept``.

Conditions have ``inventory`` (the parsed output), ``message`` (warnings and errors in one line),
``stdout``, ``stderr``, ``requests`` and ``seen`` (the operations that the panel received).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from ansible.playbook.conditional import Conditional
from ansible.plugins.action import ActionBase
from ansible.utils.unsafe_proxy import wrap_var

LATER = ("vars", "that")  # keys that are not templated before the command


class ActionModule(ActionBase):
    _supports_check_mode = False
    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        self._variables = dict(task_vars or {})
        self._kept: dict[str, Any] = {}
        self._control = self._control_of_simulator()
        self._reading = plain(self._templar.template(self._variables["reading"]))
        with Commands(self._reading["plugin"], Path(self._reading["file"])) as commands:
            for case in self._variables["cases"]:
                wrong = self._run_case(commands, case)
                if wrong:
                    return {**result, "failed": True, **wrong}
        return {**result, "changed": False, "kept": self._kept}

    def _control_of_simulator(self) -> Any:
        """Return the control path of the simulator, None for a real panel."""
        if not self._variables["vpsfleet_simulator"]:
            return None
        simulator = self._shared_loader_obj.action_loader.get("simulator", class_only=True)
        url, ca_path = self._variables["vpsfleet_control_url"], self._variables["vpsfleet_ca_path"]
        return sys.modules[simulator.__module__].Control(url, ca_path)

    def _run_case(self, commands: Commands, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        """Run a case and return what is wrong, None if nothing is."""
        self._templar.available_variables = {**self._variables, **self._kept}
        case = plain(self._templar.template({key: raw[key] for key in raw if key not in LATER}))
        if not case.get("when", True):
            return None
        reading = self._reading
        known = {} if case.get("bare") else reading
        source = {"plugin": reading["plugin"], **known.get("options", {}), **case.get("source", {})}
        write_private(Path(reading["file"]), yaml.safe_dump(source, allow_unicode=True))
        if self._control:
            prepare(self._control, case)
        if "cache_age_s" in case:
            age_cache(Path(source["cache_connection"]), case["cache_age_s"])
        environment = {**known.get("environment", {}), **case.get("environment", {})}
        argv = [
            *case.get("argv", ("ansible-inventory", "--list")),
            f"--inventory={reading['file']}",
        ]
        argv += case.get("more", ())
        run = commands.run(argv, environment, case.get("process", False))
        found = self._found(run)
        output = run["stdout"] + run["stderr"]
        if any(
            secret in output for secret in reading["secrets"]
        ):  # the output must not be printed again
            return {"msg": f"{case['name']}: the output contains a secret"}
        wrong = list(self._differences(case, run, found)) or self._untrue(raw, found)
        if wrong:
            return {"msg": f"{case['name']}: {'; '.join(wrong)}", "argv": argv, **run, **found}
        if "keep_as" in case:
            self._kept[case["keep_as"]] = found["inventory"]
        return None

    def _found(self, run: Mapping[str, Any]) -> dict[str, Any]:
        """Return the variables of the conditions, which are never templates."""
        requests = self._control.call("GET", "log") if self._control else []
        stdout = run["stdout"]
        found = {
            "inventory": json.loads(stdout, object_hook=unmark) if stdout.startswith("{") else {},
            "message": " ".join(run["stderr"].split()),
            "stdout": stdout,
            "stderr": run["stderr"],
            "requests": requests,
            "seen": [request["operation"] for request in requests],
        }
        return {name: wrap_var(value) for name, value in found.items()}

    def _differences(self, case: Any, run: Mapping[str, Any], found: Mapping[str, Any]) -> Any:
        """Yield what differs from the case."""
        if (run["rc"] != 0) != case.get("fails", False):
            yield f"the command ended with {run['rc']}"
        if not re.search(case.get("message", ""), found["message"]):
            yield f"no message matches {case['message']}"
        expected = case.get("operations")
        if self._control and expected is not None and sorted(found["seen"]) != sorted(expected):
            yield f"the panel received {found['seen']}"
        if "Traceback (most recent call last)" in run["stdout"] + run["stderr"]:
            yield "there is a traceback"

    def _untrue(self, raw: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
        """Return the conditions that are not true."""
        available = {**self._variables, **self._kept, **raw.get("vars", {}), **found}
        self._templar.available_variables = available
        conditions = raw.get("that", [])
        conditions = [conditions] if isinstance(conditions, str) else conditions
        return [f"not {each}" for each in conditions if not self._is_true(each, available)]

    def _is_true(self, condition: str, available: dict[str, Any]) -> bool:
        if hasattr(self._templar, "evaluate_conditional"):  # since ansible-core 2.19
            return bool(self._templar.evaluate_conditional(condition))
        conditional = Conditional(loader=self._loader)
        conditional.when = [condition]
        return bool(conditional.evaluate_conditional(self._templar, available))


class Commands:
    """The process that runs the commands, started with the first one."""

    def __init__(self, plugin: str, source: Path) -> None:
        self._plugin = plugin
        self._stdout = source.with_suffix(".stdout")
        self._stderr = source.with_suffix(".stderr")
        self._base = {**os.environ, "ANSIBLE_NOCOLOR": "true", "COLUMNS": "4000"}

    def __enter__(self) -> Commands:
        program = Path(__file__).parents[1] / "files" / "run_commands.py"
        self._process = subprocess.Popen(
            [sys.executable, str(program), self._plugin],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self._base,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(self, argv: list[str], environment: dict[str, str], alone: bool) -> dict[str, Any]:
        """Run a command and return its exit status and its output."""
        if alone:
            done = subprocess.run(
                argv,
                env={**self._base, **environment},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            return {"rc": done.returncode, "stdout": done.stdout, "stderr": done.stderr}
        request = {
            "argv": argv,
            "environment": environment,
            "stdout": str(self._stdout),
            "stderr": str(self._stderr),
        }
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        stdout, stderr = self._stdout.read_text("utf-8"), self._stderr.read_text("utf-8")
        return {"rc": status, "stdout": stdout, "stderr": stderr}


def prepare(control: Any, case: Mapping[str, Any]) -> None:
    """Clear the request log and the faults, and set those of the case."""
    control.call("DELETE", "log")
    control.call("DELETE", "faults")
    if "switches" in case:
        control.call("PUT", "switches", case["switches"])
    for fault in case.get("faults", ()):
        control.call("POST", "faults", fault)


def age_cache(folder: Path, seconds: float) -> None:
    """Move the time of each cached read into the past, so that no test waits for it."""
    for path in folder.iterdir():
        text = path.read_text("utf-8")
        aged, count = re.subn(
            # Since ansible-core 2.19 the entry is JSON in a string.
            r'(read_at\\*": )([\d.]+)',
            lambda found: found[1] + str(float(found[2]) - seconds),
            text,
        )
        assert count == 1, f"{path} has no time of a read"
        path.write_text(aged, "utf-8")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def plain(value: Any) -> Any:
    """Return the value without Ansible's own types."""
    return json.loads(json.dumps(value))


def unmark(value: dict[str, Any]) -> Any:
    """Return the string that ansible-inventory marks as unsafe, or the object as it is."""
    return value["__ansible_unsafe"] if value.keys() == {"__ansible_unsafe"} else value
