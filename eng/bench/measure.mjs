// Makes the databases, starts the published portal on loopback and prints one table row per measure. See README.md.
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { execFile, execFileSync } from 'node:child_process';
import { start } from './driver/lib/server.mjs';
import { Jar, login, get } from './driver/lib/http.mjs';
import { parseArgs, proc, sleep } from './driver/lib/util.mjs';

const a = parseArgs(process.argv.slice(2));
const small = +(a.small ?? 10_000), large = +(a.large ?? 1_000_000);
const circuits = +(a.circuits ?? 500), rate = +(a.rate ?? 20), seconds = +(a.seconds ?? 10), connections = +(a.connections ?? 32);
const wanted = part => !a.only || a.only.split(',').includes(part);
const note = text => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
const count = n => n.toLocaleString('en');

// --- The portal: its settings, its commands, its processes -------------------------------------------------------
const cmd = ['dotnet', path.join(a.publish, a.app)];
const settings = needs => ({
  ASPNETCORE_ENVIRONMENT: 'Development', // the only one that allows demo data
  Portal__DemoData: 'true',
  SignIn__RequireSecondFactor: 'false', SignIn__CircuitsPerPerson: '1000', SignIn__RequestsPerMinute: '1000000',
  Logging__LogLevel__Default: 'Warning',
  Database__Provider: 'Sqlite',
  ConnectionStrings__Portal: `Data Source=${path.join(a.work, `needs-${needs}.db`)}`,
});
const log = path.join(a.work, 'server.log');
const portal = (needs, ...args) => execFileSync(cmd[0], [cmd[1], ...args], { cwd: a.publish, env: { ...process.env, ...settings(needs) }, encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'inherit'] });
const freePort = () => new Promise(done => { const s = net.createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => done(port)); }); });

const running = new Set();
process.on('exit', () => { for (const s of running) try { process.kill(s.pid); } catch { /* it has gone */ } });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

async function serve(needs) {
  const origin = `http://127.0.0.1:${await freePort()}`;
  const s = await start({ cwd: a.publish, cmd, url: origin + '/health/ready', log, env: settings(needs) });
  running.add(s);
  return { pid: s.pid, origin, async stop() { running.delete(s); await s.stop(); } };
}

const made = new Set();
function database(needs) {
  if (made.has(needs)) return;
  note(`making the database of ${count(needs)} needs`);
  const t = performance.now();
  portal(needs, 'migrate');
  portal(needs, 'demo', 'reset', '--needs', String(needs));
  note(`made in ${((performance.now() - t) / 1000).toFixed(0)} s`);
  made.add(needs);
}

// --- People ----------------------------------------------------------------------------------------------------
function csv(text) {
  const rows = [[]]; let cell = '', quoted = false;
  const end = () => { rows.at(-1).push(cell); cell = ''; };
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) { if (c !== '"') cell += c; else if (text[i + 1] === '"') cell += text[++i]; else quoted = false; }
    else if (c === '"') quoted = true;
    else if (c === ',') end();
    else if (c === '\n') { end(); rows.push([]); }
    else if (c !== '\r') cell += c;
  }
  end();
  return rows.filter(r => r.length > 1);
}

/** The first demo account of a role that can sign in, of the kind of organisation if there is one. */
function person(needs, role, kind) {
  const [head, ...rows] = csv(portal(needs, 'demo', 'accounts'));
  const people = rows.map(r => Object.fromEntries(head.map((name, i) => [name.trim(), r[i]])))
    .filter(p => p.role.split(/[;|, ]+/).includes(role) && !/suspend|disabled|closed|locked|invited|pending|expired/i.test(p.state));
  const found = people.find(p => kind?.test(p.kind)) ?? people[0];
  if (!found) throw new Error(`"demo accounts" lists nobody with the role ${role}`);
  return found;
}
const donor = needs => person(needs, 'ProviderManager', /donor/i);
const officer = needs => person(needs, 'AssistanceOfficer');

/** Signs in once and makes sure that the page is then answered itself, not by a redirect to somewhere else. */
async function cookie(server, who, page) {
  const jar = new Jar();
  if (who) {
    const r = await login({ loginUrl: server.origin + '/account/sign-in', user: who.email, password: who.password, jar });
    if (!r.ok) throw new Error(`${who.email} could not sign in: HTTP ${r.status}`);
  }
  const r = await get(server.origin + page, { jar });
  if (r.status !== 200 || new URL(r.url).pathname !== page.split('?')[0]) throw new Error(`${page} was answered by ${r.url}, HTTP ${r.status}`);
  return jar.m.size ? ['--cookie', jar.header] : [];
}

// --- The driver ------------------------------------------------------------------------------------------------
const drive = (script, args, minutes) => new Promise((done, fail) => execFile('node',
  [new URL(`./driver/${script}`, import.meta.url).pathname, ...args.map(String)], { timeout: minutes * 60_000, maxBuffer: 64 << 20 },
  (e, out, err) => { try { done(JSON.parse(out.slice(out.indexOf('{')))); } catch { fail(new Error((err || String(e)).trim().split('\n').find(l => /Error|refus|usage/.test(l)) ?? String(e))); } }));

async function load(server, page, who) {
  note(`${page}${who ? ` as ${who.role}` : ''}`);
  const r = await drive('http-load.mjs', ['--url', server.origin + page, '--connections', connections, '--seconds', seconds, '--warmup', Math.max(3, Math.ceil(seconds / 2)), '--pid', server.pid, ...await cookie(server, who, page)], 5);
  if (r.non2xx || r.socketErrors) throw new Error(`${r.non2xx} answers of 400 or more, ${r.socketErrors} socket errors`);
  return r;
}

