// The line between a screen and its server. The browser keeps what was typed, ticked and chosen, and knows what of it the server has heard. What the
// server had not heard when the line broke is told again once it is back, and nothing that acts can be pressed before the two agree.
const root = document.documentElement;
const session = root.dataset.session ?? '';
const banner = document.getElementById('components-reconnect-modal');
const note = document.getElementById('line-note');
const shelf = 'portal.typed';
const here = () => location.pathname;
const wait = ms => new Promise(r => setTimeout(r, ms));

// ---- What is a control, and how one is found again after it was drawn anew ----

const isFile = e => e.matches('input[type=file]');
const isControl = e => e instanceof Element && e.matches('textarea, select, input:not([type=hidden], [type=password], [type=file], [type=button], [type=submit], [type=reset], [autocomplete=one-time-code])') && !e.closest('#palette');
// Blazor sets this on a field when it begins to listen to it. A line that breaks while a page is drawn loses the word, and a file chosen there would be
// lost each time, in silence.
const isDeaf = e => !('_blazorInputFileNextFileId' in e);
const isBox = e => e.matches('[type=checkbox], [type=radio]');
const titleOf = e => e.closest('.mud-dialog')?.querySelector('.dialog-title')?.textContent.trim() ?? '';

function labelOf(e) {
  const label = e.labels?.[0] ?? e.closest('label');
  return (e.getAttribute('aria-label') ?? label?.querySelector('span')?.textContent ?? label?.firstChild?.textContent ?? (e.matches('a, button, summary') ? e.textContent : '')).trim();
}

const placeOf = e => [titleOf(e), e.closest('fieldset[id], form[id], section[id]')?.id, e.localName, e.type, e.name, isBox(e) ? e.value : '', e.getAttribute('href'), labelOf(e)].join('\n');
function keyOf(e) {
  if (e.id && document.getElementById(e.id) === e) return [titleOf(e), '#' + e.id].join('\n');
  const place = placeOf(e);
  return place + '\n' + [...document.getElementsByTagName(e.localName)].filter(o => placeOf(o) === place).indexOf(e);
}
function find(key) {
  const id = key.split('\n').at(-1);
  if (id.startsWith('#')) { const e = document.getElementById(id.slice(1)); return e && keyOf(e) === key ? e : null; }
  const name = key.split('\n')[2];
  return [...document.getElementsByTagName(name)].find(e => !e.id && keyOf(e) === key) ?? null;
}

const valueOf = e => isBox(e) ? e.checked : e.value;
function tell(e) {
  if (e.type === 'radio' && !e.checked) return; // the one that is chosen says it
  if (!isBox(e) && e.localName !== 'select') e.dispatchEvent(new Event('input', { bubbles: true }));
  e.dispatchEvent(new Event('change', { bubbles: true }));
}
// As if it were typed.
const fits = (e, value) => e.localName !== 'select' || [...e.options].some(o => o.value === value);
function put(e, value) {
  if (e.validity.badInput) return; // half a date is told of once it is whole
  if (valueOf(e) !== value) { if (isBox(e)) e.checked = value; else e.value = value; }
  tell(e);
}

// ---- What was touched, and how much of it was heard ----

const touched = new Map(); // control → { seq, key, value }
let presses = [], files = [], unsent = null, said = 0, heard = 0, asked = 0, probed = 0;
let state = 'starting', turn = 0, late = 0;
const ear = () => document.querySelector('[data-heard]');
const isHeld = () => state === 'down' || state === 'returning';
const unheard = () => [...touched].filter(([e, t]) => t.seq > heard && !e.matches('[data-submit]'));

function ask(word) {
  const e = ear();
  if (!e) return;
  e.value = word;
  e.dispatchEvent(new Event('change', { bubbles: true }));
}

