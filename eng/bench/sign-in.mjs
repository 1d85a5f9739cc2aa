// How long the owner of an account waits to sign in while others guess.
//
//   node eng/bench/sign-in.mjs --url http://127.0.0.1:5080 --guesses 50 --networks 50 --seconds 60 [--email …] [--password …]
//
// The portal runs with Portal:Proxies=127.0.0.1, so that each guess and the owner come from the network that X-Forwarded-For says. The owner signs in every
// two seconds from a network of their own: first with the cookie of a browser that they signed in on before, then without. Printed: medians and worst.
import http from 'node:http';
import { parseArgs } from 'node:util';

const { values: a } = parseArgs({ options: {
  url: { type: 'string' }, guesses: { type: 'string', default: '50' }, networks: { type: 'string', default: '50' }, seconds: { type: 'string', default: '60' },
  email: { type: 'string', default: 'focal.ken@demo.example' }, password: { type: 'string', default: 'Demonstration-2009!' },
} });
const base = new URL(a.url), agent = new http.Agent({ keepAlive: true, maxSockets: 400 });

function ask(method, path, from, cookies, body) {
  return new Promise((done, failed) => {
    const headers = { 'X-Forwarded-For': from, Accept: 'text/html', 'Accept-Language': 'en', Cookie: Object.entries(cookies).map(([k, v]) => `${k}=${v}`).join('; ') };
    if (body) Object.assign(headers, { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) });
    const request = http.request({ host: base.hostname, port: base.port, method, path, headers, agent }, answer => {
      for (const line of answer.headers['set-cookie'] ?? []) {
        const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
        if (value) cookies[name] = value; else delete cookies[name];
      }
      let text = '';
      answer.setEncoding('utf8').on('data', piece => text += piece).on('end', () => done({ status: answer.statusCode, text }));
    });
    request.on('error', failed);
    request.end(body);
  });
}
async function form(from, cookies) {
  const page = await ask('GET', '/account/sign-in', from, cookies);
  return page.text.match(/name="__RequestVerificationToken" value="([^"]+)"/)[1];
}
const post = (from, cookies, token, email, password) => ask('POST', '/account/sign-in', from, cookies,
  new URLSearchParams({ _handler: 'sign-in', __RequestVerificationToken: token, Email: email, Password: password }).toString());

// New networks at every run: those of the run before may still be turned away.
const area = Math.floor(Math.random() * 250);
const networks = Array.from({ length: Number(a.networks) }, (_, i) => `10.${area}.${i >> 8}.${i & 255}`);
const guessers = await Promise.all(networks.map(async from => { const cookies = {}; return { from, cookies, token: await form(from, cookies) }; }));
const statuses = {};
let sent = 0;
const guess = () => {
  const who = guessers[sent % guessers.length];
  // Half at the owner's account, half at others, there or not.
  const email = sent % 2 ? a.email : `nobody-${sent}@demo.example`;
  post(who.from, { ...who.cookies }, who.token, email, 'wrong guess number ' + sent++).then(r => statuses[r.status] = (statuses[r.status] ?? 0) + 1, () => statuses.failed = (statuses.failed ?? 0) + 1);
};

async function measure(kept) {
  const times = [], answers = {};
  let n = 0;
  for (const end = Date.now() + Number(a.seconds) * 1000; Date.now() < end;) {
    const from = `${kept ? '203.0.113' : '192.0.2'}.${n++ % 250}`, cookies = kept ? { ...kept } : {};
    const token = await form(from, cookies), began = performance.now();
    const { status } = await post(from, cookies, token, a.email, a.password);
    times.push(performance.now() - began);
    answers[status] = (answers[status] ?? 0) + 1;
    await new Promise(wait => setTimeout(wait, 2000));
  }
  times.sort((x, y) => x - y);
  return `median ${Math.round(times[times.length >> 1])} ms, worst ${Math.round(times.at(-1))} ms, of ${times.length}; answers ${JSON.stringify(answers)}`;
}

const known = {};
const first = await post('203.0.113.200', known, await form('203.0.113.200', known), a.email, a.password);
if (first.status !== 302) {
  console.error(`${a.email} cannot sign in at all (${first.status}): is it there, with that password and without a second factor?`);
  process.exit(1);
}
delete known.portal; // signed out; the browser stays known
for (const [what, quiet] of [['nobody guesses', true], ['under guesses', false]]) {
  const timer = quiet ? null : setInterval(guess, 1000 / Number(a.guesses));
  console.log(`${what}: browser known: ${await measure(known)}`);
  console.log(`${what}: browser not known: ${await measure(null)}`);
  if (timer) clearInterval(timer);
}
console.log(`guesses sent ${sent}, answers ${JSON.stringify(statuses)}`);
process.exit(0);
