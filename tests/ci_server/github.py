# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""GitHub Actions, as far as the workflows of the documentation use it.

A step's script runs as the runner runs it. Outputs and environment come from the files that the step has written.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.ci_server.machine import Machine, check_out

# What the runner calls, by the step's `shell`; without one it does not set pipefail.
_SHELLS = {
    "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"],
    None: ["bash", "-e"],
}
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|==|!=|&&|\|\||[()!]|[\w.-]+)")
_OPERATORS = {"&&": " and ", "||": " or ", "!": " not ", "==": "==", "!=": "!=", "(": "(", ")": ")"}


class Workflow:
    """One run of a workflow.

    :param contexts: `github`, `vars`, `secrets` of the run.
    """

    def __init__(
        self, machine: Machine, repository: Path, name: str, contexts: Mapping[str, Any]
    ) -> None:
        self._machine = machine
        self._repository = repository
        self._workspace = machine.folder / "work"
        path = repository / ".github" / "workflows" / name
        self._jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
        self._contexts = contexts
        self._files = 0
        self.steps: list[str] = []
        """Names of the steps that have run."""
        self.cancel_at = ""
        """Name of a step at which the machine is lost."""

    def run(self) -> bool:
        """Run all jobs, and return whether they succeeded."""
        results = [self._job(job) for job in self._jobs.values()]
        return all(results)

    def _job(self, job: Mapping[str, Any]) -> bool:
        contexts = {**self._contexts, "steps": {}}
        if "if" in job and not self._value(job["if"], contexts):
            return True
        env = {name: self._text(value, contexts) for name, value in job.get("env", {}).items()}
        return self._steps(job["steps"], env, contexts)

    def _steps(self, steps: Any, env: dict[str, str], contexts: dict[str, Any]) -> bool:
        good = True
        for step in steps:
            condition = str(step.get("if", "success()"))
            always = "always()" in condition
            if not (good or always) or not self._value(condition, contexts):
                continue
            name = step.get("name", "")
            if name and name == self.cancel_at:
                return False
            self.steps.append(name)
            outputs: dict[str, str] = {}
            good = self._step(step, env, outputs, contexts) and good
            if "id" in step:
                contexts["steps"][step["id"]] = {"outputs": outputs}
        return good

    def _step(
        self,
        step: Mapping[str, Any],
        env: dict[str, str],
        outputs: dict[str, str],
        contexts: dict[str, Any],
    ) -> bool:
        own = {name: self._text(value, contexts) for name, value in step.get("env", {}).items()}
        uses = step.get("uses", "")
        if uses.startswith("actions/checkout@"):
            check_out(self._repository, self._workspace)
            return True
        if uses:
            return self._composite(uses, step, {**env, **own}, env, outputs, contexts)
        return self._script(step, env, own, outputs, contexts)

    def _composite(
        self,
        uses: str,
        step: Mapping[str, Any],
        seen: dict[str, str],
        env: dict[str, str],
        outputs: dict[str, str],
        contexts: dict[str, Any],
    ) -> bool:
        path = self._workspace / uses / "action.yml"
        action = yaml.safe_load(path.read_text(encoding="utf-8"))
        given = {name: self._text(text, contexts) for name, text in step.get("with", {}).items()}
        assert set(given) <= set(action["inputs"]), given
        inputs = {name: str(i.get("default", "")) for name, i in action["inputs"].items()} | given
        assert all(inputs[name] for name, i in action["inputs"].items() if i.get("required"))
        inside = {**contexts, "inputs": inputs, "steps": {}}
        inner = dict(seen)
        good = self._steps(action["runs"]["steps"], inner, inside)
        # What the steps inside have added to the environment stays for the job.
        env.update({name: value for name, value in inner.items() if name not in seen})
        for name, output in action["outputs"].items():
            outputs[name] = self._text(output["value"], inside)
        return good

    def _script(
        self,
        step: Mapping[str, Any],
        env: dict[str, str],
        own: Mapping[str, str],
        outputs: dict[str, str],
        contexts: Mapping[str, Any],
    ) -> bool:
        self._files += 1
        files = {
            name: self._machine.folder / f"{name}-{self._files}"
            for name in ("GITHUB_OUTPUT", "GITHUB_ENV")
        }
        for path in files.values():
            path.touch()
        variables = {**env, **own, **{name: str(path) for name, path in files.items()}}
        script = self._text(step["run"], contexts)
        shell = _SHELLS[step.get("shell")]
        good = self._machine.shell(shell, script, variables, self._workspace)
        outputs.update(file_commands(files["GITHUB_OUTPUT"].read_text(encoding="utf-8")))
        env.update(file_commands(files["GITHUB_ENV"].read_text(encoding="utf-8")))
        return good

    def _text(self, value: Any, contexts: Mapping[str, Any]) -> str:
        """Replace the expressions of a text."""

        def replaced(match: re.Match[str]) -> str:
            found = self._value(match[1], contexts)
            return str(found).lower() if isinstance(found, bool) else str(found)

        return _EXPRESSION.sub(replaced, str(value))

    def _value(self, expression: str, contexts: Mapping[str, Any]) -> Any:
        """Return the value of an expression of GitHub's language."""
        expression = expression.strip().removeprefix("${{").removesuffix("}}").strip()
        words, position, values = [], 0, {}
        while position < len(expression):
            token = _TOKEN.match(expression, position)
            assert token, expression
            word, position = token[1], token.end()
            if word in _OPERATORS:
                words.append(_OPERATORS[word])
                continue
            name = f"v{len(values)}"
            values[name] = _literal(word, contexts)
            words.append(name)
        return eval("".join(words), {"__builtins__": {}}, values)


def _literal(word: str, contexts: Mapping[str, Any]) -> Any:
    if word.startswith("'"):
        return word[1:-1].replace("''", "'")
    if word in ("always", "success"):
        return lambda: True
    value: Any = contexts
    for key in word.split("."):
        value = value.get(key, "") if isinstance(value, Mapping) else ""
    return value


def file_commands(text: str) -> dict[str, str]:
    """Read a file of GITHUB_OUTPUT or GITHUB_ENV: NAME=VALUE, or NAME<<WORD up to a line that is WORD."""
    found, lines = {}, iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        name, mark, word = line.partition("<<")
        if mark and "=" not in name:
            assert word, line
            block = itertools.takewhile(lambda row, end=word: row != end, lines)
            found[name] = "\n".join(block)
        else:
            name, equals, value = line.partition("=")
            assert equals, line
            found[name] = value
    return found
