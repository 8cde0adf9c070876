# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is not known for certain about the panel, or differs between its versions.

Names begin with `virtualizor_`, because all panels share one table.
"""

from __future__ import annotations

from ..switches import Switch

YES_NO = ("true", "false")

SWITCHES = (
    Switch(
        "virtualizor_bad_credentials",
        "redirect",
        ("redirect", "redirect_elsewhere", "html", "json"),
        "OBSERVED: a redirect to the login page, or the page itself; JSON is INFERRED from texts (virtualizor 1.5)",
        "Answer to bad credentials: 302 on this host, 302 to plain HTTP on another, 200 HTML, 200 JSON.",
    ),
    Switch(
        "virtualizor_hash_only",
        "accept",
        ("accept", "refuse"),
        "OBSERVED in older clients; that it means the master's pair is INFERRED (virtualizor 1.2)",
        "The salted hash without adminapikey and adminapipass.",
    ),
    Switch(
        "virtualizor_address_listed",
        "true",
        YES_NO,
        "DOCUMENTED: a pair may have a list of addresses; the form of the refusal is not known (virtualizor 1.4, 1.5)",
        "Whether the caller's address is on the list. Otherwise it is refused like bad credentials, with its own text.",
    ),
    Switch(
        "virtualizor_permission",
        "all",
        ("all", "read"),
        "DOCUMENTED: a pair may be limited; the body of the denial is INFERRED (virtualizor 1.4, 1.5)",
        "Permissions of the pair. A denied act answers 200 with a fatal error.",
    ),
    Switch(
        "virtualizor_role",
        "master",
        ("master", "slave"),
        "OBSERVED: slaves refuse user plans, VPS plans and tasks (virtualizor 1.4)",
        "Whether this panel is the master or a slave.",
    ),
    Switch(
        "virtualizor_without_api",
        "xml",
        ("xml", "html"),
        "OBSERVED XML in a sibling product, INFERRED for this one (virtualizor 1.2)",
        "Answer to a request without api=json or api=serialize in the query.",
    ),
    Switch(
        "virtualizor_content_type",
        "html",
        ("html", "json"),
        "INFERRED: the content type of JSON answers cannot be relied on (virtualizor 4.4)",
        "Content type of JSON answers: PHP's default, or application/json.",
    ),
    Switch(
        "virtualizor_php_notice",
        "false",
        YES_NO,
        "INFERRED: notices may precede the JSON (virtualizor 4.4)",
        "Whether a PHP notice is printed before the answer.",
    ),
    Switch(
        "virtualizor_error_shape",
        "list",
        ("list", "object", "string", "fatal"),
        "DOCUMENTED as a list; OBSERVED that clients handle the others (virtualizor 4.2)",
        "Errors: a list of texts, an object of texts by name, one text, or fatal_error_heading and _text.",
    ),
    Switch(
        "virtualizor_omitted_on_edit",
        "reset",
        ("reset", "keep"),
        "INFERRED: not known, with more evidence for reset (virtualizor 2.5)",
        "Whether an edit of a user plan, VPS plan or user resets or keeps a field that was not sent.",
    ),
    Switch(
        "virtualizor_empty_array_clears",
        "true",
        YES_NO,
        "INFERRED: not known (virtualizor 2.5)",
        "If omitted fields are kept: whether `sgs[]=` empties the list. Otherwise it counts as not sent.",
    ),
    Switch(
        "virtualizor_edit_echo",
        "after",
        ("after", "before"),
        "INFERRED: the published example fits both (virtualizor 2.4)",
        "Whether the answer of an edit shows the record after or before the change.",
    ),
    Switch(
        "virtualizor_duplicate_user_plan",
        "accept",
        ("accept", "refuse"),
        "INFERRED: the docs call the name unique, but there is no error text for it (virtualizor 2.8)",
        "Adding a user plan whose name exists.",
    ),
    Switch(
        "virtualizor_user_plan_in_use",
        "delete",
        ("delete", "refuse"),
        "INFERRED: not known (virtualizor 2.7)",
        "Deleting a user plan that users have: they keep its ID, or it is refused.",
    ),
    Switch(
        "virtualizor_unknown_uplid",
        "silent",
        ("silent", "done"),
        "INFERRED: not known; there is no text for it (virtualizor 2.8)",
        "An edit of a user plan that does not exist: neither done nor error, or done.",
    ),
    Switch(
        "virtualizor_newer_fields",
        "shown",
        ("shown", "hidden", "absent"),
        "OBSERVED in forms and in a client; INFERRED in lists (virtualizor 2.1, 2.3)",
        "space_per_vm, total_iops_sec, read_/write_bytes_sec, num_ip_int of a user plan: taken and shown, "
        "taken but not shown, or ignored as by an older panel.",
    ),
    Switch(
        "virtualizor_page_ignored",
        "false",
        YES_NO,
        "OBSERVED: a client guards against repeating pages (virtualizor 3.1)",
        "Whether `page` is ignored, so that every page is the first one.",
    ),
    Switch(
        "virtualizor_page_base",
        "1",
        ("1", "0"),
        "DOCUMENTED 1; OBSERVED clients that start at 0 (virtualizor 3.4)",
        "The number of the first page. With 1, page 0 is the first page too.",
    ),
    Switch(
        "virtualizor_reslen_zero",
        "all",
        ("all", "default"),
        "OBSERVED: a client uses it as all; not documented (virtualizor 3.4)",
        "What reslen=0 means: all records, or the default of 50.",
    ),
    Switch(
        "virtualizor_planname_filter",
        "like",
        ("like", "exact", "ignored"),
        "INFERRED: clients compare names again (virtualizor 2.1, 3.1)",
        "How planname filters: a part of the name in any case, the whole name, or not at all.",
    ),
    Switch(
        "virtualizor_user_plan_ptype",
        "user_type",
        ("user_type", "virt", "ignored"),
        "INFERRED user type; DOCUMENTED virtualization, most likely by mistake (virtualizor 2.1)",
        "What ptype means in the list of user plans.",
    ),
    Switch(
        "virtualizor_uplid_change",
        "label",
        ("label", "copy"),
        "INFERRED: not known (virtualizor 3.6)",
        "Whether setting a user's plan only sets its ID, or copies its limits to the user.",
    ),
    Switch(
        "virtualizor_editvs_plan",
        "label",
        ("label", "values"),
        "OBSERVED: two billing modules send plid together with the plan's values (virtualizor 3.5); what plid"
        " does alone is not known",
        "Whether editvs with plid only sets the plan's ID, or also applies its values.",
    ),
    Switch(
        "virtualizor_managevps_plan",
        "label",
        ("label", "values"),
        "INFERRED from the panel's question about apply_plan (virtualizor 3.5)",
        "Whether managevps with plid but without apply_plan only sets the plan's ID, or also applies its values.",
    ),
    Switch(
        "virtualizor_apply_plan",
        "obeyed",
        ("obeyed", "ignored"),
        "OBSERVED: clients send it; that it is obeyed, or that older panels ignore it, is INFERRED (virtualizor 3.5)",
        "Whether managevps applies the values of the plan for apply_plan=1. If it is ignored, editvs or"
        " managevps must send the values themselves.",
    ),
    Switch(
        "virtualizor_delete_user_with_vps",
        "destroy",
        ("destroy", "refuse"),
        "OBSERVED: the list of users offers not to destroy the VPSs; the refusal INFERRED (virtualizor 3.6)",
        "Deleting a user with VPSs: deletes them too unless dont_destroy_vps=1 is sent, or is refused.",
    ),
    Switch(
        "virtualizor_machine_status",
        "live",
        ("live", "stale"),
        "OBSERVED: machine_status of the list can be stale (virtualizor 3.4)",
        "Whether machine_status follows power actions. vs_status always does.",
    ),
)
