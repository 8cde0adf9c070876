# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jenkins and Woodpecker, as far as the pipelines of the documentation use them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.ci_server.machine import Machine, check_out

_SETTING = re.compile(r"^\s*(\w+) = (.+)$", re.M)
_STAGE = re.compile(r"stage\('([^']+)'\)")
_SH = re.compile(r"\bsh\s+('''(?P<long>.*?)'''|'(?P<short>[^'\n]*)')", re.S)


class Jenkinsfile:
    """One build of a declarative pipeline, whose steps are all `sh`.

    :param credentials: by ID.
    :param env: what `env.NAME` is in the pipeline.
    """

    def __init__(
        self,
        machine: Machine,
        repository: Path,
        credentials: Mapping[str, str],
        env: Mapping[str, str],
    ) -> None:
        self._machine = machine
        self._repository = repository
        self._workspace = machine.folder / "workspace"
        self._text = (repository / "Jenkinsfile").read_text(encoding="utf-8")
        self._credentials = credentials
        self._env = env

    def run(self) -> bool:
        """Run the stages and what comes after them, and return whether all succeeded."""
        check_out(self._repository, self._workspace)
        stages, dummy, post = self._text.partition("\n    post {")
        variables = self.environment()
        good = True
        assert _STAGE.search(stages)
        for match in _SH.finditer(stages):
            good = good and self._sh(match, variables)
        for match in _SH.finditer(post):
            good = self._sh(match, variables) and good
        return good

    def _sh(self, match: re.Match[str], variables: Mapping[str, str]) -> bool:
        script = textwrap.dedent(match["long"] or match["short"])
        return self._machine.shell(["sh", "-xe"], script, variables, self._workspace)

    def environment(self) -> dict[str, str]:
        """Return the variables that the pipeline sets for its steps."""
        block = _block(self._text, "environment")
        variables = {}
        for name, value in _SETTING.findall(block):
            if value.startswith("credentials("):
                variables[name] = self._credentials[value.split("'")[1]]
            elif value.startswith('"'):
                variables[name] = re.sub(
                    r"\$\{env\.(\w+)\}", lambda match: self._env[match[1]], value.strip('"')
                )
            else:
                variables[name] = value.strip("'")
        return variables


def _block(text: str, name: str) -> str:
    return text.partition(f"    {name} {{")[2].partition("\n    }")[0]


class Woodpecker:
    """One run of a Woodpecker workflow: the steps share a folder, and each has a container of its own.

    :param variables: those that Woodpecker sets; `${NAME}` is replaced before the file is read.
    """

    def __init__(
        self,
        machine: Machine,
        repository: Path,
        name: str,
        secrets: Mapping[str, str],
        variables: Mapping[str, str],
    ) -> None:
        self._machine = machine
        self._repository = repository
        self._workspace = machine.folder / "woodpecker"
        text = (repository / ".woodpecker" / name).read_text(encoding="utf-8")
        text = re.sub(r"\$\{(\w+)\}", lambda match: variables[match[1]], text)
        self._steps = yaml.safe_load(text)["steps"]
        self._secrets = secrets

    def run(self) -> bool:
        """Run the steps, and return whether they succeeded."""
        check_out(self._repository, self._workspace)
        good = True
        for step in self._steps:
            states = [state for rule in step.get("when", []) for state in rule["status"]]
            if good or "failure" in states:
                good = self._step(step) and good
        return good

    def _step(self, step: Mapping[str, Any]) -> bool:
        self._machine.new_home()
        variables = {
            name: self._secrets[value["from_secret"]] if isinstance(value, dict) else value
            for name, value in step["environment"].items()
        }
        script = "\n".join([*step["commands"], ""])
        return self._machine.shell(["sh", "-e"], script, variables, self._workspace)