// Asked after what was sent: on one line the answer comes after all of it. After what acts at once, so that it is known whether it came through.
let asking = 0;
function askSoon() {
  if (state !== 'up' || asking || asked > heard) return;
  asking = setTimeout(() => { asking = 0; if (asked <= heard) askNow(); }, 50);
}
function askNow() {
  if (state !== 'up' || said <= asked) return;
  ask(String(asked = said));
  if (!late) late = setTimeout(slow, 10000);
}

// A dead line may go unnoticed for half a minute. Whoever gets no answer is told sooner, and presses nothing twice.
function slow() { late = 0; if (state === 'up' && asked > heard) { hold(); banner.classList.add('components-reconnect-show'); } }

function listen() {
  const e = ear();
  if (!e) return;
  probed = Number(e.dataset.probed || 0);
  const now = Number(e.dataset.heard || 0);
  if (now <= heard) return;
  heard = now;
  clearTimeout(late);
  late = asked > heard ? setTimeout(slow, 10000) : 0;
  presses = presses.filter(p => p.seq > heard);
  files = files.filter(f => f.seq > heard);
  for (const e of touched.keys()) if (!e.isConnected) touched.delete(e);
  if (state === 'down' && !isCut) { banner.classList.remove('components-reconnect-show'); free(); }
  else askSoon();
}

for (const kind of ['input', 'change']) addEventListener(kind, e => {
  const t = e.target;
  if (!(t instanceof Element) || t === ear()) return;
  if (isFile(t)) {
    if (kind !== 'change' || !t.files.length) return;
    const isLost = state === 'up' && isDeaf(t);
    if (!isHeld() && !isLost) { files.push({ seq: ++said, field: t, name: t.files[0].name }); askSoon(); return; }
    e.stopImmediatePropagation();
    if (isLost) { unsent = t.files[0].name; hold(); again(); return; }
    say('file', t.files[0].name);
    t.value = '';
    return;
  }
  if (!isControl(t) || (state === 'up' && t.matches('[data-submit]'))) return;
  touched.delete(t);
  if (t.type === 'radio') for (const o of touched.keys()) if (o.type === 'radio' && o.name === t.name) touched.delete(o);
  // Its value, too: what the server still draws may write over it before it is told.
  touched.set(t, { seq: ++said, key: keyOf(t), value: valueOf(t) });
  if (isCut) e.stopImmediatePropagation(); // nobody is there to hear it
  else if (kind === 'change') askSoon();
}, true);

// ---- What acts waits while the line is down ----

const acts = 'a[href], button, input[type=submit], [role=button], [role=menuitem], [role=option]';
const ownActs = '[data-nav-toggle], [data-theme-toggle], [data-palette], [data-focus], [data-mark], .skip-link, #line-note *, #blazor-error-ui *';
let waiting = null;
for (const kind of ['click', 'submit']) addEventListener(kind, e => {
  const t = e.target instanceof Element ? e.target.closest(kind === 'submit' ? 'form' : acts) : null;
  if (!t || t.matches(ownActs) || t.matches(':disabled')) return;
  if (isHeld()) {
    e.preventDefault();
    e.stopImmediatePropagation();
    if (t.matches('form[data-list], form[role=search]')) waiting = t;
    banner.textContent = banner.textContent; // said once more
  } else if (kind === 'click' && state === 'up' && t.closest('main, .mud-dialog, .shell-nav') && !t.closest('form[data-list]')) {
    pressed = ++said;
    // Pressed once more before an answer came: what is to be known is whether the first came through.
    if (!presses.some(p => p.control === t)) presses.push({ seq: pressed, control: t, link: t.closest('a[href]')?.href });
    setTimeout(askNow);
  }
}, true);
// Sent in one breath with the press, after the page has sent that: between the two a line may break, and then it would be said of a press that came
// through that it had no effect.
let pressed = 0;
addEventListener('click', () => { if (pressed === said) askNow(); });

