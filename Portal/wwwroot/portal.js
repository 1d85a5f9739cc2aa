// What works without a circuit: theme, navigation drawer, menus that close, dialogs. Loaded as a module on every page.
const root = document.documentElement;

const remember = (name, value) => document.cookie = `portal.${name}=${value}; path=/; max-age=31536000; samesite=lax` + (location.protocol === 'https:' ? '; secure' : '');

// Which day is today is the reader's to say.
remember('zone', Intl.DateTimeFormat().resolvedOptions().timeZone);

function setTheme(theme) {
  root.dataset.theme = theme;
  remember('theme', theme);
}

document.addEventListener('click', e => {
  const target = e.target instanceof Element ? e.target : null;
  if (!target) return;
  if (target.closest('[data-theme-toggle]')) {
    const dark = root.dataset.theme === 'dark' || (root.dataset.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
    setTheme(dark ? 'light' : 'dark');
  }
  if (target.closest('[data-nav-toggle]') || target.closest('.shell-nav a')) {
    const shell = document.querySelector('.shell');
    const open = target.closest('[data-nav-toggle]') ? shell?.classList.toggle('nav-open') : (shell?.classList.remove('nav-open'), false);
    document.querySelector('.nav-toggle')?.setAttribute('aria-expanded', String(!!open));
  }
  // A menu closes when something else is clicked, or something in it is chosen.
  for (const menu of document.querySelectorAll('details.menu[open], details.filter[open]'))
    if (!menu.contains(target) || (menu.matches('.menu') && target.closest('a, button, li > label'))) {
      if (menu.contains(document.activeElement)) menu.querySelector('summary').focus(); // what had the focus is hidden with the menu; what opens now gives it back to where it was
      menu.open = false;
    }
});

document.addEventListener('keydown', e => {
  if (e.key === 'Escape')
    for (const menu of document.querySelectorAll('details.menu[open], details.filter[open]')) {
      menu.open = false;
      menu.querySelector('summary')?.focus();
    }
});

// A menu or panel that would leave the screen is moved back onto it, whichever side its button stands at.
document.addEventListener('toggle', e => {
  const panel = e.target.open && e.target.matches('details.menu, details.filter') && e.target.querySelector(':scope > :not(summary)');
  if (!panel) return;
  panel.style.translate = '';
  const { left, right } = panel.getBoundingClientRect(), edge = root.clientWidth - 8;
  if (right > edge || left < 8) panel.style.translate = `${right > edge ? edge - right : 8 - left}px`;
}, true);

// The sections of a phone: opening gives them the focus, Escape closes them and gives it back, and so does leaving them by Tab, for behind them nothing is seen.
const closeSections = back => {
  const toggle = document.querySelector('.nav-toggle');
  document.querySelector('.shell')?.classList.remove('nav-open');
  toggle?.setAttribute('aria-expanded', 'false');
  if (back) toggle?.focus();
};
document.addEventListener('click', e => { if (e.target instanceof Element && e.target.closest('.nav-toggle')) document.querySelector('.nav-open > .shell-nav a')?.focus(); });
document.addEventListener('keydown', e => { if (e.key === 'Escape' && document.querySelector('.nav-open')) closeSections(true); });
document.addEventListener('focusin', e => { if (document.querySelector('.nav-open') && !e.target.closest('.shell-nav, .nav-toggle, .nav-scrim')) closeSections(!e.target.closest('main')); });

// A page kept by the browser's back button after signing out must not show what it showed.
addEventListener('pageshow', e => { if (e.persisted) location.reload(); });

// Nothing of a session stays on screen once it has ended: a page asks whether its own still stands when another tab shows another, when it
// comes to the front, when its line is lost, and every second and a half where it has no line that would tell.
const session = root.dataset.session ?? '';
async function follow() {
  if (!session) return moveOn();
  const answer = await fetch('/account/session', { cache: 'no-store' }).catch(() => null); // not to be reached: nothing is known
  if (!answer || (answer.status !== 401 && (!answer.ok || await answer.text() === session))) return;
  document.body.replaceChildren();
  location.replace(location.pathname + location.search);
}
// A page of somebody who was signed out, in a browser that is signed in by now: where one signs in leads on to where it was going; any other form
// takes the token that goes with the session, and keeps what was typed.
async function moveOn() {
  const forms = document.querySelectorAll('form[method=post]');
  if (!location.pathname.startsWith('/account/') || !forms.length || !await fetch('/account/session', { cache: 'no-store' }).then(a => a.ok, () => false)) return;
  if (/^\/account\/(sign-in|passkey|second-step)$/.test(location.pathname)) {
    const to = new URLSearchParams(location.search).get('returnUrl') ?? '';
    return location.replace(/^\/(?![/\\])/.test(to) ? to : '/home');
  }
  const page = await fetch(location.href, { cache: 'no-store' }).then(a => a.ok ? a.text() : '', () => '');
  const token = new DOMParser().parseFromString(page, 'text/html').querySelector('[name=__RequestVerificationToken]')?.value;
  for (const field of token ? document.querySelectorAll('[name=__RequestVerificationToken]') : []) field.value = token;
}
// What was typed in a form that was refused because it had been open for too long.
for (const note of document.querySelectorAll('[data-typed]'))
  for (const [name, value] of Object.entries(JSON.parse(note.dataset.typed)))
    for (const field of document.getElementsByName(name)) if (!field.value) field.value = value;
// What a tab keeps of somebody's typing (line.js) goes with their session.
if (!session) sessionStorage.removeItem('portal.typed');
const tabs = new BroadcastChannel('portal.session');
tabs.onmessage = e => { if (e.data !== session) follow(); };
tabs.postMessage(session);
document.addEventListener('visibilitychange', () => { if (!document.hidden) follow(); });
const lost = document.getElementById('components-reconnect-modal');
if (lost) lost.addEventListener('components-reconnect-state-changed', follow);
else if (session && location.pathname.startsWith('/account/')) setInterval(() => { if (!document.hidden) follow(); }, 1500);

// A list's filters are in its address: its form navigates inside the circuit where there is one, and by itself where there is none.
document.addEventListener('submit', e => {
  const form = e.target;
  if (!form.matches('form[data-list], form[role=search]') || !window.Blazor?.navigateTo || !document.querySelector('[data-interactive=true]')) return;
  e.preventDefault();
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== '') query.append(name, value);
  // Columns in one value, and none where they are the usual ones: short enough to keep and to share.
  const usual = form.querySelector('[data-usual]')?.dataset.usual;
  if (usual) {
    const chosen = query.getAll('columns').join(',') || 'none';
    query.delete('columns');
    if (chosen !== usual) query.set('columns', chosen);
  }
  const path = new URL(form.action).pathname;
  window.Blazor.navigateTo(query.size ? `${path}?${query}` : path);
  for (const filter of form.querySelectorAll('details[open]')) filter.open = false;
});
document.addEventListener('change', e => { if (e.target.matches('[data-submit]')) e.target.form.requestSubmit(); });

