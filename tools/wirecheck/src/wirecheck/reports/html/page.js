'use strict';
// Shows the findings that are in the blocks of data: nothing of them is ever read as HTML.
(() => {
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

  // The list of kinds

  function more() {
    const next = shown.slice(rendered, rendered + AT_ONCE);
    find('list').append(...next.map(item));
    rendered += next.length;
    find('list').hidden = rendered === 0;
    find('more').hidden = rendered >= shown.length;
    find('more').textContent = `Show more (${number(shown.length - rendered)} left)`;
  }

  function item({ kind, rows, count }) {
    const isOpen = chosen.kind === kind.id;
    const button = make(
      'button',
      { class: 'kind', type: 'button', 'aria-expanded': String(isOpen), 'aria-controls': `detail-${kind.index}` },
      make('span', { class: 'label' }, kind.severity[0].toUpperCase() + kind.severity.slice(1)),
      make(
        'span',
        { class: 'says' },
        make('span', { class: 'message', dir: 'auto' }, kind.message),
        make(
          'span',
          { class: 'where' },
          make('code', {}, kind.check),
          make('span', {}, kind.operation || '(no operation)'),
          make('span', {}, kind.request),
        ),
      ),
      make('span', { class: 'count' }, count > 1 ? `×${number(count)}` : ''),
    );
    const element = make('li', { class: `${kind.severity} ${isOpen ? 'open' : 'closed'}` }, button);
    button.addEventListener('click', () => toggle(element, kind, rows));
    if (isOpen) element.append(detail(kind, rows));
    return element;
  }

  function toggle(element, kind, rows) {
    const isOpen = element.classList.contains('open');
    element.classList.toggle('open', !isOpen);
    element.classList.toggle('closed', isOpen);
    element.firstChild.setAttribute('aria-expanded', String(!isOpen));
    if (isOpen) element.lastChild.remove();
    else element.append(detail(kind, rows));
    if (!isOpen) chosen.kind = kind.id;
    else if (chosen.kind === kind.id) chosen.kind = '';
    writeAddress();
  }

  // One kind, opened

  function detail(kind, rows) {
    const panel = make('div', { class: 'detail', id: `detail-${kind.index}`, role: 'region', 'aria-label': kind.message });
    const evidence = make('div', { class: 'evidence' });
    const list = make('ol', { class: 'rows' });
    const explanation = checks[kind.check];
    const show = (row, button) => {
      evidence.replaceChildren(...exchange(kind, row));
      for (const each of list.querySelectorAll('button')) each.setAttribute('aria-pressed', String(each === button));
    };
    let listed = 0;
    const further = make('button', { class: 'more', type: 'button', onclick: () => list_more() }, 'Show more');
    const list_more = () => {
      for (const row of rows.slice(listed, listed + ROWS)) list.append(make('li', {}, rowOf(kind, row, show)));
      listed = Math.min(rows.length, listed + ROWS);
      further.hidden = listed >= rows.length;
      further.textContent = `Show more (${number(rows.length - listed)} left)`;
    };
    list_more();
    const first = rows.find((row) => row.evidence) || kind.rows.find((row) => row.evidence) || rows[0];
    const omitted = kind.count - kind.rows.length;
    panel.append(
      evidence,
      make(
        'section',
        {},
        make('h4', {}, 'Found in', make('span', {}, counted(rows.length, 'place'))),
        list,
        further,
        omitted > 0 && rows === kind.rows
          ? make('p', { class: 'soft' }, `${number(omitted)} more are in the JSON report (--format json).`)
          : null,
      ),
      make(
        'details',
        {},
        make('summary', {}, 'What ', make('code', {}, kind.check), ' checks, and why'),
        make(
          'div',
          { class: 'explains' },
          ...explanation.map((paragraph) => make('p', {}, paragraph)),
          make('p', { class: 'soft' }, 'Examples: ', make('code', {}, `wirecheck explain ${kind.check}`)),
        ),
      ),
    );
    if (first) show(first, [...list.querySelectorAll('button')].find((each) => each.row === first));
    return panel;
  }

  function rowOf(kind, row, show) {
    const said = [
      make('code', {}, row.source),
      make('span', {}, row.request),
      row.message !== kind.message ? make('span', { class: 'says', dir: 'auto' }, row.message) : null,
    ];
    if (!row.evidence || kind.rows.length === 1) return make('div', { class: 'row' }, ...said);
    const button = make('button', { class: 'row', type: 'button', 'aria-pressed': 'false' }, ...said);
    button.row = row;
    button.addEventListener('click', () => show(row, button));
    return button;
  }

  function exchange(kind, row) {
    const evidence = row.evidence;
    const definition = make('span', {}, make('code', {}, `${kind.file}:${kind.line}`), ' ', make('code', {}, kind.definition));
    if (!evidence) return [make('section', {}, make('h4', {}, 'Defined at', definition))];
    const parts = [
      make(
        'div',
        { class: 'sides' },
        message(kind, row),
        make(
          'section',
          {},
          make('h4', {}, 'Document', definition),
          evidence.document
            ? code(evidence.document, kind.file.endsWith('.json') ? 'json' : 'yaml', 'Lines of the document')
            : make('p', { class: 'soft' }, 'The lines of the document cannot be shown.'),
        ),
      ),
      make('section', {}, make('h4', {}, 'Repeat the request', make('span', {}, row.source)), curl(evidence.curl)),
    ];
    const headers = [...headersOf('Request headers', evidence.request_headers), ...headersOf('Response headers', evidence.response_headers)];
    const elapsed = evidence.elapsed == null ? '' : `, ${number(Math.round(evidence.elapsed * 1000))} ms`;
    if (headers.length || elapsed) {
      parts.push(make('details', {}, make('summary', {}, `Headers${elapsed}`), make('div', { class: 'headers' }, ...headers)));
    }
    return parts;
  }

  // The message that is at fault: its body, or its beginning where no body can be shown.
  function message(kind, row) {
    const isRequest = kind.side === 'request';
    const { body, body_note: note, request_headers: sent, response_headers: received } = row.evidence;
    const title = isRequest ? 'Request' : 'Response';
    const place = row.pointer ? make('span', {}, make('code', {}, row.pointer)) : null;
    if (body) {
      const heading = make('h4', {}, `${title} body`, place, make('span', {}, note));
      return make('section', {}, heading, code(body, 'json', `${title} body`));
    }
    const [request, status] = row.request.split(' → ');
    const headers = (isRequest ? sent : received).map(([name, value]) => `${name}: ${value}`);
    const lines = [isRequest ? request : `status ${status}`, ...headers];
    const heading = make('h4', {}, title, make('span', {}, `body: ${note}`));
    return make('section', {}, heading, code({ lines, marked: [0, 0], first: null }, 'http', title));
  }

  function headersOf(title, headers) {
    if (!headers.length) return [];
    const pairs = headers.map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value)));
    return [make('h5', {}, title), make('dl', {}, ...pairs)];
  }

  function curl(text) {
    const button = make('button', { class: 'copy', type: 'button' }, 'Copy');
    button.addEventListener('click', async () => {
      button.textContent = (await copied(text)) ? 'Copied' : 'Press Ctrl+C';
      setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    });
    const lines = text.split('\n').map((line) => make('span', { class: line.startsWith('#') ? 'l c' : 'l' }, `${line}\n`));
    return make('div', { class: 'curl' }, make('pre', { class: 'code', tabindex: '0', 'aria-label': 'curl command' }, ...lines), button);
  }

  async function copied(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = make('textarea', { class: 'for-readers' }, text);
      document.body.append(area);
      area.select();
      const isCopied = document.execCommand('copy');
      area.remove();
      return isCopied;
    }
  }

  const TOKENS = {
    http: /(?<key>^[\w-]+(?=: ))/g,
    json: /(?<key>"(?:\\.|[^"\\])*"(?=\s*:))|(?<string>"(?:\\.|[^"\\])*"?)/g,
    yaml: /(?<comment>(?:^|\s)#.*$)|(?<key>^\s*(?:- )*["']?[^\s"'#:{}[\],][^"'#:{}[\]]*["']?(?=:(?:\s|$)))|(?<string>'[^']*'|"(?:\\.|[^"\\])*")/g,
  };
  const CLASSES = { key: 'k', string: 's', comment: 'c' };

  function code(excerpt, language, label) {
    const [start, end] = excerpt.marked;
    const lines = excerpt.lines.map((text, index) => {
      const isMarked = start <= index && index < end;
      const line = make(isMarked ? 'mark' : 'span', { class: 'l', 'data-n': excerpt.first == null ? null : excerpt.first + index });
      line.style.setProperty('--hang', Math.min(text.search(/\S|$/), 24) + 2);
      let position = 0;
      for (const match of text.matchAll(TOKENS[language])) {
        const [name] = Object.entries(match.groups).find(([, value]) => value !== undefined);
        line.append(text.slice(position, match.index), make('span', { class: CLASSES[name] }, match[0]));
        position = match.index + match[0].length;
      }
      line.append(`${text.slice(position)}\n`);
      return line;
    });
    return make('pre', { class: 'code', tabindex: '0', 'aria-label': label }, ...lines);
  }

  // Views, the theme, and the keyboard

  function showView() {
    for (const tab of document.querySelectorAll('[role=tab]')) {
      const isShown = tab.dataset.view === chosen.view;
      tab.setAttribute('aria-selected', String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
      find(tab.dataset.view).hidden = !isShown;
    }
  }

  function open(view) {
    chosen.view = view;
    showView();
    writeAddress();
  }

  function reset() {
    Object.assign(chosen, { q: '', severity: new Set(), check: '', operation: '' });
    find('q').value = '';
    update();
  }

  function step(by) {
    const buttons = [...document.querySelectorAll('button.kind')];
    const current = buttons.indexOf(document.activeElement?.closest('.kinds > li')?.firstChild);
    if (current + by >= buttons.length && rendered < shown.length) {
      more();
      step(by);
      return;
    }
    const next = buttons[Math.max(0, Math.min(buttons.length - 1, current + by))];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  }

  function close() {
    const element = document.activeElement?.closest('.kinds > li.open') || document.querySelector('.kinds > li.open');
    if (!element) return;
    element.firstChild.click();
    element.firstChild.focus();
  }

  document.addEventListener('keydown', (event) => {
    const isTyping = event.target.matches('input, select, textarea');
    if (event.ctrlKey || event.metaKey || event.altKey || find('keys').open) return;
    if (event.key === 'Escape') {
      if (event.target === find('q')) {
        if (chosen.q) { find('q').value = chosen.q = ''; update(); }
        else find('q').blur();
      } else close();
      return;
    }
    if (event.target === find('q') && ['ArrowDown', 'Enter'].includes(event.key)) {
      event.preventDefault();
      document.querySelector('button.kind')?.focus();
      return;
    }
    if (isTyping) return;
    if (event.target.matches('[role=tab]') && ['ArrowLeft', 'ArrowRight'].includes(event.key)) {
      const tabs = [...document.querySelectorAll('[role=tab]')];
      const place = tabs.indexOf(event.target) + (event.key === 'ArrowRight' ? 1 : -1);
      const next = tabs[(place + tabs.length) % tabs.length];
      open(next.dataset.view);
      next.focus();
    } else if (event.key === '/') {
      event.preventDefault();
      open('findings');
      find('q').focus();
      find('q').select();
    } else if (event.key === '?') {
      find('keys').showModal();
    } else if (chosen.view === 'findings') {
      const isInList = event.target.matches('button.kind');
      if (event.key === 'j' || (isInList && event.key === 'ArrowDown')) { event.preventDefault(); step(1); }
      if (event.key === 'k' || (isInList && event.key === 'ArrowUp')) { event.preventDefault(); step(-1); }
    }
  });

  let waiting = 0;
  find('q').addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { chosen.q = find('q').value.trim(); update(); }, 120);
  });
  for (const name of ['check', 'operation']) {
    find(name).addEventListener('change', () => { chosen[name] = find(name).value; update(); });
  }
  for (const chip of document.querySelectorAll('.chip')) {
    chip.addEventListener('click', () => {
      const severity = chip.dataset.severity;
      if (!chosen.severity.delete(severity)) chosen.severity.add(severity);
      update();
    });
  }
  for (const tab of document.querySelectorAll('[role=tab]')) tab.addEventListener('click', () => open(tab.dataset.view));
  for (const link of document.querySelectorAll('[data-operation]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      reset();
      chosen.operation = link.dataset.operation;
      open('findings');
      update();
      find('q').focus({ preventScroll: true });
    });
  }
  find('reset').addEventListener('click', reset);
  find('reset-none').addEventListener('click', reset);
  find('more').addEventListener('click', more);
  find('help').addEventListener('click', () => find('keys').showModal());
  find('keys').addEventListener('click', (event) => { if (event.target === find('keys')) find('keys').close(); });
  new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting) && rendered < shown.length) more();
  }, { rootMargin: '400px' }).observe(find('more'));
  addEventListener('hashchange', () => { readAddress(); find('q').value = chosen.q; showView(); update(); });
  addEventListener('beforeprint', () => { while (rendered < Math.min(shown.length, 1000)) more(); });

  const root = document.documentElement;
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : prefersDark.matches);
  const nameTheme = () => { find('theme').textContent = isDark() ? 'Light' : 'Dark'; };
  try {
    const kept = localStorage.getItem('wirecheck-theme');
    if (kept === 'light' || kept === 'dark') root.dataset.theme = kept;
  } catch {
    // no storage, no memory of the theme
  }
  find('theme').addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    nameTheme();
    try { localStorage.setItem('wirecheck-theme', root.dataset.theme); } catch { /* the same */ }
  });
  prefersDark.addEventListener('change', nameTheme);
  nameTheme();

  root.classList.add('js');
  for (const element of document.querySelectorAll('.static')) element.remove();
  for (const element of document.querySelectorAll('.scripted')) element.hidden = false;
  readAddress();
  find('q').value = chosen.q;
  showView();
  update();
  if (chosen.kind && byId.has(chosen.kind)) {
    while (!document.querySelector('.kinds > li.open') && rendered < shown.length) more();
    document.querySelector('.kinds > li.open')?.scrollIntoView();
  }
})();