function hold() { state = 'down'; root.dataset.line = 'down'; }
function free() {
  state = 'up';
  delete root.dataset.line;
  // A list was asked for meanwhile.
  for (const [e, t] of touched) if (e.matches('[data-submit]') && e.isConnected) { touched.delete(e); waiting = e.form; }
  if (waiting?.isConnected) waiting.requestSubmit();
  waiting = null;
  askSoon();
}

// ---- The line breaks, and is back ----

let isCut = false;
banner?.addEventListener('components-reconnect-state-changed', e => {
  const now = e.detail.state;
  if (now === 'show') { isCut = true; clearTimeout(late); clearTimeout(asking); late = asking = 0; turn++; if (state !== 'starting') hold(); }
  else if (now === 'hide') { isCut = false; asked = heard; back(); }
  else if (['rejected', 'failed', 'resume-failed'].includes(now)) again();
});

// Not before the portal answers: a page asked for over a line that has broken unnoticed is the browser's own, and what was typed is gone with it.
// A line that is refused, because its node is gone or another session has the browser, is not taken up again: the page is loaded anew, by whichever
// node answers, and what was typed is put back.
let isLeaving = false;
async function again() {
  if (isLeaving) return;
  isLeaving = true;
  while (!await fetch('/health/live', { cache: 'no-store' }).then(a => a.ok, () => false)) await wait(1000);
  location.reload();
}

// Until the server says so; false where the line broke again meanwhile.
async function answered(word, isIn, mine) {
  for (let i = 0; turn === mine; i++) {
    if (isIn()) return true;
    if (i % 20 === 0) ask(word);
    await wait(50);
  }
  return false;
}

async function back() {
  const mine = turn;
  if (unheard().length + presses.length + files.length === 0) { if (state !== 'starting') free(); return; }
  state = 'returning';
  // By the time this is answered all that the server had drawn meanwhile is on the screen, and what it had heard is known.
  const probe = probed + 1;
  if (!await answered('?' + probe, () => probed >= probe, mine)) return;
  // Before what is sent again is heard, which comes after them.
  const [gone, unheardFiles] = [presses, files];
  const missed = unheard().map(([e, t]) => ({ e: e.isConnected ? e : find(t.key), value: t.value, label: labelOf(e) }));
  const lost = missed.filter(m => !m.e || !fits(m.e, m.value));
  if (!await send(missed.filter(m => !lost.includes(m)), mine)) return;
  for (const f of unheardFiles) { if (f.field.isConnected) f.field.value = ''; say('file', f.name); }
  const turned = gone.findLast(p => p.link);
  if (gone.some(p => !p.link)) say('pressed');
  if (lost.length) say('lost', lost);
  presses = files = [];
  for (const e of [...touched.keys()]) if (!e.isConnected) touched.delete(e);
  if (interrupted) return restore(interrupted);
  free();
  // The address turned, and the page did not.
  if (turned?.link === location.href) window.Blazor?.navigateTo(turned.link, { replaceHistoryEntry: true });
}

// Sends what stands on the screen, in the order it was touched, until the server has it. Sent together, the answer to one may write over another on the
// screen; then each is sent once more and waits for its answer, and what the server shows after that is what it would have shown without the outage.
async function send(fields, mine) {
  const still = f => f.e.isConnected && touched.get(f.e)?.seq === f.seq;
  async function together(some) {
    for (const f of some) {
      put(f.e, f.value);
      f.seq = touched.get(f.e)?.seq;
    }
    const last = ++said;
    if (!await answered(String(last), () => heard >= last, mine)) return false;
    asked = heard;
    await wait(50);
    return true;
  }
  if (fields.length && !await together(fields)) return false;
  if (fields.some(f => still(f) && valueOf(f.e) !== f.value))
    for (const f of fields) if (still(f) && !await together([f])) return false;
  return true;
}

// ---- The page is loaded anew ----

