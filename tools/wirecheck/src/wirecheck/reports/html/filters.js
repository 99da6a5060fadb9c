// The findings, which are data in blocks of their own, and the filters. Nothing is ever read as HTML.

const AT_ONCE = 50; // kinds that are shown before one asks for more
const ROWS = 20; // the same of the exchanges of a kind
const SEVERITIES = ['error', 'warning', 'info'];
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const find = (id) => document.getElementById(id);
const number = (count) => count.toLocaleString('en');
const counted = (count, noun) => `${number(count)} ${noun}${count === 1 ? '' : 's'}`;

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

// The data: kinds, each with its exchanges

const { kinds, checks } = read('kinds');
for (const kind of kinds) kind.rows = [];
for (const [index, source, request, pointer, message, evidence] of read('rows')) {
  const kind = kinds[index];
  kind.rows.push({ source, request, pointer, message: message || kind.message, evidence });
}
for (const [index, kind] of kinds.entries()) {
  kind.index = index;
  const said = [kind.message, kind.check, kind.operation || '', kind.pointer || '', kind.file, kind.definition];
  kind.text = said.join('\n').toLowerCase();
  for (const row of kind.rows) row.text = `${row.source}\n${row.request}\n${row.message}`.toLowerCase();
}
const byId = new Map(kinds.map((kind) => [kind.id, kind]));

// What is chosen; it stands in the address, so that a view can be shared

const chosen = { view: 'findings', q: '', severity: new Set(), check: '', operation: '', kind: '' };

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  chosen.view = ['findings', 'operations', 'unchecked'].includes(given.get('view')) ? given.get('view') : 'findings';
  for (const name of ['q', 'check', 'operation', 'kind']) chosen[name] = given.get(name) || '';
  chosen.severity = new Set((given.get('severity') || '').split(',').filter((each) => SEVERITIES.includes(each)));
}

function writeAddress() {
  const given = new URLSearchParams();
  if (chosen.view !== 'findings') given.set('view', chosen.view);
  for (const name of ['q', 'check', 'operation', 'kind']) if (chosen[name]) given.set(name, chosen[name]);
  if (chosen.severity.size) given.set('severity', [...chosen.severity].join(','));
  try {
    history.replaceState(null, '', `#${given}`);
  } catch {
    // a frame that may not change its address
  }
}

// Filtering

const facets = {
  severity: (kind) => !chosen.severity.size || chosen.severity.has(kind.severity),
  check: (kind) => !chosen.check || kind.check === chosen.check,
  operation: (kind) => !chosen.operation || (kind.operation || '-') === chosen.operation,
};
const isAllowed = (kind, except) =>
  Object.entries(facets).every(([name, allows]) => name === except || allows(kind));

// The rows of each kind that have all words, of those kinds where any does.
function matching() {
  const words = chosen.q.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = [];
  for (const kind of kinds) {
    const left = words.filter((word) => !kind.text.includes(word));
    const rows = left.length
      ? kind.rows.filter((row) => left.every((word) => row.text.includes(word)))
      : kind.rows;
    if (!left.length || rows.length) matches.push({ kind, rows, count: left.length ? rows.length : kind.count });
  }
  return matches;
}

let shown = []; // what fits all filters
let rendered = 0;

function update() {
  const matches = matching();
  shown = matches.filter(({ kind }) => isAllowed(kind));
  updateFacets(matches);
  const total = shown.reduce((sum, { count }) => sum + count, 0);
  const isFiltered = chosen.q || chosen.check || chosen.operation || chosen.severity.size > 0;
  find('shown').textContent = `${counted(total, 'finding')} of ${counted(shown.length, 'kind')}`;
  find('reset').hidden = !isFiltered;
  find('list').replaceChildren();
  rendered = 0;
  more();
  find('none').hidden = shown.length > 0 || kinds.length === 0;
  writeAddress();
}

function updateFacets(matches) {
  const counts = (name, of) => {
    const sums = new Map();
    for (const { kind, count } of matches) {
      if (isAllowed(kind, name)) sums.set(of(kind), (sums.get(of(kind)) || 0) + count);
    }
    return sums;
  };
  const severities = counts('severity', (kind) => kind.severity);
  for (const chip of document.querySelectorAll('.chip')) {
    chip.setAttribute('aria-pressed', chosen.severity.has(chip.dataset.severity));
    chip.querySelector('span').textContent = number(severities.get(chip.dataset.severity) || 0);
  }
  updateSelect('check', 'All checks', counts('check', (kind) => kind.check), (name) => name);
  updateSelect('operation', 'All operations', counts('operation', (kind) => kind.operation || '-'), (name) =>
    name === '-' ? '(no operation)' : name);
}

function updateSelect(name, all, sums, title) {
  const options = [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (chosen[name] && !sums.has(chosen[name])) options.push([chosen[name], 0]);
  find(name).replaceChildren(
    make('option', { value: '' }, all),
    ...options.map(([value, sum]) => make('option', { value }, `${title(value)} (${number(sum)})`)),
  );
  find(name).value = chosen[name];
}
