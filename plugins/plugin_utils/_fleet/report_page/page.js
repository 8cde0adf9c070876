/*
 * Copyright: (c) 2026, vpsfleet.panels contributors
 * GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
'use strict';

// Only so many rows are in the document at a time: 10,000 rows take seconds to lay out.
const PAGE = 200;

const DATA = JSON.parse(document.getElementById('data').textContent);
const GROUPS = DATA.groups;
const NAMES = ['group', 'id', 'name', 'ids', 'target', 'place', 'owner', 'ended', 'time', 'date', 'verified',
  'earlier', 'restart', 'lines'];
const ROWS = DATA.rows.map((values, at) => {
  const row = {at};
  NAMES.forEach((name, place) => { row[name] = values[place]; });
  return row;
});

const table = document.querySelector('table.rows');
const body = table.tBodies[0];
const titles = [...table.querySelectorAll('th button')];
const columns = titles.map(button => [button.dataset.column, button.textContent]);
const filters = [...document.querySelectorAll('.filters button')];
const search = document.getElementById('search');
const count = document.getElementById('count');
const more = document.getElementById('more');
const collator = new Intl.Collator('en', {numeric: true});

const PROPERTIES = {
  partly_refused: row => GROUPS[row.group].partly_refused,
  restart_required: row => row.restart,
  differ_again: row => row.verified < 0,
  unverified: row => row.verified === 0 && GROUPS[row.group].kind === 'changed',
  earlier: row => row.earlier,
};

const state = {shown: PAGE, sorted: 'outcome', down: false, group: null, found: ROWS};

// --- rows ---------------------------------------------------------------------------------------

function element(name, look, text) {
  const made = document.createElement(name);
  if (look) made.className = look;
  if (text !== undefined) made.textContent = text;
  return made;
}

function line([kind, label, text]) {
  const made = element('p', kind);
  if (label) made.append(element('b', '', label), ' ');
  made.append(text);
  return made;
}

const CELLS = {
  name: row => [element('b', '', row.name), ...row.ids.map(each => element('small', 'ids', each))],
  outcome: row => {
    const group = GROUPS[row.group];
    const notes = [];
    if (row.verified) notes.push(row.verified > 0 ? 'verified' : 'differs again');
    if (row.earlier) notes.push('by an earlier execution');
    return [element('span', `outcome ${group.kind}`, group.word),
      ...notes.map(note => element('small', note === 'differs again' ? 'failed' : '', note))];
  },
  change: row => [...GROUPS[row.group].lines, ...row.lines].map(line),
  ended: row => (row.time ? [`${row.time} `, element('small', '', row.date)] : []),
};

function drawn(row) {
  const made = element('tr');
  made.setAttribute('role', 'row');
  for (const [name, label] of columns) {
    const cell = element('td', name);
    cell.setAttribute('role', name === 'name' ? 'rowheader' : 'cell');
    cell.dataset.label = label;
    cell.append(...(CELLS[name] ? CELLS[name](row) : [String(row[name])]));
    made.append(cell);
  }
  return made;
}

// --- search, filters and order ------------------------------------------------------------------

function words(row) {
  if (row.words === undefined) {
    const group = GROUPS[row.group];
    const lines = [...group.lines, ...row.lines].map(each => each.join(' '));
    row.words = [row.id, row.name, ...row.ids, row.target, row.place, row.owner, group.word, ...lines]
      .join('\n').toLowerCase();
  }
  return row.words;
}

function pressed(kind) {
  return filters
    .filter(button => button.dataset.kind === kind && button.getAttribute('aria-pressed') === 'true')
    .map(button => button.dataset.value);
}

function find() {
  const text = search.value.trim().toLowerCase();
  const outcomes = new Set(pressed('outcome'));
  const properties = pressed('property').map(name => PROPERTIES[name]);
  state.found = ROWS.filter(row =>
    (state.group === null || row.group === state.group)
    && (!outcomes.size || outcomes.has(GROUPS[row.group].outcome))
    && properties.every(has => has(row))
    && (!text || words(row).includes(text)));
}

const KEYS = {
  outcome: row => row.at,
  change: row => row.group,
};

function order() {
  const key = KEYS[state.sorted] || (row => row[state.sorted]);
  const sign = state.down ? -1 : 1;
  const compare = (a, b) => (typeof a === 'number' && typeof b === 'number')
    ? a - b : collator.compare(a, b);
  ROWS.sort((a, b) => sign * compare(key(a), key(b)) || a.at - b.at);
}

// --- the table ----------------------------------------------------------------------------------

function fill(from) {
  body.append(...state.found.slice(from, state.shown).map(drawn));
  const left = state.found.length - Math.min(state.shown, state.found.length);
  more.hidden = !left;
  more.textContent = `Show ${Math.min(PAGE, left).toLocaleString('en')} more`;
  const all = ROWS.length.toLocaleString('en');
  const found = state.found.length.toLocaleString('en');
  const noun = ROWS.length === 1 ? 'server' : 'servers';
  count.textContent = (found === all ? `${all} ${noun}` : `${found} of ${all} ${noun}`)
    + (left ? `, the first ${state.shown.toLocaleString('en')} are shown` : '');
}

function draw() {
  state.shown = PAGE;
  find();
  body.replaceChildren();
  fill(0);
}

function sortBy(name) {
  state.down = state.sorted === name && !state.down;
  state.sorted = name;
  for (const button of titles) {
    const title = button.parentElement;
    if (button.dataset.column === name) {
      title.setAttribute('aria-sort', state.down ? 'descending' : 'ascending');
    } else {
      title.removeAttribute('aria-sort');
    }
  }
  order();
  draw();
}

// --- the groups ---------------------------------------------------------------------------------

const only = element('button', 'only');
only.type = 'button';
only.hidden = true;
document.querySelector('.filters').append(only);

function showGroup(group) {
  state.group = group;
  only.hidden = group === null;
  if (group !== null) {
    const {word, lines} = GROUPS[group];
    const text = [word, ...lines.map(each => each.slice(1).join(' ').trim())].join('; ');
    only.textContent = `Only \u201c${text}\u201d ×`;
    only.setAttribute('aria-label', `Remove the filter ${text}`);
  }
  draw();
}

for (const cell of document.querySelectorAll('td[data-group]')) {
  const button = element('button', 'count', cell.textContent);
  button.type = 'button';
  button.setAttribute('aria-label', `Show these servers: ${cell.textContent}`);
  button.addEventListener('click', () => {
    showGroup(Number(cell.dataset.group));
    document.getElementById('servers').focus();
  });
  cell.replaceChildren(button);
}

// --- start --------------------------------------------------------------------------------------

for (const button of titles) {
  button.addEventListener('click', () => sortBy(button.dataset.column));
}
for (const button of filters) {
  button.addEventListener('click', () => {
    const on = button.getAttribute('aria-pressed') === 'true';
    button.setAttribute('aria-pressed', String(!on));
    draw();
  });
}
only.addEventListener('click', () => {
  showGroup(null);
  search.focus();
});
search.addEventListener('input', draw);
more.addEventListener('click', () => {
  const from = state.shown;
  state.shown += PAGE;
  fill(from);
  // The first new row: without it, a keyboard would stay at the end of the page.
  const first = body.rows[from];
  first.tabIndex = -1;
  first.focus();
});

for (const extra of document.querySelectorAll('tbody.more')) {
  const button = element('button', '', `Show ${extra.rows.length.toLocaleString('en')} more`);
  button.type = 'button';
  button.addEventListener('click', () => {
    extra.classList.remove('more');
    button.remove();
  });
  extra.parentElement.after(button);
}
document.documentElement.classList.add('scripted');
draw();
