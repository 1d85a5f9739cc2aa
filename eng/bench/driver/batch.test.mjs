// node --test : parsing checks that need no server.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { parsePage } from './lib/circuit.mjs';
import { findLoginForm, Jar } from './lib/http.mjs';
import { readBatch, applyHandlers } from './lib/batch.mjs';
import { pct, summary } from './lib/util.mjs';

test('markers, state and flavour of a page', () => {
  const p = parsePage('<base href="/x/"><script type="importmap">{"./_framework/blazor.server.js":"a"}</script><!--Blazor:{"type":"server","prerenderId":"p","key":{"locationHash":"h:1","formattedComponentKey":""},"sequence":1,"descriptor":"BB"}-->hi<!--Blazor:{"prerenderId":"p"}--><!--Blazor:{"type":"server","sequence":0,"descriptor":"AA"}--><!--Blazor:{"type":"webassembly","typeName":"x"}--><!--Blazor-Server-Component-State:Q0Y=--><script src="_framework/blazor.web.js"></script>');
  assert.deepEqual(p.markers.map(m => m.descriptor), ['AA', 'BB']);
  assert.equal(p.state, 'Q0Y='); assert.equal(p.base, '/x/'); assert.equal(p.web, true);
  assert.equal(parsePage('<script src="_framework/blazor.server.js"></script>').web, false);
});

test('login form', () => {
  const f = findLoginForm('<form action="/s"><input name="q"></form><form method="post" action="/Account/Login?a=1&amp;b=2"><input type="hidden" name="_handler" value="login"><input name="Input.Email" type="email"><input type="password" name="Input.Password"></form>');
  assert.equal(f.action, '/Account/Login?a=1&b=2'); assert.equal(f.user, 'Input.Email'); assert.equal(f.pass, 'Input.Password');
  const j = new Jar(); j.take(['a=1; path=/', 'b=2; HttpOnly']); j.take('a=; max-age=0'); assert.equal(j.header, 'b=2');
});

// Builds a batch: component 5 prepends <button class="x" onclick=#7>Go</button>.
function batch() {
  const strs = ['button', 'class', 'x', 'onclick', 'Go'], parts = []; let pos = 0;
  const put = b => { parts.push(b); const at = pos; pos += b.length; return at; };
  const i32 = (...v) => { const b = Buffer.alloc(4 * v.length); v.forEach((x, i) => b.writeInt32LE(x, i * 4)); return b; };
  const diff = put(i32(5, 1, 1, 0, 0, 0));
  const diffs = put(i32(1, diff));
  const frames = put(i32(4)); 
  put(i32(1, 4, 0, 0, 0)); put(i32(3, 1, 2, 0, 0)); put(i32(3, 3, -1, 7, 0)); put(i32(2, 4, 0, 0, 0));
  const comps = put(i32(0)), disp = put(i32(0));
  const at = strs.map(s => put(Buffer.concat([Buffer.from([s.length]), Buffer.from(s)])));
  const table = put(i32(...at)); put(i32(diffs, frames, comps, disp, table));
  return Buffer.concat(parts);
}
test('event handlers of a render batch', () => {
  const b = readBatch(batch()), m = new Map();
  assert.equal(b.handlers.length, 1); assert.equal(b.handlers[0].id, 7); assert.equal(b.handlers[0].el.text, 'Go');
  applyHandlers(m, b);
  applyHandlers(m, { dead: [7], handlers: [], replaced: [{ id: 9, component: 5, name: 'onclick' }] });
  assert.equal(m.get(9).el.tag, 'button'); assert.equal(m.size, 1);
});

test('percentiles', () => { assert.equal(pct([1, 2, 3, 4], 50), 2); assert.equal(summary([3, 1, 2]).max, 3); });

test('the jar keeps Secure and __Host- cookies on plain http: targets are loopback only', () => {
  const j = new Jar(); j.take(['__Host-session=a%2Fb==; Path=/; Secure; HttpOnly; SameSite=Lax']);
  assert.equal(j.header, '__Host-session=a%2Fb==');
});
