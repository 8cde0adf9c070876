# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the report of a fleet as one page that needs nothing else."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_html
short_description: Write the report of a fleet as a page
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Writes a report as one HTML page with the totals and a table of all servers that can be searched,
    narrowed to one outcome and sorted. The page loads nothing, and can be sent by mail.
  - Customers choose the names of servers. Everything is escaped, what could turn the writing direction is
    replaced, and a policy in the page lets a browser run nothing but the page's own few lines of script.
options:
  _input:
    description: The report, as text or read already.
    type: raw
    required: true
seealso:
  - plugin: vpsfleet.panels.fleet_report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Write a report for people
  ansible.builtin.copy:
    content: "{{ lookup('ansible.builtin.file', '/var/reports/report.json') | vpsfleet.panels.fleet_html }}"
    dest: /var/reports/report.html
    mode: "0640"
"""

RETURN = r"""
_value:
  description: The page.
  type: str
"""

import base64
import hashlib
import html
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._core.plain_text import plain
from ..plugin_utils._fleet_report import OUTCOMES, changes_text, read_report, refused_fields

TITLES = {
    "change": "Change of a fleet",
    "rollback": "Rollback of a fleet",
    "drift": "Drift of a fleet",
}

#: What the page says of the run, in this order, where the report has it.
FACTS = {
    "panel": "Panel",
    "started": "Started",
    "finished": "Finished",
    "plan_sha256": "Plan (sha256)",
    "run_id": "Run",
    "msg": "Result",
}

COLUMNS = ("Id", "Server", "Target", "Outcome", "Changes", "Refused", "Restart", "Message")

STYLE = """
body{font:14px/1.45 system-ui,sans-serif;margin:2rem;color:#1b1f24;background:#fff}
h1{font-size:1.5rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}
dt{color:#57606a}dd{margin:0;overflow-wrap:anywhere}
.totals{display:flex;flex-wrap:wrap;gap:.75rem;padding:0;list-style:none}
.totals li{border:1px solid #d0d7de;border-radius:6px;padding:.4rem .9rem}
.totals b{display:block;font-size:1.3rem}
form{margin:1rem 0;display:flex;gap:1rem;flex-wrap:wrap}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #d0d7de}
th button{all:unset;cursor:pointer;font-weight:600}th button:focus-visible{outline:2px solid #0969da}
td{overflow-wrap:anywhere}td:first-child{text-align:right;font-variant-numeric:tabular-nums}
.failed,.moved,.drifted{color:#a40e26;font-weight:600}.changed{color:#116329}.refused,.skipped{color:#7d4e00}
@media print{form{display:none}}
"""

SCRIPT = """
const body=document.querySelector('tbody'),rows=[...body.rows],form=document.querySelector('form');
const shown=document.querySelector('output');
function narrow(){
  const text=form.text.value.toLowerCase(),outcome=form.outcome.value;let count=0;
  for(const row of rows){
    row.hidden=!((!outcome||row.cells[3].textContent===outcome)&&row.textContent.toLowerCase().includes(text));
    count+=!row.hidden;
  }
  shown.value=count+' of '+rows.length+' servers';
}
form.addEventListener('input',narrow);
form.addEventListener('submit',event=>event.preventDefault());
document.querySelectorAll('th button').forEach((button,column)=>{
  let up=false;
  button.addEventListener('click',()=>{
    up=!up;
    const key=row=>row.cells[column].textContent;
    rows.sort((a,b)=>key(a).localeCompare(key(b),undefined,{numeric:true})*(up?1:-1));
    body.append(...rows);
  });
});
narrow();
"""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; form-action 'none'; base-uri 'none';
 style-src '{style_hash}'; script-src '{script_hash}'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
<dl>{facts}</dl>
<ul class="totals">{totals}</ul>
{warnings}<form>
<label>Search <input type="search" name="text"></label>
<label>Outcome <select name="outcome"><option value="">all</option>{outcomes}</select></label>
<output></output>
</form>
<table>
<thead><tr>{columns}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
<script>{script}</script>
</body>
</html>
"""


def fleet_html(report: Any) -> str:
    """Return the page. :raises AnsibleFilterError: for anything but a report."""
    try:
        return _page(read_report(report))
    except (ValueError, KeyError, TypeError) as error:
        raise AnsibleFilterError(f"fleet_html: {error}") from error


def _page(report: Mapping[str, Any]) -> str:
    there = {row["outcome"] for row in report["servers"]}
    title = TITLES.get(str(report.get("kind")), "Report of a fleet")
    facts = {FACTS[name]: report[name] for name in FACTS if report.get(name)}
    if report.get("stopped"):
        facts["Stopped"] = report["stopped"]["msg"]
    return PAGE.format(
        title=_safe(title + (", dry run" if report.get("dry_run") else "")),
        style=STYLE,
        script=SCRIPT,
        style_hash=_hash(STYLE),
        script_hash=_hash(SCRIPT),
        facts="".join(
            f"<dt>{_safe(name)}</dt><dd>{_safe(value)}</dd>" for name, value in facts.items()
        ),
        totals="".join(
            f"<li><b>{number}</b>{_safe(name.replace('_', ' '))}</li>"
            for name, number in report["totals"].items()
            if number or name == "selected"
        ),
        warnings="".join(f"<p>{_safe(line)}</p>\n" for line in report.get("warnings") or ()),
        outcomes="".join(f"<option>{name}</option>" for name in OUTCOMES if name in there),
        columns="".join(
            f'<th scope="col"><button type="button">{name}</button></th>' for name in COLUMNS
        ),
        rows="\n".join(map(_row, report["servers"])),
    )


def _row(row: Mapping[str, Any]) -> str:
    outcome = _safe(row["outcome"])
    message = row["msg"] or ""
    if row.get("verified") is False:
        message = f"{message} It was changed, and differs again."
    cells = (
        row["id"],
        row["name"],
        row.get("target"),
        None,
        changes_text(row),
        ", ".join(refused_fields(row)),
        "required" if row["restart_required"] else "",
        message,
    )
    written = "".join(
        f'<td class="{outcome}">{outcome}</td>' if number == 3 else f"<td>{_safe(cell)}</td>"
        for number, cell in enumerate(cells)
    )
    return f"<tr>{written}</tr>"


def _safe(value: Any) -> str:
    return html.escape(plain(value))


def _hash(text: str) -> str:
    """What a Content-Security-Policy names an inline style or script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Any]:
        return {"fleet_html": fleet_html}
