# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""GitLab CI, as far as the pipeline of the documentation uses it: each job in a container of its own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.ci_server.machine import Machine, check_out

_VARIABLE = re.compile(r"\$\{?(\w+)\}?")


class Pipeline:
    """One run of a pipeline.

    :param variables: of the project, and those that GitLab sets.
    """

    def __init__(self, machine: Machine, repository: Path, variables: Mapping[str, str]) -> None:
        self._machine = machine
        self._repository = repository
        self._workspace = machine.folder / "builds" / "project"
        text = (repository / ".gitlab-ci.yml").read_text(encoding="utf-8")
        self._config = yaml.safe_load(text)
        self._variables = dict(variables)
        for name, value in self._config["variables"].items():
            self._variables[name] = self._expanded(value)
        self._artifacts: dict[str, Path] = {}
        self.jobs: list[str] = []
        """Names of the jobs that have run."""
        self.cancel_at = ""
        """Name of a job at which the pipeline is killed, so that no other one begins."""

    def run(self) -> bool:
        """Run the jobs stage by stage, and return whether they succeeded."""
        good = True
        for stage in self._config["stages"]:
            for name, job in self._config.items():
                if not isinstance(job, dict) or job.get("stage") != stage or name.startswith("."):
                    continue
                job = {**self._config[job["extends"]], **job}
                when = self._when(job)
                if when is None or (not good and when != "always"):
                    continue
                if name == self.cancel_at:
                    return False
                self.jobs.append(name)
                good = self._job(name, job) and good
        return good

    def _when(self, job: Mapping[str, Any]) -> str | None:
        """Return when a job runs, None if no rule lets it run."""
        for rule in job["rules"]:
            if all(self._holds(part.strip()) for part in rule["if"].split("&&")):
                return str(rule.get("when", "on_success"))
        return None

    def _holds(self, condition: str) -> bool:
        name, operator, value = re.fullmatch(r"\$(\w+)\s*(==|!=|)\s*(.*)", condition).groups()
        found = self._variables.get(name)
        if not operator:
            return bool(found)
        equal = found is None if value == "null" else found == value.strip('"')
        return equal is (operator == "==")

    def _job(self, name: str, job: Mapping[str, Any]) -> bool:
        self._machine.new_home()
        check_out(self._repository, self._workspace)
        for path, kept in self._artifacts.items() if "dependencies" not in job else ():
            shutil.copytree(kept, self._workspace / path)
        assert job.get("dependencies", []) == []
        script = "\n".join(["set -eo pipefail", *job["before_script"], *job["script"], ""])
        variables = {**self._variables, "CI_JOB_NAME": name}
        good = self._machine.shell(["bash"], script, variables, self._workspace)
        artifacts = job.get("artifacts", {})
        # Artifacts of a failed job are not kept (`when: on_success`).
        if good:
            for path in artifacts.get("paths", []):
                self._keep(name, path)
            if "reports" in artifacts:
                self._read_report(self._workspace / artifacts["reports"]["dotenv"])
        return good

    def _keep(self, name: str, path: str) -> None:
        kept = self._machine.folder / f"artifacts-{name}"
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(self._workspace / path, kept)
        # They are unpacked with the modes that the umask of the runner's helper gives.
        for file in kept.rglob("*"):
            file.chmod(0o777 if file.is_dir() else 0o666)
        self._artifacts[path] = kept

    def _read_report(self, path: Path) -> None:
        """Read a dotenv report by GitLab's rules."""
        text = path.read_text(encoding="utf-8")
        assert len(text.encode()) < 5120
        found = {}
        for line in text.splitlines():
            match = re.fullmatch(r"(.*?)=(.*)", line)
            assert match, line
            key, value = match[1].strip(), match[2].strip()
            assert re.fullmatch(r"[A-Za-z0-9_]+", key), key
            found[key] = self._expanded(value)
        assert len(found) <= 20
        self._variables.update(found)

    def _expanded(self, value: str) -> str:
        return _VARIABLE.sub(lambda match: self._variables.get(match[1], ""), str(value))
