# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Behaviour that is uncertain or differs between versions of the services."""

from __future__ import annotations

from ..switches import Switch

GUESS = "INFERRED: no code is documented for this (huaweicloud_cph 2.8)"

SWITCHES = (
    Switch(
        "cps_http_status",
        "new",
        ("new", "all400"),
        "DOCUMENTED: the table of 2021 has 400 for every code; the newer one moved some groups (huaweicloud_cph 2.8)",
        "HTTP status of CPS errors: 403, 404 and 400 by code, or always 400.",
    ),
    Switch(
        "cps_code_form",
        "dotted",
        ("dotted", "plain"),
        "DOCUMENTED: CPS.nnnn; one published sample has no dot (huaweicloud_cph 0)",
        "Format of CPS error codes.",
    ),
    Switch(
        "project_mismatch",
        "CPS.0001",
        ("CPS.0001", "CPS.0046"),
        "INFERRED either (huaweicloud_cph 6)",
        "Error for a project ID in the path that the credentials are not valid for.",
    ),
    Switch(
        "account_state",
        "good",
        ("good", "arrears", "frozen", "unverified"),
        "DOCUMENTED codes CPS.0006, 0007 and 0008; their HTTP status INFERRED (huaweicloud_cph 2.8)",
        "Whether the account may order and operate.",
    ),
    Switch(
        "list_count",
        "present",
        ("present", "absent"),
        "DOCUMENTED: `count` exists since 2023-09 (huaweicloud_cph 3.1)",
        "Whether the lists of servers and phones have a count.",
    ),
    Switch(
        "past_the_end",
        "empty",
        ("empty", "refuse"),
        "DOCUMENTED in 2021: the offset must be below the total; later INFERRED empty (huaweicloud_cph 3.1b)",
        "A page that starts after the last row; refusal is CPS.0002.",
    ),
    Switch(
        "server_models_paging",
        "marker",
        ("marker", "none"),
        "DOCUMENTED: marker and page_info since SDK 3.1.214, no paging before (huaweicloud_cph 3.1)",
        "Whether the list of server flavors is paged.",
    ),
    Switch(
        "last_page_marker",
        "null",
        ("null", "empty", "absent"),
        "INFERRED: what ends the pages is not documented (huaweicloud_cph 3.1b)",
        "`page_info.next_marker` on the last page.",
    ),
    Switch(
        "gone_servers",
        "shown",
        ("shown", "detail_only", "hidden"),
        "OBSERVED: reading one gives status 6 (huaweicloud_cph 2.7); the list and the 404 are INFERRED",
        "Which reads show unsubscribed servers: list and detail, the detail only, or none.",
    ),
    Switch(
        "private_flavors",
        "hidden",
        ("hidden", "listed"),
        "INFERRED: private flavors may be missing from the lists (huaweicloud_cph 2.4, 9)",
        "Whether the lists show private flavors.",
    ),
    Switch(
        "job_no_error",
        "null",
        ("null", "empty"),
        "OBSERVED both (huaweicloud_cph 3.1)",
        "error_code and error_msg of a job without an error.",
    ),
    Switch(
        "job_reads",
        "1",
        (),
        "INFERRED: for tests without a wall clock",
        "Number of reads that show a job running. It also ends after 30 virtual seconds.",
    ),
    Switch(
        "flavor_change_delay_s",
        "120",
        (),
        "DOCUMENTED: about two minutes (huaweicloud_cph 2.5)",
        "Virtual seconds from the order, or its payment, to the new flavor.",
    ),
    Switch(
        "flavor_change_reads",
        "3",
        (),
        "INFERRED: for tests without a wall clock",
        "Number of detail reads of the server or its order that show the old flavor.",
    ),
    Switch(
        "flavor_change_server_status",
        "5",
        ("5", "4", "11", "13"),
        "INFERRED: no status is documented for it (huaweicloud_cph 2.5)",
        "The server's status during a flavor change.",
    ),
    Switch(
        "flavor_change_final_status",
        "5",
        ("5", "8", "10"),
        "DOCUMENTED 5; OBSERVED: a client accepts 8 and 10 as the end, too (huaweicloud_cph 2.5, 2.7)",
        "The server's status once its order is complete: normal, frozen or stopped.",
    ),
    Switch(
        "unpaid_auto_pay",
        "pending",
        ("pending", "refuse"),
        "INFERRED: not known (huaweicloud_cph 2.5, 2.8)",
        "An order with is_auto_pay=1 that the balance does not cover: it waits for payment, or is refused"
        " with CPS.0062. The balance is the record `bss_accounts`.",
    ),
    Switch(
        "flavor_change_http_status",
        "200",
        ("200", "201"),
        "DOCUMENTED: 200 on the page, 201 for POST in general (huaweicloud_cph 2.2)",
        "The HTTP status of an accepted flavor change.",
    ),
    Switch(
        "flavor_change_refusals",
        "http",
        ("http", "ok_body"),
        "DOCUMENTED: the answer of status 200 has error_code and error_msg (huaweicloud_cph 2.2)",
        "Form of a refusal: an HTTP error, or status 200 with an error in the body.",
    ),
    Switch(
        "flavor_change_metadata_order",
        "keep",
        ("keep", "change"),
        "INFERRED: unknown (huaweicloud_cph 2.5, 9)",
        "Whether metadata.order_id of the server becomes the order of the change.",
    ),
    Switch(
        "flavor_target",
        "any",
        ("any", "special"),
        "DOCUMENTED in 2024: the target must be special; no longer in the page of 2025 (huaweicloud_cph 2.3)",
        "Which server flavors are valid targets. Others are refused with the code of flavor_generation.",
    ),
    Switch(
        "flavor_pair", "CPS.0157", ("CPS.0157", "CPS.0257"), GUESS, "Flavors that do not match."
    ),
    Switch(
        "flavor_generation",
        "CPS.0089",
        ("CPS.0089", "CPS.0257"),
        GUESS,
        "A server flavor of another generation.",
    ),
    Switch(
        "flavor_count", "CPS.0157", ("CPS.0157", "CPS.0257"), GUESS, "Another number of phones."
    ),
    Switch(
        "flavor_not_ready",
        "CPS.0099",
        ("CPS.0099", "CPS.0098", "CPS.0105"),
        "INFERRED which of the DOCUMENTED codes (huaweicloud_cph 2.8)",
        "A server whose status is not 5.",
    ),
    Switch(
        "flavor_pending",
        "CPS.0062",
        ("CPS.0062", "accept"),
        "INFERRED: unknown; accept makes a second order (huaweicloud_cph 2.6, 2.8)",
        "A second change while one is in progress or unpaid.",
    ),
    Switch(
        "flavor_same",
        "ok_body",
        ("ok_body", "CPS.0062"),
        "INFERRED either (huaweicloud_cph 2.8)",
        "A change to the current flavor: CPS.0062 in an answer of status 200, or as an HTTP error.",
    ),
    Switch(
        "flavor_withdrawn",
        "accept",
        ("accept", "CPS.0257"),
        "INFERRED: DOCUMENTED only that it cannot be bought (huaweicloud_cph 2.4)",
        "A change to a withdrawn phone flavor.",
    ),
    Switch(
        "bss_access",
        "domain",
        ("domain", "any", "denied"),
        "DOCUMENTED: domain credentials with a permission of their own (huaweicloud_cph 2.5); the refusal INFERRED",
        "Which credentials may read orders: those of the domain, any, or none (403 CBC.0150).",
    ),
    Switch(
        "bss_status_filter",
        "any",
        ("any", "described"),
        "DOCUMENTED: a description with 1, 3, 4, 5, 6 and 9; the refusal of others INFERRED (huaweicloud_cph 2.5)",
        "The values of `status` by which the list of orders can be filtered: any, or those of the description.",
    ),
    Switch(
        "bss_no_orders",
        "list",
        ("list", "null", "absent"),
        "INFERRED: an empty list is not documented (huaweicloud_cph 2.5)",
        "`order_infos` of a list without orders.",
    ),
)
