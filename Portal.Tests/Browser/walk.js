// In the page: goes from stop to stop as the Tab key does, and says where somebody would not see where they are.
async () => {
  const found = new Set(), wide = innerWidth, still = new CSSStyleSheet();
  still.replaceSync('*, ::before, ::after { transition: none !important; }');
  document.adoptedStyleSheets = [still];
  const named = e => `${e.localName}${e.id ? '#' + e.id : ''}${[...e.classList].map(c => '.' + c).join('')} «${(e.getAttribute('aria-label') || e.textContent || e.name || '').trim().replace(/\s+/g, ' ').slice(0, 40)}»`;
  const say = (e, what) => found.add(`${what}: ${named(e)}`);
  const shown = e => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
  const stops = within => [...within.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')]
    .filter(e => !e.disabled && !e.closest('[inert], fieldset:disabled') && e.tabIndex >= 0 && shown(e));
  const marks = e => [null, '::before', '::after'].map(part => {
    const s = getComputedStyle(e, part);
    return { line: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1 && s.outlineColor !== 'rgba(0, 0, 0, 0)' ? `${s.outlineStyle} ${s.outlineWidth} ${s.outlineColor}` : '', shadow: s.boxShadow, out: parseFloat(s.outlineOffset) + parseFloat(s.outlineWidth), part };
  });
  // How many of a ring's four sides no box with an edge of its own cuts off.
  const sides = (e, out) => {
    const r = e.getBoundingClientRect(), ring = [r.left - out, r.right + out, r.top - out, r.bottom + out], seen = [1, 1, 1, 1];
    for (let box = e.parentElement; box && box !== document.body; box = box.parentElement) {
      const s = getComputedStyle(box), b = box.getBoundingClientRect();
      if (s.overflowX !== 'visible') { if (ring[0] < b.left - 1) seen[0] = 0; if (ring[1] > b.right + 1) seen[1] = 0; }
      if (s.overflowY !== 'visible') { if (ring[2] < b.top - 1) seen[2] = 0; if (ring[3] > b.bottom + 1) seen[3] = 0; }
    }
    return seen.reduce((a, b) => a + b);
  };
  const look = e => {
    document.activeElement?.blur();
    const before = marks(e);
    e.focus();
    if (document.activeElement !== e) return;
    const after = marks(e), ring = after.find((m, i) => (m.line && m.line !== before[i].line) || (m.shadow !== 'none' && m.shadow !== before[i].shadow));
    if (!ring) say(e, 'no ring');
    else if (!ring.part && sides(e, ring.out) < 2) say(e, 'ring cut off');
    const r = e.getBoundingClientRect();
    const [left, right, top, bottom] = [Math.max(r.left, 0), Math.min(r.right, wide), Math.max(r.top, 0), Math.min(r.bottom, innerHeight)];
    if (right - left < 1 || bottom - top < 1) return say(e, 'off the screen');
    if (!e.closest('.scroll-x, .list-wrap, .tabs') && (r.left < -1 || r.right > wide + 1)) say(e, 'leaves the screen');
    const labels = [...e.labels ?? []];
    for (const x of [.02, .25, .5, .75, .98]) for (const y of [.1, .5, .9]) {
      const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
      if (hit && (e.contains(hit) || hit.contains(e) || labels.some(l => l.contains(hit)))) return;
    }
    say(e, 'covered');
  };
  const sideways = what => { const more = document.documentElement.scrollWidth - document.documentElement.clientWidth; if (more > 0) found.add(`${more} px sideways${what}`); };
  sideways('');
  for (const e of stops(document)) {
    look(e);
    if (wide < 640 && e.matches('input:not([type=checkbox], [type=radio], [type=file]), select, textarea') && parseFloat(getComputedStyle(e).fontSize) < 16) say(e, 'a phone zooms in on letters so small');
  }
  for (const menu of [...document.querySelectorAll('details.menu, details.filter')].filter(m => shown(m.querySelector('summary')))) {
    menu.open = true;
    await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const panel = [...menu.children].find(c => c.localName !== 'summary'), r = panel.getBoundingClientRect();
    if (r.left < -1 || r.right > wide + 1) say(menu, `panel from ${Math.round(r.left)} to ${Math.round(r.right)}`);
    if (r.width < 80) say(menu, `panel ${Math.round(r.width)} wide`);
    sideways(' with ' + named(menu));
    for (const e of stops(panel).slice(0, 3)) look(e);
    menu.open = false;
  }
  document.activeElement?.blur();
  scrollTo(0, 0);
  return [...found];
}
