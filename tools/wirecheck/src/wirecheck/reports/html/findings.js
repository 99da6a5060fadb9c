// The list of kinds, and what is shown of each.

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
  const further = make('button', { class: 'more', type: 'button', onclick: () => listMore() }, 'Show more');
  const listMore = () => {
    for (const row of rows.slice(listed, listed + ROWS)) list.append(make('li', {}, rowOf(kind, row, show)));
    listed = Math.min(rows.length, listed + ROWS);
    further.hidden = listed >= rows.length;
    further.textContent = `Show more (${number(rows.length - listed)} left)`;
  };
  listMore();
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
