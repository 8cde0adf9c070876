# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the page of a report: one HTML file that loads nothing and runs only its own script.

Customers choose the names of servers, so everything is escaped. A Content-Security-Policy in the page
prevents a browser from running anything else.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Mapping, Sequence
from typing import Any

from ...module_utils._core.plain_text import plain

_TITLES = {
    "plan": "Plan for a fleet",
    "change": "Change of a fleet",
    "rollback": "Rollback of a fleet",
    "drift": "Drift of a fleet",
}

#: Properties of the run on the page, in this order, if the report has them.
_FACTS = {
    "address": "Panel",
    "target": "Target",
    "started": "Started",
    "finished": "Finished",
    "plan_sha256": "Plan (sha256)",
    "run_id": "Run",
    "run_dir": "Folder",
    "msg": "Result",
}

_COLUMNS = ("Id", "Server", "Target", "Outcome", "Changes", "Refused", "Restart", "Message")

_STYLE = """
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
.failed,.in_doubt,.moved,.drifted{color:#a40e26;font-weight:600}.changed{color:#116329}.would,.ordered{color:#0550ae}.part,.refused,.skipped{color:#7d4e00}
@media print{form{display:none}}
"""

_SCRIPT = """
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

_PAGE = """<!DOCTYPE html>
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
{windows}{warnings}<form>
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


def page(report: Mapping[str, Any], rows: Sequence[Sequence[Any]]) -> str:
    """Return the page.

    :param report: as ``build_report`` returns it.
    :param rows: the cells of each server, in the order of the columns.
    """
    title = _TITLES.get(str(report["kind"]), "Report of a fleet")
    facts = {_FACTS[name]: report[name] for name in _FACTS if report.get(name)}
    if report.get("stopped"):
        facts["Stopped"] = report["stopped"]["msg"]
    outcomes = sorted({row[3] for row in rows})
    return _PAGE.format(
        title=_safe(title + (", dry run" if report["dry_run"] else "")),
        style=_STYLE,
        script=_SCRIPT,
        style_hash=_hash(_STYLE),
        script_hash=_hash(_SCRIPT),
        facts="".join(
            f"<dt>{_safe(name)}</dt><dd>{_safe(value)}</dd>" for name, value in facts.items()
        ),
        totals="".join(
            f"<li><b>{number}</b>{_safe(_total(name, report))}</li>"
            for name, number in report["totals"].items()
            if number or name == "selected"
        ),
        windows=_windows(report.get("windows") or ()),
        warnings="".join(f"<p>{_safe(line)}</p>\n" for line in report.get("warnings") or ()),
        outcomes="".join(f"<option>{_safe(name)}</option>" for name in outcomes),
        columns="".join(
            f'<th scope="col"><button type="button">{name}</button></th>' for name in _COLUMNS
        ),
        rows="\n".join(map(_row, rows)),
    )


def _total(name: str, report: Mapping[str, Any]) -> str:
    if name == "changed" and report["dry_run"]:
        return "would change"
    return name.replace("_", " ")


def _windows(windows: Sequence[Mapping[str, Any]]) -> str:
    """Return a list of the executions of the run with their times."""
    if not windows:
        return ""
    lines = []
    for window in windows:
        if window["ended"] is None:
            how = f"did not record its end; its last record is of {window['last'] or 'its begin'}"
        else:
            how = f"ended {window['ended']}" + (
                f", stopped ({window['stopped']})" if window["stopped"] else ""
            )
        lines.append(f"<li>{_safe(window['begun'])}: begun, {_safe(how)}</li>")
    return f"<h2>When it ran</h2>\n<ol>{''.join(lines)}</ol>\n"


def _row(cells: Sequence[Any]) -> str:
    written = "".join(
        f'<td class="{_safe(cell)}">{_safe(cell)}</td>'
        if number == 3
        else f"<td>{_safe(cell)}</td>"
        for number, cell in enumerate(cells)
    )
    return f"<tr>{written}</tr>"


def _safe(value: Any) -> str:
    return html.escape(plain(value))


def _hash(text: str) -> str:
    """Return the hash source of an inline style or script for the Content-Security-Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
