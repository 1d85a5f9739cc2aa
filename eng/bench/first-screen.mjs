// How long a page takes on a slow line, in a real browser whose cache is cold: see README.md. npm install --no-save puppeteer-core beside it.
import net from 'node:net';
import puppeteer from 'puppeteer-core';
import { parseArgs } from './driver/lib/util.mjs';

const a = parseArgs(process.argv.slice(2));
const url = new URL(a.url ?? 'http://127.0.0.1:5080'), page = a.page ?? '/needs', account = a.account ?? 'focal.ken@demo.example';
const kbit = +(a.kbit ?? 400), delay = +(a.delay ?? 400), runs = +(a.runs ?? 5);
const sleep = ms => new Promise(done => setTimeout(done, ms));
const median = all => [...all].sort((x, y) => x - y)[all.length >> 1];

// A line: so many bits a second each way, shared packet by packet among its connections, and so long a way there and back; opening a connection takes one round trip.
class Line {
  bytes = 0; queues = new Map(); isBusy = false;
  send(to, data) {
    if (!this.queues.has(to)) this.queues.set(to, []);
    const queue = this.queues.get(to);
    for (let at = 0; at < data.length; at += 1400) queue.push(data.subarray(at, at + 1400));
    if (!this.isBusy) this.next();
  }
  next() {
    const turn = this.queues.entries().next().value;
    this.isBusy = !!turn;
    if (!turn) return;
    const [to, queue] = turn, packet = queue.shift();
    this.queues.delete(to);
    if (queue.length) this.queues.set(to, queue);
    this.free = Math.max(performance.now(), this.free ?? 0) + packet.length * 8 / kbit;
    setTimeout(() => {
      this.bytes += packet.length;
      setTimeout(() => { if (!to.destroyed) to.write(packet); }, delay / 2);
      this.next();
    }, Math.max(0, this.free - performance.now()));
  }
}
let up = new Line(), down = new Line(), isSlow = false;
const proxy = net.createServer(client => {
  const server = net.connect(+url.port || 80, url.hostname), opened = performance.now();
  client.on('data', async data => {
    if (!isSlow) return server.write(data);
    await sleep(Math.max(0, opened + delay - performance.now()));
    up.send(server, data);
  });
  server.on('data', data => isSlow ? down.send(client, data) : client.write(data));
  for (const [one, other] of [[client, server], [server, client]]) { one.on('close', () => setTimeout(() => other.destroy(), isSlow ? 60_000 : 0)); one.on('error', () => other.destroy()); }
});
await new Promise(done => proxy.listen(0, '127.0.0.1', done));
const base = `http://127.0.0.1:${proxy.address().port}`;

const browser = await puppeteer.launch({ executablePath: a.browser ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'] });
const results = [];
for (let run = 0; run < runs; run++) {
  const context = await browser.createBrowserContext();
  if (account !== 'nobody') {
    const first = await context.newPage();
    await first.goto(base + '/account/sign-in');
    await first.type('#email', account);
    await first.type('#password', a.password ?? 'Demonstration-2009!');
    await Promise.all([first.waitForNavigation(), first.keyboard.press('Enter')]);
    await first.goto('about:blank');
    const cdp = await first.createCDPSession();
    await cdp.send('Network.clearBrowserCache');
    await first.close();
  }
  await sleep(500);
  const tab = await context.newPage(), cdp = await tab.createCDPSession(), files = new Map();
  await cdp.send('Network.enable');
  cdp.on('Network.responseReceived', e => files.set(e.requestId, { name: new URL(e.response.url).pathname, type: e.type }));
  cdp.on('Network.loadingFinished', e => { if (files.has(e.requestId)) files.get(e.requestId).bytes = e.encodedDataLength; });
  [up, down, isSlow] = [new Line(), new Line(), true];
  const began = performance.now();
  await tab.goto(base + page, { waitUntil: 'domcontentloaded', timeout: 120_000 });
  const started = await tab.evaluate(() => performance.timeOrigin);
  const works = account === 'nobody' ? null
    : await tab.waitForFunction(() => document.querySelector('main[data-interactive=true]') && Date.now(), { polling: 50, timeout: 120_000 }).then(async at => await at.jsonValue() - started);
  for (let seen = -1; seen !== down.bytes;) { seen = down.bytes; await sleep(2 * delay + 500); }
  const paint = await tab.evaluate(() => Object.fromEntries(performance.getEntriesByType('paint').map(e => [e.name, e.startTime])));
  const fonts = [...files.values()].filter(f => f.type === 'Font').reduce((sum, f) => sum + (f.bytes ?? 0), 0);
  const result = { paint: paint['first-paint'], content: paint['first-contentful-paint'], works, quiet: down.free - began, kb: down.bytes / 1000, fonts: fonts / 1000 };
  results.push(result);
  console.error(Object.entries(result).map(([k, v]) => `${k} ${v === null ? '–' : Math.round(v)}`).join(' · '));
  if (a.files !== undefined && run === 0) for (const f of files.values()) console.error(`  ${String(f.bytes ?? '').padStart(8)} ${f.type} ${f.name}`);
  isSlow = false;
  await context.close();
}
await browser.close();
proxy.close();
const of = key => median(results.map(r => r[key]));
const seconds = ms => ms === null ? '–' : (ms / 1000).toFixed(1) + ' s';
console.log(`| ${page}, ${account}, ${kbit} kbit/s, ${delay} ms there and back, median of ${runs} | first paint ${seconds(of('paint'))} | working ${seconds(of('works'))} | quiet ${seconds(of('quiet'))} | ${Math.round(of('kb'))} KB, ${Math.round(of('kb') - of('fonts'))} without fonts |`);
process.exit(0);