addEventListener('pagehide', () => {
  const broken = state !== 'up' || unsent !== null || getComputedStyle(document.getElementById('blazor-error-ui')).display !== 'none';
  const fields = [...touched].filter(([e, t]) => e.isConnected && !e.matches('[data-submit]') && (t.seq > heard || (broken && e.closest('form, .mud-dialog'))))
    .map(([e, t]) => ({ key: t.key, value: valueOf(e), dialog: titleOf(e), label: labelOf(e) }));
  // And what was not yet put back from the time before.
  if (broken) fields.push(...[...interrupted ?? [], ...forDialogs].filter(f => !fields.some(o => o.key === f.key)));
  if (state === 'starting' || (!fields.length && unsent === null)) return;
  try { sessionStorage.setItem(shelf, JSON.stringify({ session, at: here(), fields, unsent })); } catch { /* more than the browser keeps */ }
});

function unshelve() {
  let kept = null;
  try { kept = JSON.parse(sessionStorage.getItem(shelf)); sessionStorage.removeItem(shelf); } catch { return []; }
  if (kept?.session !== session || kept.at !== here()) return [];
  if (kept.unsent) say('file', kept.unsent);
  return kept.fields;
}

let forDialogs = [], interrupted = null;
async function restore(fields) {
  const mine = turn;
  [state, interrupted] = ['returning', fields];
  forDialogs = fields.filter(f => f.dialog);
  let left = fields.filter(f => !f.dialog), done = [];
  // What a form kept comes first, and what was typed later goes over it. A field may be brought up by another.
  for (let i = 0; left.length && i < 30; i++) {
    const found = left.map(f => ({ ...f, e: find(f.key) })).filter(f => f.e && !f.e.matches(':disabled') && fits(f.e, f.value));
    const other = found.filter(f => valueOf(f.e) !== f.value);
    if (other.length && !await send(other, mine)) return;
    done.push(...other);
    left = left.filter(f => !found.some(o => o.key === f.key));
    if (left.length) await wait(100);
  }
  // The draft may have been read after.
  for (let i = 0; done.length && i < 5; i++) {
    await wait(200);
    const over = done.filter(f => f.e.isConnected && valueOf(f.e) !== f.value && touched.get(f.e)?.key === f.key && touched.get(f.e)?.seq <= heard);
    if (over.length && !await send(over, mine)) return;
  }
  if (done.length) say('returned');
  for (const title of new Set(forDialogs.map(f => f.dialog))) say('dialog', title);
  if (left.length) say('lost', left);
  interrupted = null;
  if (turn === mine) free();
}

// What was typed in a dialog comes back when the same one is opened again.
function reopen() {
  const titles = new Set([...document.querySelectorAll('.mud-dialog .dialog-title')].map(t => t.textContent.trim()));
  for (const f of forDialogs.filter(f => titles.has(f.dialog))) {
    const e = find(f.key);
    if (!e || e.matches(':disabled')) continue;
    forDialogs = forDialogs.filter(o => o !== f);
    if (valueOf(e) !== f.value) setTimeout(() => put(e, f.value));
  }
}

// ---- Said at the foot of the screen ----

function say(what, detail) {
  const line = document.createElement('p');
  line.textContent = note.dataset[what].replace('{0}', () => detail);
  note.querySelector('.line-said').append(line);
  if (Array.isArray(detail)) for (const f of detail.filter(f => typeof f.value === 'string' && f.value !== '')) {
    const text = document.createElement('p');
    text.className = 'original';
    text.dir = 'auto';
    text.textContent = (f.label ? f.label + ': ' : '') + f.value;
    note.querySelector('.line-said').append(text);
  }
  note.hidden = false;
}
note?.querySelector('button').addEventListener('click', () => { note.hidden = true; note.querySelector('.line-said').replaceChildren(); });

// ---- The page begins to answer: what was typed before, and where the cursor stood, stay ----

let focused = null;
const opened = new Map();
const at = e => { if (state === 'starting') focused = e && e !== document.body ? { e, key: keyOf(e) } : null; };
document.addEventListener('focusin', e => at(e.target));
document.addEventListener('focusout', e => queueMicrotask(() => { if (e.target.isConnected && document.activeElement === document.body) at(null); }));
document.addEventListener('toggle', e => { if (state === 'starting' && e.target.matches?.('details')) { const s = e.target.querySelector('summary'); if (s) opened.set(e.target, keyOf(s)); } }, true);

