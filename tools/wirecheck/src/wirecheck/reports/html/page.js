// The views, the theme and the keyboard; begins when all of the page is there.

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