async function open(server, page, who, n, more) {
  note(`${n} circuits of ${page} as ${who.role}`);
  const r = await drive('circuits.mjs', ['--url', server.origin + page, '--circuits', n, '--rate', rate, '--hold', 8, '--timeout', 60, '--pid', server.pid, '--quiet', ...more, ...await cookie(server, who, page)], 10);
  if (r.stillOpenAfterHold !== n) throw new Error(`${r.stillOpenAfterHold} of ${n} circuits stayed open: ${JSON.stringify(r.failures)}`);
  return r;
}

// --- The table -------------------------------------------------------------------------------------------------
let failed = false;
const row = (name, result, target, met) => console.log(`| ${name} | ${result} | ${target} | ${met === undefined ? '' : met ? 'yes' : 'no'} |`);
async function measure(name, work) {
  try { await work(); }
  catch (e) { failed = true; row(name, `failed: ${e.message.replaceAll('|', '/')}`, '', false); }
}
async function part(name, work) { if (wanted(name)) await measure(name, work); }

const cpu = os.cpus();
const said = (program, ...args) => { try { return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(); } catch { return '?'; } };
console.log(`Machine: ${cpu.length} × ${cpu[0].model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.type()} ${os.release()}, .NET SDK ${said('dotnet', '--version')}, SQLite. ${new Date().toISOString().slice(0, 10)}, commit ${said('git', 'rev-parse', '--short', 'HEAD')}${said('git', 'status', '--porcelain') ? ' with changes' : ''}.`);
console.log(`Command: \`${process.env.BENCH_COMMAND}\`. The load driver shares the machine's cores.\n`);
console.log('| Measure | Result | Target | Met |\n| --- | --- | --- | --- |');

await part('cold', async () => {
  database(small);
  const url = `http://127.0.0.1:${await freePort()}/en`, env = Object.entries(settings(small)).flatMap(([k, v]) => ['--env', `${k}=${v}`]);
  note('cold start');
  const r = await drive('cold-start.mjs', ['--cwd', a.publish, '--cmd', cmd.join(' '), '--url', url, '--runs', 5, '--log', log, ...env], 10);
  const t = r.firstPage200Ms;
  row('cold start to the first 200 of `/en`, median of 5', `${t.median} ms (${t.min}–${t.max}); published ${r.publishMB} MB`, '≤ 1,300 ms', t.median <= 1300);
});

// Memory is read on a fresh process; CPU a second time once the code is compiled.
await part('circuits', async () => {
  database(small);
  for (const [page, who, mb, ms] of [['/home', donor(small), 0.8, 15], ['/needs', officer(small), 1.0, 25]]) await measure(`circuits of \`${page}\``, async () => {
    const s = await serve(small), name = `\`${page}\`, ${who.role}, ${circuits} circuits`;
    try {
      if (page === '/home') { await sleep(8000); const idle = proc(s.pid).rssMB; row('idle memory, 8 s after the start', `${idle.toFixed(0)} MB`, '≤ 150 MB', idle <= 150); }
      const first = await open(s, page, who, circuits, ['--warmup', 5]);
      row(`${name}: memory each`, `${first.server.mbPerCircuit.toFixed(2)} MB`, `≤ ${mb.toFixed(1)} MB`, first.server.mbPerCircuit <= mb);
      row(`${name}: interactive p95 at ${rate}/s`, `${first.ms.interactive.p95} ms (p50 ${first.ms.interactive.p50})`, '≤ 100 ms', first.ms.interactive.p95 <= 100);
      const warm = await open(s, page, who, Math.min(circuits, 200), ['--warmup', 3, '--warmup-rest', 10]);
      row(`${name}: CPU to open one, warm`, `${warm.server.cpuMsPerCircuitOpen} ms (first ${circuits}: ${first.server.cpuMsPerCircuitOpen})`, `≤ ${ms} ms`, warm.server.cpuMsPerCircuitOpen <= ms);
    } finally { await s.stop(); }
  });
});

await part('http', async () => {
  database(small);
  const s = await serve(small);
  try {
    for (const page of ['/account/sign-in', '/en']) await measure(`\`${page}\``, async () => {
      const r = await load(s, page);
      row(`\`${page}\`, anonymous, ${connections} connections`, `${count(Math.round(r.reqPerSec))} requests/s, p99 ${r.p99ms.toFixed(1)} ms`, '≥ 4,000/s, p99 ≤ 30 ms', r.reqPerSec >= 4000 && r.p99ms <= 30);
    });
  } finally { await s.stop(); }
});

// Both sizes run side by side and are measured in turn, so that the machine's mood touches both.
await part('lists', async () => {
  const sizes = [small, large], page = a.list ?? '/needs';
  sizes.forEach(database);
  const servers = await Promise.all(sizes.map(serve));
  try {
    for (const who of [donor, officer]) await measure(`\`${page}\``, async () => {
      const cost = []; let role;
      for (const [i, needs] of sizes.entries()) {
        const p = who(needs), r = await load(servers[i], page, p);
        role = p.role; cost.push(r.serverCpuMsPerRequest);
        row(`\`${page}\` prerendered, ${role}, ${count(needs)} needs, ${connections} connections`, `${count(Math.round(r.reqPerSec))} requests/s, p95 ${r.p95ms.toFixed(1)} ms, CPU ${r.serverCpuMsPerRequest} ms`, '≥ 1,500/s, p95 ≤ 50 ms', r.reqPerSec >= 1500 && r.p95ms <= 50);
      }
      const ratio = cost[1] / cost[0];
      row(`\`${page}\`, ${role}: CPU of a page at ${count(large)} against ${count(small)}`, `× ${ratio.toFixed(2)}`, '≤ × 1.3', ratio <= 1.3);
    });
  } finally { for (const s of servers) await s.stop(); }
});

process.exit(failed ? 1 : 0);