function start() {
  const typed = [...touched];
  touched.clear();
  for (const [old, key] of opened) if (old.open && !old.isConnected) { const s = find(key); if (s) s.parentElement.open = true; }
  opened.clear();
  for (const [old, t] of typed) {
    const e = old.isConnected ? old : find(t.key);
    if (e && e !== old && valueOf(e) !== valueOf(old)) { if (isBox(e)) e.checked = old.checked; else e.value = old.value; if (!e.closest('form[data-list], form[role=search]')) tell(e); }
  }
  if (focused && !focused.e.isConnected) {
    const e = find(focused.key);
    e?.focus({ preventScroll: true });
    if (e && focused.e.selectionStart != null && e.setSelectionRange) try { e.setSelectionRange(focused.e.selectionStart, focused.e.selectionEnd); } catch { /* a kind that has no cursor */ }
  }
  state = isCut ? 'down' : 'up';
  const kept = unshelve();
  if (kept.length) { hold(); restore(kept); }
}

// ---- Another page in the same circuit: its heading has the focus, unless something in it has; and Back leads to where one was ----

let page = null, heading = false, wanted = null;
const places = new Map();
const main = () => document.getElementById('main');
const isFree = () => !main()?.contains(document.activeElement) || document.activeElement === main();
addEventListener('click', e => {
  const link = e.target instanceof Element ? e.target.closest('main a[href]') : null;
  if (link) places.set(location.href, { y: scrollY, href: link.getAttribute('href') });
}, true);
addEventListener('popstate', () => { wanted = places.get(location.href) ?? null; if (wanted) setTimeout(w => { if (wanted === w) wanted = null; }, 5000, wanted); });
for (const kind of ['wheel', 'keydown', 'pointerdown']) addEventListener(kind, () => { wanted = null; heading = false; }, true);

function arrive() {
  const now = document.querySelector('[data-page]')?.dataset.page ?? null;
  if (now !== page) { heading = page !== null && now !== null && state !== 'starting'; page = now; }
  if (wanted) {
    const link = [...main()?.querySelectorAll('a[href]') ?? []].find(a => a.getAttribute('href') === wanted.href);
    if (link) { heading = false; link.focus({ preventScroll: true }); scrollTo(0, wanted.y); if (Math.abs(scrollY - wanted.y) < 2) wanted = null; }
  }
  const h1 = heading ? main()?.querySelector('h1') : null;
  if (!h1) return;
  heading = false;
  if (!isFree()) return;
  h1.tabIndex = -1;
  h1.focus();
}

// What was done on the server turns the page; drawn, so that it comes also over a line that was broken meanwhile.
let turns = 0;
function follow() {
  const to = ear()?.dataset;
  if (Number(to?.turn || 0) <= turns) return;
  turns = Number(to.turn);
  // The act that turns the page came through, with all that was said before it; what was pressed after it was pressed on the page that is left.
  presses = [];
  for (const [e, t] of touched) if (t.seq < pressed) touched.delete(e);
  window.Blazor.navigateTo(to.to, { replaceHistoryEntry: 'replaces' in to, forceLoad: 'loads' in to });
}

function look() {
  if (state === 'starting' && document.querySelector('[data-interactive=true]') && ear()) start();
  listen();
  follow();
  arrive();
  if (forDialogs.length) reopen();
}
// Before this script was there.
at(document.activeElement);
for (const e of document.querySelectorAll('input, textarea')) if (isControl(e) && !isBox(e) && e.value !== e.defaultValue) touched.set(e, { seq: 0, key: keyOf(e), value: e.value });
new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-heard', 'data-probed', 'data-interactive', 'data-page', 'data-turn'] });
look();
