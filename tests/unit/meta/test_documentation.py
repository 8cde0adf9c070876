# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""House rules for the documentation of modules and bulk actions: options, examples and results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.changes import Change
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.converge import Resource
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fields import Field, integer
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import COLLECTION, TOP
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import (
    Documented,
    bulk_actions,
    documented,
    modules,
    strings,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.planted import MODULE_ONLY, PLANTED
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import (
    Rule,
    differences,
    refuse,
    toothless,
)

#: What a task may have besides its module.
KEYWORDS = {
    "name", "register", "when", "loop", "loop_control", "vars", "delegate_to", "run_once",
    "become", "environment", "ignore_errors", "changed_when", "failed_when", "until", "retries",
    "delay", "no_log", "check_mode", "diff", "tags", "module_defaults", "throttle",
}  # fmt: skip
#: An option in a text, with its value if the text has one.
OPTION = re.compile(r"\bO\(([^)]+)\)")
#: Python's types for the types of the documentation.
TYPES = {
    "dict": dict,
    "list": list,
    "bool": bool,
    "str": str,
    "int": int,
    "float": (float, int),
    "raw": object,
}


# --- options ---------------------------------------------------------------------


def badly_described(module: Documented) -> Iterator[str]:
    docs = module.docs
    if docs.get("module") != module.name:
        yield f"module: is {docs.get('module')!r}"
    if not docs.get("short_description") or docs["short_description"].endswith("."):
        yield "short_description: is missing or ends with a full stop"
    if not docs.get("author"):
        yield "author: is missing"
    for name in (module.group, f"attributes.{module.group}_group"):
        if f"{COLLECTION}.{name}" not in docs.get("extends_documentation_fragment", ()):
            yield f"extends_documentation_fragment: lacks {COLLECTION}.{name}"


def bad_attributes(module: Documented) -> Iterator[str]:
    attributes = module.docs.get("attributes", {})
    for name in ("check_mode", "diff_mode", "idempotent", "action_group"):
        if name not in attributes:
            yield f"{name} is missing"
            return
        if "support" not in attributes[name]:
            yield f"{name} has no support; a read-only module takes it from {COLLECTION}.attributes.info"
            return
    check, diff = attributes["check_mode"], attributes["diff_mode"]
    fragments = module.docs["extends_documentation_fragment"]
    info = module.name.endswith("_info") or f"{COLLECTION}.attributes.info" in fragments
    if check["support"] not in ("full", "partial"):
        yield f"check_mode has support: {check['support']}"
    elif check["support"] == "partial" and not check.get("details"):
        yield "check_mode is partial and has no details"
    if diff["support"] not in ("N/A" if info else "full", "none", "partial"):
        yield f"diff_mode has support: {diff['support']}"
    again = attributes["idempotent"]
    if again["support"] != "full" and not again.get("details"):
        yield "idempotent is not full and has no details"
    if f"{COLLECTION}.{module.group}" not in attributes["action_group"].get("membership", ()):
        yield f"action_group lacks the membership {COLLECTION}.{module.group}"
    for name, attribute in attributes.items():
        if not attribute.get("description"):
            yield f"{name} has no description"


def other_options(module: Documented) -> Iterator[str]:
    documented = module.docs.get("options", {})
    declared = module.options
    yield from differences(documented, declared, "DOCUMENTATION")
    for option in sorted(set(documented) & set(declared)):
        for key in ("type", "elements", "required", "default", "choices", "aliases"):
            message, real = _fact(documented[option], key), _fact(declared[option], key)
            if message != real:
                yield f"{option} has {key}: {message!r}, ARGUMENTS has {real!r}"


def _fact(option: dict[str, Any], key: str) -> Any:
    defaults = {"type": "str", "required": False, "choices": [], "aliases": []}
    value = option.get(key, defaults.get(key))
    return list(value) if isinstance(value, (list, tuple)) else value


def unexplained_options(module: Documented) -> Iterator[str]:
    for option, docs in module.docs.get("options", {}).items():
        sentences = docs.get("description")
        if not isinstance(sentences, list):
            yield f"the description of {option} is not a list of sentences"
            continue
        for sentence in sentences:
            begins = sentence[0].isupper() or sentence.startswith(("V(", "C(", "O(", "RV("))
            if not begins or not sentence.rstrip().endswith("."):
                yield f"{option}: {sentence!r}"


def open_secrets(module: Documented) -> Iterator[str]:
    options = module.options
    if not any(option.get("no_log") for option in options.values()):
        yield "no option has no_log, not even the credentials"
    words = ("token", "password", "secret", "key")
    for option, spec in options.items():
        if any(word in option for word in words) and "no_log" not in spec:
            yield f"{option} has no no_log"


def undocumented_environment(module: Documented) -> Iterator[str]:
    for name, option in module.options.items():
        for variable in option.get("env", ()):
            if f"C({variable})" not in module.environment_notes:
                yield f"{variable} of {name}"


def unexplained_rules(module: Documented) -> Iterator[str]:
    """Find rules between options that no text of an option states with the names of all of them."""
    named = {
        option: {option, *OPTION.findall(" ".join(strings(docs["description"])))}
        for option, docs in module.docs["options"].items()
    }
    spec = module.arguments
    exclusive = (pair for names in spec.mutually_exclusive for pair in combinations(names, 2))
    for rule, groups in (("exclusive", exclusive), ("required together", spec.required_together)):
        for names in groups:
            if not any(found.issuperset(names) for found in named.values()):
                yield f"{' and '.join(names)} are {rule}"
    for option, value, names, *_any in spec.required_if:
        if not any(f"{option}={value}" in named[name] for name in names):
            yield f"{' or '.join(names)} is required if {option}={value}"


def asks_for_reads(module: Documented) -> Iterator[str]:
    for name, option in module.options.items():
        for choice in {*option.get("choices", ())} & {"get", "query", "current", "list", "info"}:
            yield f"{name} has the choice {choice}"


# --- examples --------------------------------------------------------------------


def bad_examples(module: Documented) -> Iterator[str]:
    options = module.docs["options"]
    known = set(options) | {alias for each in options.values() for alias in each.get("aliases", ())}
    shown = False
    for number, task in enumerate(module.examples, 1):
        if not str(task.get("name", ""))[:1].isupper():
            yield f"task {number} has no name that begins with a capital letter"
        actions = [key for key in task if key not in KEYWORDS]
        if len(actions) != 1 or actions[0].count(".") != 2:
            yield f"task {number} does not run one module by its full name: {actions}"
        if module.full_name in task:
            shown = True
            for option in set(task[module.full_name]) - known:
                yield f"task {number} has the unknown option {option}"
    if not shown:
        yield "no task runs the module"


def no_connection_shown(module: Documented) -> Iterator[str]:
    first = module.examples[0].get(module.full_name, {})
    if not {"api_url", "region"} & set(first):
        yield "the first task has neither api_url nor region"
    options = module.options
    secrets = [option for option in first if options.get(option, {}).get("no_log")]
    if not secrets or not all(str(first[option]).startswith("{{") for option in secrets):
        yield "the first task has no credentials that come from variables"


# --- results ---------------------------------------------------------------------


def unexplained_results(module: Documented) -> Iterator[str]:
    yield from (
        f"{key} is missing" for key in ("api_calls", "failure") if key not in module.returned
    )
    for path, row in module.rows:
        missing = [key for key in ("description", "returned", "type") if not row.get(key)]
        if row.get("type") == "list" and not row.get("elements"):
            missing.append("elements")
        if "." not in path and "sample" not in row and not _of_objects(row):
            missing.append("sample")
        yield from (f"{path} has no {key}" for key in missing)


def _of_objects(row: dict[str, Any]) -> bool:
    return row.get("type") == "dict" or (row.get("type"), row.get("elements")) == ("list", "dict")


def opaque_results(module: Documented) -> Iterator[str]:
    rows = dict(module.rows)
    for path, row in rows.items():
        if not _of_objects(row):
            continue
        if not row.get("contains"):
            yield f"{path} has no contains (type: raw if its keys are the panel's own)"
        if "sample" not in row and not _in_sample_above(rows, path):
            yield f"{path} has no sample"


def _in_sample_above(rows: dict[str, dict[str, Any]], path: str) -> bool:
    above, _dot, key = path.rpartition(".")
    if not above:
        return False
    if "sample" not in rows[above]:
        return _in_sample_above(rows, above)  # a sample of an outer row contains it
    sample = rows[above]["sample"]
    return any(key in each for each in (sample if isinstance(sample, list) else [sample]))


def wrong_samples(module: Documented) -> Iterator[str]:
    for path, row in module.rows:
        if "sample" in row:
            yield from _unlike(row["sample"], row, path)


def _unlike(value: Any, row: dict[str, Any], path: str) -> Iterator[str]:
    """Return where a sample differs from the documentation of its row."""
    if value is None and "." in path:
        return
    expected = TYPES.get(row.get("type", ""), object)
    if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
        yield f"the sample of {path} is no {row['type']}: {value!r}"
    elif "contains" in row:
        for each in value if isinstance(value, list) else [value]:
            for key in each:
                if key not in row["contains"]:
                    yield f"the sample of {path} has {key}, contains has not"
                else:
                    yield from _unlike(each[key], row["contains"][key], f"{path}.{key}")


ROW_OF_CHANGES = Change.planned(Field("a", "a", integer), 1, 2).to_result()


def wrong_changes(module: Documented) -> Iterator[str]:
    work = getattr(getattr(module.plugin, "MODULE", None), "work", None)
    for key in ("changes", "refused"):
        if isinstance(work, type) and issubclass(work, Resource) and key not in module.returned:
            yield f"{key} is missing, copy it from another module that writes"
        if "refused" in module.returned and "failure" not in module.returned[key]["returned"]:
            yield f"{key} is also in the result of a failure, and its returned: does not say so"
        if key in module.returned:
            yield from differences(
                module.returned[key].get("contains", ()), ROW_OF_CHANGES, f"{key} of RETURN"
            )


#: The test that compares what a module returns with a schema.
COMPARISON = (TOP / "tests/unit/meta/test_results.py").read_text(encoding="utf-8")


def not_compared(module: Documented) -> Iterator[str]:
    if f'("{module.name}",' not in "".join(COMPARISON.split()):
        yield "no row of SHOWN has it"


FAILURE = PanelError(Code.LOCKED, "busy", operation="x", http_status=423).failure()


def wrong_failure(module: Documented) -> Iterator[str]:
    failure, calls = module.returned["failure"], module.returned["api_calls"]
    keys = {"failure": sorted(FAILURE), "api_calls": ["read", "retried", "waited_s", "write"]}
    model = documented("virtfusion_api").returned
    for key, row in (("failure", failure), ("api_calls", calls)):
        for part in ("contains", "sample"):
            if sorted(row.get(part, ())) != keys[key]:
                yield f"{part} of {key} must have {', '.join(keys[key])}"
        for part in ("contains", "returned"):
            if row.get(part) != model[key][part]:
                yield f"{part} of {key} is another than that of virtfusion_api"
    if failure.get("sample", {}).get("code") not in {code.value for code in Code}:
        yield "the sample of failure has an unknown code"


RULES = {
    "a module is described": Rule(badly_described, "Correct DOCUMENTATION:", PLANTED),
    "a module has attributes": Rule(
        bad_attributes, "Correct attributes: in DOCUMENTATION:", PLANTED
    ),
    "the documented options are the options": Rule(
        other_options, "Make DOCUMENTATION and ARGUMENTS alike:", PLANTED
    ),
    "an option is explained": Rule(
        unexplained_options,
        "Write a list of sentences that begin with a capital letter and end with a full stop:",
        PLANTED,
    ),
    "an option says whether it is secret": Rule(
        open_secrets, "Add no_log, True for a secret and False for another value:", PLANTED
    ),
    "an environment variable is documented": Rule(
        undocumented_environment,
        "Name these variables in the notes of the panel's fragment:",
        PLANTED,
    ),
    "a rule between options is documented": Rule(
        unexplained_rules, "Name the other options as O(name) in the text of one of them:", PLANTED
    ),
    "no option asks for a read": Rule(
        asks_for_reads, "What only reads is a module of its own, named *_info:", PLANTED
    ),
    "an example is a task that would run": Rule(bad_examples, "Correct EXAMPLES:", PLANTED),
    "the first example shows the connection": Rule(
        no_connection_shown,
        "Begin EXAMPLES with a task that has all connection options:",
        PLANTED,
        where=MODULE_ONLY,
    ),
    "a result is explained": Rule(unexplained_results, "Complete RETURN:", PLANTED),
    "a result that is an object shows its keys": Rule(
        opaque_results,
        "Add contains: and sample: to these rows of RETURN:",
        PLANTED,
    ),
    "a sample is like its documentation": Rule(
        wrong_samples, "Correct these samples in RETURN:", PLANTED
    ),
    "a row of changes is documented": Rule(
        wrong_changes, "Document the rows of changes as they are:", PLANTED
    ),
    "what an info module returns is compared with its schema": Rule(
        not_compared,
        "Add these modules to SHOWN in tests/unit/meta/test_results.py, with the key and its schema:",
        PLANTED,
        # The connection is not an object of the panel.
        where=r"(?!virtfusion_connection_info).*_info$|virtfusion_planted$",
    ),
    "a failure and the calls are documented": Rule(
        wrong_failure, "Copy these rows of RETURN from another module:", PLANTED
    ),
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_documentation_rule(rule):
    rule.hold([*modules(), *bulk_actions()])


def test_each_rule_finds_its_planted_offender():
    refuse(toothless(RULES), "These rules cannot fail, or fail to read their own offender:")
