// What a file costs the portal's memory that several people send at once.
//
//   node eng/bench/hostile-load.mjs --url http://127.0.0.1:5080 --pid PID --file FILE.xlsx --people 8
//
// Focal points of the demonstration sign in and each send the file to be imported as needs. Printed: the process's memory before, and the most of samples
// every 20 ms until every file is read or refused (Linux).
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values: a } = parseArgs({ options: { url: { type: 'string' }, pid: { type: 'string' }, file: { type: 'string' }, people: { type: 'string', default: '8' } } });
const states = ['ken', 'per', 'sen', 'jor', 'kaz', 'chn', 'fji', 'cri', 'mdg', 'tun', 'kgz'].slice(0, Number(a.people));
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const memory = () => Number(readFileSync(`/proc/${a.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;

async function signIn(email) {
  const cookies = {};
  const ask = async (path, body) => {
    const answer = await fetch(a.url + path, { method: body ? 'POST' : 'GET', body, redirect: 'manual', headers: { Accept: 'text/html', Cookie: Object.entries(cookies).map(([k, v]) => `${k}=${v}`).join('; ') } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (value) cookies[name] = value; else delete cookies[name];
    }
    return answer;
  };
  const token = (await (await ask('/account/sign-in')).text()).match(/name="__RequestVerificationToken" value="([^"]+)"/)[1];
  const { status } = await ask('/account/sign-in', new URLSearchParams({ _handler: 'sign-in', __RequestVerificationToken: token, Email: email, Password: 'Demonstration-2009!' }));
  if (status !== 302) throw new Error(`${email} is not let in: ${status}`);
  return { Accept: 'application/json', Cookie: Object.entries(cookies).map(([k, v]) => `${k}=${v}`).join('; ') };
}

async function send(headers, name, bytes) {
  const body = new FormData();
  body.append('file', new Blob([bytes]), name);
  const answer = await fetch(a.url + '/api/v1/needs/imports', { method: 'POST', headers, body });
  if (!answer.ok) return answer.status;
  const { id } = await answer.json();
  for (;;) {
    const { stage } = await (await fetch(`${a.url}/api/v1/needs/imports/${id}`, { headers })).json();
    if (stage !== 'Receiving' && stage !== 'Checking') return stage;
    await wait(300);
  }
}

const people = [];
for (const state of states) people.push(await signIn(`focal.${state}@demo.example`));
await send(people[0], 'one.csv', 'own_reference,title\nK-1,T\n'); // what only the first import loads
await wait(3000);
const [before, file] = [memory(), readFileSync(a.file)];
let most = before;
const timer = setInterval(() => most = Math.max(most, memory()), 20);
const answers = await Promise.all(people.map((headers) => send(headers, 'hostile.xlsx', file)));
clearInterval(timer);
console.log(`before ${before.toFixed(0)} MB, most ${most.toFixed(0)} MB, added ${(most - before).toFixed(0)} MB; ${answers.join(' ')}`);
