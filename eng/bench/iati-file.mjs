// Writes an IATI 2.03 activity file for measuring:   node iati-file.mjs FILE ACTIVITIES [TRANSACTIONS_EACH]
// The same arguments give the same file. About 4 KB an activity with 8 transactions; 2,000 bytes more for each ten.
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

const [file, count, each = '8'] = process.argv.slice(2);
if (!file || !(Number(count) > 0)) {
  console.error('usage: node iati-file.mjs FILE ACTIVITIES [TRANSACTIONS_EACH]');
  process.exit(2);
}
const out = createWriteStream(file);
const countries = ['KE', 'PE', 'SN', 'JO', 'KZ', 'FJ', 'CR', 'MG', 'TN', 'KG'];
const sectors = ['15130', '15210', '15132', '24010', '33120', '21050', '15160', '12220', '31120', '11220'];
const text = 'Training of officials, equipment and advice for the institutions concerned, with exchanges between regions. '.repeat(6);
const day = (year, n) => `${year}-${String(1 + (n % 12)).padStart(2, '0')}-${String(1 + (n % 28)).padStart(2, '0')}`;

function activity(i) {
  let xml = `<iati-activity xml:lang="en" default-currency="${i % 3 ? 'USD' : 'EUR'}" last-updated-datetime="2026-06-01T00:00:00Z">
<iati-identifier>XX-BENCH-${i}</iati-identifier><reporting-org ref="XX-BENCH" type="10"><narrative>Bench agency</narrative></reporting-org>
<title><narrative>Assistance ${i}${i % 4 === 0 ? ' against the financing of terrorism' : ''}</narrative><narrative xml:lang="fr">Assistance ${i}</narrative></title>
<description type="1"><narrative>${text}</narrative></description>
<participating-org role="1" ref="XX-FUND"><narrative>Fund</narrative></participating-org><participating-org role="4"><narrative>Institute ${i % 97}</narrative></participating-org>
<other-identifier ref="${i}" type="A1"/><activity-status code="${1 + (i % 4)}"/><activity-date type="1" iso-date="${day(2023, i)}"/><activity-date type="3" iso-date="${day(2027, i)}"/>
<recipient-country code="${countries[i % 10]}" percentage="70"/><recipient-country code="${countries[(i + 3) % 10]}" percentage="30"/><sector vocabulary="1" code="${sectors[i % 10]}"/>
<budget type="1" status="2"><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/><value value-date="2024-01-01">${100000 + i}</value></budget>`;
  for (let t = 0; t < Number(each); t++)
    xml += `<transaction ref="${i}-${t}"><transaction-type code="${2 + (t % 3)}"/><transaction-date iso-date="${day(2024, i + t)}"/><value value-date="${day(2024, i + t)}">${(i * 31 + t * 7919) % 90000}.50</value><description><narrative>Payment ${t}</narrative></description></transaction>`;
  return xml + '</iati-activity>\n';
}

out.write('<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">\n');
for (let i = 0; i < Number(count); i++)
  if (!out.write(activity(i))) await once(out, 'drain');
out.end('</iati-activities>\n');
await once(out, 'finish');