// A form that keeps itself: what is typed counts as a change twice a second, with or without a pause, so that at most a moment of typing can be lost.
const pauses = new WeakMap();
document.addEventListener('input', e => {
  const t = e.target;
  if (!t.closest('[data-autosave]') || !t.matches('textarea, input:not([type=checkbox], [type=radio], [type=file], [type=date])')) return;
  if (!pauses.has(t)) pauses.set(t, setTimeout(() => t.dispatchEvent(new Event('change', { bubbles: true })), 400));
});

// Blazor tells of a change only the element that changed, never the ones around it: the form is told by itself, after its field.
document.addEventListener('change', e => {
  clearTimeout(pauses.get(e.target));
  pauses.delete(e.target);
  e.target.closest('form')?.dispatchEvent(new Event('change'));
});

// The marks of a long text (PaperEdit): a button puts its mark into the text, or takes it out. The toolbar is one stop of the Tab key; the arrows go through it.
const tools = '[role=toolbar] > [data-mark]';
document.addEventListener('click', e => {
  const button = e.target instanceof Element ? e.target.closest(tools) : null;
  const field = button && document.getElementById(button.parentElement.getAttribute('aria-controls'));
  if (!field || field.matches(':disabled, [readonly]')) return;
  stop(button);
  mark(field, button.dataset.mark, button.parentElement.dataset.words);
});
document.addEventListener('keydown', e => {
  if (!(e.target instanceof Element) || e.isComposing) return;
  const kind = (e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && { KeyB: 'bold', KeyI: 'italic' }[e.code];
  const own = kind && e.target.matches('textarea') && e.target.closest('.paper-edit')?.querySelector(`[data-mark=${kind}]`);
  if (own) { e.preventDefault(); own.click(); return; }
  if (!e.target.matches(tools)) return;
  const all = [...e.target.parentElement.querySelectorAll('[data-mark]')], on = getComputedStyle(e.target).direction === 'rtl' ? -1 : 1;
  const at = all.indexOf(e.target), to = { ArrowRight: at + on, ArrowLeft: at - on, Home: 0, End: all.length - 1 }[e.key];
  if (to === undefined) return;
  e.preventDefault();
  const next = all.at(to % all.length);
  stop(next);
  next.focus();
});
function stop(button) { for (const b of button.parentElement.children) b.tabIndex = b === button ? 0 : -1; }

function mark(field, kind, words) {
  const text = field.value, { selectionStart: from, selectionEnd: to } = field;
  const first = text.lastIndexOf('\n', from - 1) + 1, end = text.indexOf('\n', Math.max(from, to - 1)), last = end < 0 ? text.length : end;
  const chosen = text.slice(from, to), lines = text.slice(first, last).split('\n');
  const put = (start, stop, by, select = by.length, length = 0) => write(field, start, stop, by, start + select, start + select + length);
  if (kind === 'bold' || kind === 'italic') {
    const sign = kind === 'bold' ? '**' : '*', size = sign.length;
    const around = s => { const w = s.trim(); return w ? s.replace(w, () => sign + w + sign) : s; };
    const isOn = text.slice(from - size, from) === sign && text.slice(to, to + size) === sign && (size === 2 || text[from - 2] !== '*' || text[from - 3] === '*');
    if (isOn && chosen) put(from - size, to + size, chosen, 0, chosen.length);
    else if (!chosen.trim()) put(from, to, sign + words + sign, size, words.length);
    else if (chosen.includes('\n')) { const by = chosen.split('\n').map(around).join('\n'); put(from, to, by, 0, by.length); }
    else { const by = around(chosen), w = chosen.trim(); put(from, to, by, by.indexOf(w, size), w.length); }
  } else if (kind === 'heading' || kind === 'list') {
    // A heading goes down a level each time, and after the third is none.
    const turn = kind === 'list'
      ? (l => l.every(s => /^\s*- /.test(s)) ? s => s.replace(/^(\s*)- /, '$1') : s => /^\s*(- |$)/.test(s) ? s : '- ' + s)(lines.filter(s => s.trim()))
      : s => s.startsWith('### ') ? s.slice(4) : /^#{1,2} /.test(s) ? '#' + s : s.trim() ? '# ' + s : s;
    const by = chosen || lines.join('').trim() ? lines.map(turn).join('\n') : kind === 'list' ? '- ' : '# ';
    put(first, last, by, chosen ? 0 : by.length, chosen ? by.length : 0);
  } else if (kind === 'link') {
    const isAddress = /^(https?:\/\/|mailto:)\S+$/.test(chosen), said = isAddress || !chosen ? words : chosen.replaceAll('\n', ' ');
    const address = isAddress ? chosen : 'https://', by = `[${said}](${address})`;
    if (isAddress || !chosen) put(from, to, by, 1, said.length);
    else put(from, to, by, said.length + 3, address.length);
  } else if (kind === 'table') {
    const by = (last > 0 ? '\n\n' : '') + `| ${words} | ${words} |\n| --- | --- |\n| ${words} | ${words} |\n\n`;
    put(last, last, by, by.indexOf(words), words.length);
  } else if (kind === 'note') {
    const number = Math.max(0, ...[...text.matchAll(/\[\^(\d{1,6})\]/g)].map(m => Number(m[1]))) + 1;
    const note = `\n\n[^${number}]: ${words}`, whole = text.slice(to) .replace(/\s+$/, '') + note;
    put(to, text.length, `[^${number}]` + whole, `[^${number}]`.length + whole.length - words.length, words.length);
  }
}

// As if it were typed, so that the browser can take it back; and no more than the field takes.
function write(field, start, end, by, from, to) {
  field.focus();
  if (field.maxLength >= 0 && field.value.length - (end - start) + by.length > field.maxLength) return;
  field.setSelectionRange(start, end);
  if (!document.execCommand(by ? 'insertText' : 'delete', false, by)) {
    field.setRangeText(by, start, end, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  field.setSelectionRange(from, to);
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

// The lines of an error summary lead to their fields.
document.addEventListener('click', e => {
  const link = e.target instanceof Element ? e.target.closest('[data-focus]') : null;
  const field = link && document.getElementById(link.dataset.focus);
  if (field) { e.preventDefault(); field.focus(); field.scrollIntoView({ block: 'center' }); }
});

// The skip link gives the content the focus: Blazor, which takes links to the page itself for its own, only scrolls.
document.addEventListener('click', e => {
  const main = e.target instanceof Element && e.target.closest('.skip-link') ? document.getElementById('main') : null;
  if (main) { e.preventDefault(); main.focus(); scrollTo(0, 0); }
});

// The palette: Ctrl+K opens it, or goes to the search where there is no circuit. Its server says what there is to choose;
// the highlight, the Enter key and closing are handled here, so that a slow line never holds up a key.
const palette = () => document.getElementById('palette');
const paletteInput = () => palette()?.querySelector('input');
const paletteOptions = () => [...palette()?.querySelectorAll('[role=option]') ?? []];
let chosen = null, moved = false, entered = false;

function choose(option) {
  chosen = option;
  for (const o of paletteOptions()) o.setAttribute('aria-selected', String(o === option));
  if (option) { paletteInput().setAttribute('aria-activedescendant', option.id); option.scrollIntoView({ block: 'nearest' }); }
  else paletteInput()?.removeAttribute('aria-activedescendant');
}

function openPalette() {
  const dialog = palette();
  if (!dialog) return false;
  if (dialog.open) dialog.close();
  else { listing.disconnect(); listing.observe(dialog.querySelector('[role=listbox]'), { childList: true, attributeFilter: ['data-answers'] }); dialog.showModal(); paletteInput().focus(); }
  return true;
}

// What was moved to stays chosen while the list grows, else the first is. Enter pressed before the list answers what was typed waits for it.
const listing = new MutationObserver(() => {
  const options = paletteOptions();
  choose(moved && options.includes(chosen) ? chosen : options[0] ?? null);
  if (entered && answers()) { entered = false; chosen?.click(); }
});
const answers = () => palette().querySelector('[role=listbox]').dataset.answers === paletteInput().value.trim();

document.addEventListener('keydown', e => {
  if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && (e.code === 'KeyK' || e.key?.toLowerCase() === 'k')) {
    const search = document.getElementById('top-q');
    if (openPalette()) e.preventDefault();
    else if (search) { e.preventDefault(); search.focus(); search.select(); }
    return;
  }
  if (e.isComposing || e.target !== paletteInput()) return;
  const options = paletteOptions(), at = options.indexOf(chosen), last = options.length - 1;
  const to = { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last }[e.key];
  if (to !== undefined) { e.preventDefault(); moved = true; choose(options[to] ?? null); }
  else if (e.key === 'Enter') { e.preventDefault(); if (answers()) chosen?.click(); else entered = true; }
});
document.addEventListener('input', e => { if (e.target === paletteInput()) { moved = entered = false; choose(paletteOptions()[0] ?? null); } });
document.addEventListener('click', e => {
  if (!(e.target instanceof Element)) return;
  if (e.target.closest('[data-palette]')) openPalette();
  else if (e.target === palette() || (e.target.closest('#palette [role=option]') && !e.ctrlKey && !e.metaKey)) palette().close();
});
document.addEventListener('close', e => { if (e.target === palette()) { paletteInput().value = ''; chosen = null; moved = entered = false; } }, true);

// A date is told of once it is whole. Each key in a date field is a change of its own, and nobody means the years 0002, 0020 and 0202 on the way to 2027:
// what the browser says while the field is in use waits until it is left or its form is sent. A half-typed date is no empty one; nothing is sent before it is whole.
const untold = new Set();
const isHalf = field => field.validity.badInput;
function tell(field) { if (untold.delete(field) && !isHalf(field)) field.dispatchEvent(new Event('change', { bubbles: true })); }
addEventListener('change', e => {
  if (!e.isTrusted || e.target.type !== 'date' || e.target !== document.activeElement) return;
  e.stopImmediatePropagation();
  untold.add(e.target);
}, true);
addEventListener('focusout', e => tell(e.target), true);

// Escape presses the way out of the dialog that is in front, which asks first where something would be lost.
addEventListener('keydown', e => {
  if (e.key !== 'Escape' || e.isComposing) return;
  tell(e.target);
  [...document.querySelectorAll('.mud-dialog [data-escape]')].at(-1)?.click();
}, true);
function sendsDates(e, form) {
  const fields = [...form?.querySelectorAll('input[type=date]') ?? []];
  fields.forEach(tell);
  const half = fields.find(isHalf);
  if (half) { e.preventDefault(); e.stopImmediatePropagation(); half.reportValidity(); }
}
addEventListener('submit', e => sendsDates(e, e.target), true);
addEventListener('click', e => { if (e.target instanceof Element && e.target.closest(':is(.form-foot, .actions) button[type=button]:not(.btn-quiet)')) sendsDates(e, e.target.closest('form, section')); }, true);

// A form without a circuit is sent once: a second press would break off the first, and with it the answer. Whoever stopped it may send it again soon.
addEventListener('submit', e => {
  const form = e.target;
  if (e.defaultPrevented || form.method !== 'post') return;
  if (form.dataset.sent) { e.preventDefault(); return; }
  form.dataset.sent = 'true';
  setTimeout(() => delete form.dataset.sent, 5000);
});
// The second click of a double click sends nothing.
addEventListener('click', e => { if (e.detail > 1 && e.target instanceof Element && e.target.closest('button[type=submit]')) { e.preventDefault(); e.stopImmediatePropagation(); } }, true);

// The tab that only asked again who somebody is has done its work.
const closing = document.querySelector('[data-close]');
if (closing && window.opener) {
  closing.hidden = false;
  closing.addEventListener('click', () => window.close());
  if (closing.dataset.close === 'now') window.close();
}

// What had the focus may go with what was done: a button whose act is over, a dialog whose opener is no more. The page's heading takes it, so that the keyboard does not start over.
let focused = null;
addEventListener('focusin', e => { focused = e.target instanceof Element && e.target.closest('[data-interactive=true], .mud-dialog') ? e.target : null; });
new MutationObserver(() => {
  if (!focused || focused.isConnected || document.activeElement !== document.body) return;
  focused = null;
  document.querySelector('main h1[tabindex]')?.focus({ preventScroll: true });
}).observe(document.body, { childList: true, subtree: true });
