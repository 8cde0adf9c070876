# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Behaviour that is uncertain or differs between versions of the panel."""

from __future__ import annotations

from ..switches import Switch

YES_NO = ("true", "false")

SWITCHES = (
    Switch(
        "unauthorized_body",
        "text",
        ("text", "empty"),
        "DOCUMENTED both: the API file shows the text, the newer reference says no body (virtfusion 1.3)",
        "Body of a 401.",
    ),
    Switch(
        "validation_errors",
        "map",
        ("map", "list"),
        "OBSERVED: clients handle both (virtfusion 1.3)",
        "Errors of a field that is missing or of a wrong type: the framework's object of lists, or a list."
        " POST /servers has a switch of its own.",
    ),
    Switch(
        "create_errors",
        "list",
        ("list", "map"),
        "DOCUMENTED and OBSERVED as a list (virtfusion 1.3, 1.6); the map is INFERRED from the other calls",
        "Errors of POST /servers about fields that are missing or of a wrong type.",
    ),
    Switch(
        "user_not_found",
        "ext_relation_id",
        ("ext_relation_id", "user"),
        "OBSERVED both (virtfusion 1.3)",
        "Text of a 404 for a user.",
    ),
    Switch(
        "package_reply",
        "info",
        ("info", "empty204"),
        "OBSERVED: 7.x answers 200 with info, older builds 204 (virtfusion 1.2)",
        "What a package change answers.",
    ),
    Switch(
        "omitted_flags",
        "true",
        YES_NO,
        "DOCUMENTED for 7.1: an omitted flag is true; the same is INFERRED for earlier panels (virtfusion 2.1)",
        "Meaning of a flag that a package change omits.",
    ),
    Switch(
        "info_for_inferred",
        "true",
        YES_NO,
        "INFERRED: no source shows a line for these (virtfusion 2.2)",
        "Whether memory, backup plan, read IOPS and read bytes/sec have lines in the answer.",
    ),
    Switch(
        "disabled_package",
        "accept",
        ("accept", "refuse"),
        "INFERRED: the panel's reaction is not known (virtfusion 2.1)",
        "A package change to a disabled package; refusal is 422.",
    ),
    Switch(
        "suspended_package_change",
        "accept",
        ("accept", "refuse"),
        "INFERRED: not known (virtfusion 2.1)",
        "A package change of a suspended server; refusal is 422.",
    ),
    Switch(
        "unbuilt_package_change",
        "accept",
        ("accept", "refuse"),
        "INFERRED: not known (virtfusion 2.1)",
        "A package change of a server that was never built; refusal is 422.",
    ),
    Switch(
        "resource_tasks",
        "memory_cpu",
        ("memory_cpu", "memory", "none"),
        "OBSERVED for memory (a task 'Memory Update'), INFERRED for cores (virtfusion 2.3)",
        "Which changes of size add a pending task until the next power transition.",
    ),
    Switch(
        "results_out_of_range",
        "clamp",
        ("clamp", "refuse"),
        "INFERRED: the range 1 to 200 is documented, the reaction is not (virtfusion 4)",
        "`results` outside 1 to 200: clamped, or refused with 422.",
    ),
    Switch(
        "rename_status",
        "201",
        ("201", "200", "204"),
        "DOCUMENTED 201; OBSERVED 200 and 204 on older builds (virtfusion 1.2)",
        "Status of PUT modify/name.",
    ),
    Switch(
        "modify_status",
        "201",
        ("201", "200", "204"),
        "DOCUMENTED 201; OBSERVED 200 and 204 on older builds (virtfusion 1.2)",
        "Status of PUT modify/memory, cpuCores, traffic and cpuThrottle.",
    ),
    Switch(
        "dry_run_status",
        "200",
        ("200", "201"),
        "INFERRED: clients accept both (virtfusion 1.6)",
        "Status of a successful dry run of POST /servers.",
    ),
    Switch(
        "vnc_key",
        "action",
        ("action", "vnc"),
        "DOCUMENTED action; OBSERVED vnc on 7.0.0 build 9 (virtfusion 1.8)",
        "The body key of POST vnc. The other key is ignored silently.",
    ),
    Switch(
        "ipv4_interface",
        "optional",
        ("optional", "required"),
        "DOCUMENTED required; OBSERVED that clients leave it out and succeed (virtfusion 1.9)",
        "`interface` in the body of POST and DELETE ipv4.",
    ),
    Switch(
        "custom_xml_body",
        "empty",
        ("empty", "quoted"),
        "DOCUMENTED as an empty string, which may mean either (virtfusion 1.2)",
        'POST customXML answers without a body, or with the JSON string "".',
    ),
    Switch(
        "busy",
        "power",
        ("power", "known", "all"),
        "OBSERVED for suspend, unsuspend, package change, power and VNC (virtfusion 1.3); INFERRED for the rest",
        "Which writes a server with an active task refuses with 423: `power` all of these, `known` without power and"
        " VNC, `all` every write.",
    ),
    Switch(
        "suspend",
        "immediate",
        ("immediate", "queued"),
        "OBSERVED in comments of clients: 204 means suspended or queued (virtfusion 1.3, 3.6)",
        "Whether a suspension shows at once or after a job. Until then unsuspend is a 409.",
    ),
    Switch(
        "suspended_machine",
        "runs",
        ("runs", "stops"),
        "OBSERVED: a suspension sets the flag and leaves the machine running; stops INFERRED (virtfusion 3.6)",
        "What a suspension does to a running machine.",
    ),
    Switch(
        "repeated_suspend",
        "accept",
        ("accept", "refuse"),
        "INFERRED: not known (virtfusion 3.6)",
        "Suspending a suspended server; refusal is 409.",
    ),
    Switch(
        "repeated_unsuspend",
        "refuse",
        ("refuse", "accept"),
        "OBSERVED: 409; accept INFERRED for other versions (virtfusion 3.6)",
        "Unsuspending a server that is not suspended.",
    ),
    Switch(
        "rebuild_shows",
        "failed",
        ("failed", "queued"),
        "OBSERVED: buildFailed is true for a while and no task is active (virtfusion 3.3); queued is"
        " DOCUMENTED for the answer of the build call and INFERRED for later reads",
        "What reads show during a rebuild: an active task, or buildFailed true, no active task and"
        " commissionStatus 0, then 1.",
    ),
    Switch(
        "first_build_state",
        "empty",
        ("empty", "queued"),
        "OBSERVED: empty during commissionStatus 1 (virtfusion 3.3); queued is DOCUMENTED for the answer of the"
        " build call and INFERRED for later reads",
        "`state` in reads during the first build of a server.",
    ),
    Switch(
        "remote_running",
        "shown",
        ("shown", "missing"),
        "OBSERVED both: clients use it, and one saw remoteState.state without it (virtfusion 3.4)",
        "Whether remoteState has the key `running`.",
    ),
    Switch(
        "password_result",
        "failure",
        ("failure", "always"),
        "DOCUMENTED example without it; OBSERVED on a failure (virtfusion 3.1); always INFERRED",
        "Whether the answer of a password reset has the hypervisor's result only for a silent guest agent, or always.",
    ),
    Switch(
        "repeated_delete",
        "accept",
        ("accept", "refuse"),
        "INFERRED: not known (virtfusion 3.5)",
        "A second DELETE during the delay of the first one; refusal is 409.",
    ),
    Switch(
        "needless_power",
        "accept",
        ("accept", "refuse"),
        "INFERRED: not known (virtfusion 3.7)",
        "Booting a running server, stopping a stopped one; refusal is 409.",
    ),
    Switch(
        "duplicate_relation",
        "refuse",
        ("refuse", "accept"),
        "INFERRED: only a duplicate e-mail is known to be 409 (virtfusion 6)",
        "Creating a user with an extRelationId or relStr that exists; refusal is 409.",
    ),
    Switch(
        "duplicate_key",
        "accept",
        ("accept", "refuse"),
        "INFERRED: not known (virtfusion 6)",
        "Adding an SSH key that the user has; refusal is 422.",
    ),
    Switch(
        "duplicate_whitelist",
        "accept",
        ("accept", "refuse"),
        "INFERRED: not known (virtfusion 11)",
        "Adding a whitelist entry that exists; refusal is 422.",
    ),
    Switch(
        "duplicate_range",
        "accept",
        ("accept", "refuse"),
        "INFERRED: not known (virtfusion 11)",
        "Adding a range of addresses that a block has; refusal is 422.",
    ),
    Switch(
        "delete_user_with_servers",
        "refuse",
        ("refuse", "accept"),
        "INFERRED: not known (virtfusion 6)",
        "Deleting a user who owns servers; refusal is 409. If accepted, the administrator owns the servers.",
    ),
    Switch(
        "relation_of_string_users",
        "null",
        ("null", "zero"),
        "OBSERVED 0 in hand-written fixtures; INFERRED null (virtfusion 6)",
        "extRelationId of a user who has only a relation string.",
    ),
    Switch(
        "customxml_unsent",
        "keep",
        ("keep", "clear"),
        "INFERRED: not known (virtfusion 10, operation 43)",
        "Whether a request keeps or clears the custom XML sections that it omits.",
    ),
    Switch(
        "report_without_data",
        "false",
        ("false", "zero"),
        "DOCUMENTED false; zero is INFERRED for later versions (virtfusion 5.4)",
        "Placeholder for missing numbers in the self-service report.",
    ),
    Switch(
        "address_reads",
        "0",
        (),
        "OBSERVED for IPv6: a client polls 11 times for its address (virtfusion 1.7); INFERRED for IPv4",
        "Reads of a new server, after its build, that do not show its addresses yet.",
    ),
    Switch(
        "job_polls",
        "2",
        (),
        "INFERRED: the duration of jobs is the simulator's own",
        "Reads of the queue item or the server until a job is done; refused writes count as reads.",
    ),
    Switch(
        "job_seconds",
        "30",
        (),
        "INFERRED: a documented build took 23 s (virtfusion 3.2)",
        "Virtual seconds until a job is done without reads.",
    ),
)
