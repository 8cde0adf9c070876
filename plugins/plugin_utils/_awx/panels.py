# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The panels that AWX content is made for, as the operator lists them, and what is wrong with the list."""

from __future__ import annotations

import contextlib
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...module_utils._core.errors import PanelError
from ...module_utils._core.runner import base_url_of
from .objects import name_problem
from .panel_variables import Ci, read_ci, variable_problems

#: Keys of a panel besides the fields of its credential type.
KEYS = (
    *("name", "type", "credential", "shards", "rate", "one_node", "instance_groups"),
    *("shard_instance_groups", "runs_dir", "run_store", "run_store_token", "run_store_credential"),
    *("fleet", "variables", "ci"),
)
#: Those of them that are one text.
_TEXTS = ("credential", "runs_dir", "run_store", "run_store_token", "run_store_credential")
#: Folders that do not outlive a job: the private tree of a job, and what a container has of its own.
LOST = ("/tmp", "/var/tmp", "/runner", "/dev/shm", "/run")  # noqa: S108 (refused, not used)
MOST_SHARDS = 64
#: Ends of the names of a panel's artifacts: of its plans, of what applied them, and of its comparisons.
ARTIFACT_SUFFIXES = ("", "_applied", "_drift")

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True)
class Part:
    """A panel, or a shard of it, that one job works on.

    :param shard: its number, 0 for a whole panel.
    """

    panel: Panel
    shard: int = 0

    @property
    def words(self) -> str:
        return f" {self.shard} of {self.panel.shards}" if self.shard else ""

    @property
    def suffix(self) -> str:
        return f"-{self.shard}-of-{self.panel.shards}" if self.shard else ""

    @property
    def stats_key(self) -> str:
        return self.panel.stats_key + self.suffix.replace("-", "_")

    @property
    def instance_groups(self) -> Sequence[str]:
        groups = self.panel.shard_instance_groups
        return groups[self.shard - 1] if self.shard and groups else self.panel.instance_groups

    @property
    def rate(self) -> float | None:
        """The requests per second of the part: a limit ends at the node that a job runs on."""
        rate = self.panel.rate
        if rate is None or not self.shard or self.panel.one_node:
            return rate
        return round(rate / self.panel.shards, 3)


@dataclass(frozen=True)
class Panel:
    """One panel."""

    name: str
    type: str
    runs_dir: str
    credential: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict, repr=False)
    shards: int = 1
    rate: float | None = None
    one_node: bool = False
    instance_groups: Sequence[str] = ()
    shard_instance_groups: Sequence[Sequence[str]] = ()
    run_store_inputs: Mapping[str, str] = field(default_factory=dict, repr=False)
    run_store_credential: str = ""
    fleet: Sequence[Mapping[str, Any]] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)
    ci: Ci | None = None

    @property
    def stats_key(self) -> str:
        return f"vpsfleet_{self.name}".replace("-", "_").lower()

    @property
    def has_store(self) -> bool:
        return bool(self.run_store_inputs or self.run_store_credential)

    @property
    def whole(self) -> Part:
        return Part(self)

    @property
    def parts(self) -> list[Part]:
        """The parts of the panel in a run over all panels."""
        if self.shards == 1:
            return [self.whole]
        return [Part(self, number) for number in range(1, self.shards + 1)]


def read_panels(
    entries: Any, definitions: Mapping[str, Any], runs_dir: str
) -> tuple[list[Panel], list[str]]:
    """Return the panels and a sentence for each mistake.

    :param definitions: the data of the role.
    :param runs_dir: for panels that set none.
    """
    if not isinstance(entries, (list, tuple)) or not entries:
        return [], ["Set awx_content_panels to a list of at least one panel."]
    panels: list[Panel] = []
    problems: list[str] = []
    for number, entry in enumerate(entries, 1):
        panel, mistakes = _read_panel(entry, number, definitions, runs_dir)
        problems += mistakes
        if panel:
            panels.append(panel)
    types = definitions["credential_types"]
    return panels, problems + _similar_names(panels) + _same_panel(panels, types)


def path_problem(path: Any, what: str) -> str:
    """Return why a path cannot hold the folders of runs, or an empty text."""
    text = str(path or "").rstrip("/")
    if not text:
        return f"{what} is not set. Set a folder that outlives a job, such as /var/lib/fleet."
    if not text.startswith("/"):
        return f"{what} is {text}, a relative path. A job starts in a folder that is deleted at its end."
    if "/../" in f"{text}/" or "/./" in f"{text}/" or "{{" in text:
        return f"{what} is {text}. Write the path without dots and templates."
    for lost in LOST:
        if text == lost or text.startswith(f"{lost}/"):
            return f"{what} is {text}. {lost} is deleted with the job, and its runs with it."
    return ""


def _read_panel(
    entry: Any, number: int, definitions: Mapping[str, Any], runs_dir: str
) -> tuple[Panel | None, list[str]]:
    types = definitions["credential_types"]
    if not isinstance(entry, Mapping):
        return None, [f"Entry {number} of awx_content_panels is not a dictionary."]
    name, kind = str(entry.get("name") or ""), str(entry.get("type") or "")
    what = f"panel {name}" if name else f"entry {number} of awx_content_panels"
    problems = []
    if not _NAME.fullmatch(name):
        problems.append(
            f"The {what} needs a name of letters, digits, _ and -, that begins with a letter."
        )
    if kind not in types:
        problems.append(f"The type of the {what} must be one of {', '.join(types)}, not {kind!r}.")
        return None, problems
    fields = [each["id"] for each in types[kind]["inputs"]["fields"]]
    problems += _unknown_keys(entry, what, fields)
    problems += [
        f"{key} of the {what} must be a text."
        for key in (*fields, *_TEXTS)
        if isinstance(entry.get(key), (Mapping, list, tuple))
    ]
    inputs = _inputs(entry, types[kind]["inputs"]["fields"])
    problems += _credential_problems(entry, what, inputs, types[kind]["required_groups"])
    problems += _store_problems(entry, what)
    problems += _mistakable_names(entry, what)
    shards, problem = _number(entry.get("shards", 1), f"shards of the {what}", most=MOST_SHARDS)
    problems += [problem] if problem else []
    groups, mistakes = _shard_groups(entry, what, shards)
    problems += mistakes
    rate, problem = _rate(entry.get("rate"), what)
    problems += [problem] if problem else []
    path = str(entry.get("runs_dir") or runs_dir or "")
    problem = path_problem(path, f"runs_dir of the {what}")
    problems += [problem] if problem else []
    ci, mistakes = read_ci(entry, what, kind, definitions)
    mistakes += variable_problems(entry, what, kind, definitions)
    if mistakes:
        return None, [*problems, *mistakes]
    return Panel(
        name=name,
        type=kind,
        runs_dir=path.rstrip("/"),
        credential=str(entry.get("credential") or ""),
        inputs=inputs,
        shards=shards,
        rate=rate,
        one_node=_is_true(entry.get("one_node")),
        instance_groups=_texts(entry.get("instance_groups")),
        shard_instance_groups=groups,
        run_store_inputs={
            key: str(entry[key]) for key in ("run_store", "run_store_token") if entry.get(key)
        },
        run_store_credential=str(entry.get("run_store_credential") or ""),
        fleet=list(entry.get("fleet") or []),
        variables=dict(entry.get("variables") or {}),
        ci=ci,
    ), problems


def _inputs(entry: Mapping[str, Any], fields: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the fields of the credential in their types. AWX refuses a key of digits that YAML reads as a number."""
    return {
        field["id"]: _is_true(value) if field["type"] == "boolean" else str(value)
        for field in fields
        if _is_given(value := entry.get(field["id"]))
    }


def _shard_groups(
    entry: Mapping[str, Any], what: str, shards: int
) -> tuple[list[list[str]], list[str]]:
    groups = [_texts(each) for each in _shard_entries(entry)]
    if not groups or len(groups) == shards:
        return groups, []
    problem = (
        f"The {what} has {shards} shards and {len(groups)} entries in shard_instance_groups. "
        "Give one entry for each shard."
    )
    return [], [problem]


def _shard_entries(entry: Mapping[str, Any]) -> Sequence[Any]:
    """Return the instance groups of each shard. A value that is no list is the entry of one shard."""
    given = entry.get("shard_instance_groups")
    if isinstance(given, (list, tuple)):
        return given
    return [given] if _is_given(given) else []


def _unknown_keys(entry: Mapping[str, Any], what: str, fields: Sequence[str]) -> list[str]:
    known = [*KEYS, *fields]
    problems = []
    for key in sorted(str(key) for key in entry if key not in known):
        close = difflib.get_close_matches(key, known, n=1, cutoff=0.7)
        hint = f"Did you mean {close[0]}?" if close else f"It has {', '.join(known)}."
        problems.append(f"The {what} has no key {key}. {hint}")
    return problems


def _credential_problems(
    entry: Mapping[str, Any], what: str, inputs: Mapping[str, Any], groups: Iterable[list[str]]
) -> list[str]:
    if entry.get("credential"):
        if inputs:
            return [f"The {what} names a credential, so {', '.join(inputs)} must not be set there."]
        return []
    groups = list(groups)
    if any(all(key in inputs for key in group) for group in groups):
        return _address_problems(inputs, what)
    choices = ", or ".join(" and ".join(group) for group in groups)
    return [
        f"The {what} has no credential. Set {choices}, or name an existing one with credential."
    ]


def _address_problems(inputs: Mapping[str, Any], what: str) -> list[str]:
    try:
        if "api_url" in inputs:
            base_url_of(str(inputs["api_url"]))
    except PanelError as error:
        return [f"The {what} cannot be used: {error.message}."]
    return []


def _store_problems(entry: Mapping[str, Any], what: str) -> list[str]:
    names = [key for key in ("run_store", "run_store_token") if entry.get(key)]
    if entry.get("run_store_credential") and names:
        return [
            f"The {what} names a run_store_credential, so {', '.join(names)} must not be set there."
        ]
    if names == ["run_store_token"]:
        return [f"The {what} has a run_store_token and no run_store."]
    return []


def _mistakable_names(entry: Mapping[str, Any], what: str) -> list[str]:
    """Return a sentence for each name of an existing object that modules would take as something else."""
    ci = entry.get("ci")
    named = [(key, _texts(entry.get(key))) for key in ("credential", "run_store_credential")]
    groups = [entry.get("instance_groups"), *_shard_entries(entry)]
    names = dict.fromkeys(name for each in groups for name in _texts(each))
    named.append(("an instance group", list(names)))
    if isinstance(ci, Mapping):
        named.append(("template in ci", _texts(ci.get("template"))))
    found = [name_problem(name, f"{key} of the {what}") for key, each in named for name in each]
    return [problem for problem in found if problem]


def _similar_names(panels: Sequence[Panel]) -> list[str]:
    problems: list[str] = []
    seen: dict[str, str] = {}
    for panel in panels:
        keys = {part.stats_key: None for part in (panel.whole, *panel.parts)}
        artifacts = {f"{key}{suffix}": None for key in keys for suffix in ARTIFACT_SUFFIXES}
        taken = next((name for name in artifacts if name in seen), None)
        if taken:
            problems.append(
                f"The panel {panel.name} is listed twice."
                if seen[taken] == panel.name
                else f"The names of the panels {seen[taken]} and {panel.name} are too similar: "
                f"both use the artifact {taken}."
            )
        seen.update(dict.fromkeys(artifacts, panel.name))
    return problems


def _same_panel(panels: Sequence[Panel], types: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each two names of one panel: its servers would be changed twice."""
    problems: list[str] = []
    seen: dict[tuple[str, ...], str] = {}
    for panel in panels:
        if panel.credential:
            identity: tuple[str, ...] = ("", panel.credential)
            same = f"name the same credential {panel.credential}"
        else:
            names = types[panel.type]["identity"]
            values = [_identity(panel, name, types) for name in names]
            if not any(values):
                continue
            given = [name for name, value in zip(names, values, strict=True) if value]
            identity, same = (panel.type, *values), f"have the same {', '.join(given)}"
        first = seen.setdefault(identity, panel.name)
        if first != panel.name:
            problems.append(
                f"The panels {first} and {panel.name} {same}. List a panel once, or its servers are changed twice."
            )
    return problems


def _identity(panel: Panel, name: str, types: Mapping[str, Any]) -> str:
    """Return a value that identifies a panel, the same for each way to write its address."""
    value = str(panel.inputs.get(name) or "")
    if name == "api_url" and value:
        with contextlib.suppress(PanelError):
            implied = types[panel.type]["implied"]
            return base_url_of(value, implied.get("path", ""), ports=implied.get("ports"))
    return value.lower()


def _is_given(value: Any) -> bool:
    return value is not None and value != ""


def _is_true(value: Any) -> bool:
    return value is True or str(value).strip().lower() in ("true", "yes", "1", "on")


def _texts(value: Any) -> list[str]:
    if isinstance(value, (list, tuple)):
        return [str(each) for each in value]
    return [str(value)] if _is_given(value) else []


def _number(value: Any, what: str, *, most: int) -> tuple[int, str]:
    text = str(value).strip()
    # Python converts no text of several thousand digits.
    if not text.isdecimal() or len(text) > 9 or not 1 <= int(text) <= most:
        return 1, f"{what[0].upper()}{what[1:]} must be a number from 1 to {most}, not {text}."
    return int(text), ""


def _rate(value: Any, what: str) -> tuple[float | None, str]:
    if not _is_given(value):
        return None, ""
    try:
        rate = float(value)
    except (TypeError, ValueError):
        rate = 0
    if not 0 < rate < 1e6:
        return None, f"The rate of the {what} must be a number of requests per second, not {value}."
    return rate, ""
