// Writes a workbook that is small packed and large unpacked: node hostile-table.mjs text|attribute|nested|names|merges [COUNT] > file.xlsx
import { createDeflateRaw, crc32 } from 'node:zlib';

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const [kind, count = '0'] = process.argv.slice(2);
const many = (least) => Number(count) || least;

function* repeated(head, piece, times, tail) {
  yield head;
  const block = 10_000;
  if (typeof piece === 'string')
    for (let i = 0; i < times; i += block) yield piece.repeat(Math.min(block, times - i));
  else
    for (let i = 0; i < times; i++) yield piece(i);
  yield tail;
}

const cell = (at, text) => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
const head = `<row r="1">${cell('A1', 'own_reference')}${cell('B1', 'title')}</row>`;
const rows = head + Array.from({ length: 2000 }, (_, i) => `<row r="${i + 2}">${cell(`A${i + 2}`, `K-${i}`)}${cell(`B${i + 2}`, 'T')}</row>`).join('');
const sheet = (inner, after = '') => [`<worksheet xmlns="${main}"><sheetData>${inner}</sheetData>${after}</worksheet>`];
const parts = {
  'xl/workbook.xml': [`<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Needs" sheetId="1" r:id="r1"/></sheets></workbook>`],
  'xl/_rels/workbook.xml.rels': [`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`],
  'xl/worksheets/sheet1.xml': sheet(head + '<row r="2"><c r="A2" t="s"><v>0</v></c></row>'),
};
if (kind === 'text')
  parts['xl/sharedStrings.xml'] = repeated(`<sst xmlns="${main}"><si><t>`, 'a', many(63_000_000), '</t></si></sst>');
else if (kind === 'attribute')
  parts['xl/worksheets/sheet1.xml'] = repeated(`<worksheet xmlns="${main}" a="`, 'a', many(60_000_000), '"><sheetData/></worksheet>');
else if (kind === 'nested')
  parts['xl/worksheets/sheet1.xml'] = repeated(`<worksheet xmlns="${main}">`, '<a>', many(3_000_000), '');
else if (kind === 'names')
  parts['xl/worksheets/sheet1.xml'] = repeated(`<worksheet xmlns="${main}">`, (i) => `<a${i}/>`, many(3_000_000), '</worksheet>');
else if (kind === 'merges')
  parts['xl/worksheets/sheet1.xml'] = repeated(`<worksheet xmlns="${main}"><sheetData>${rows}</sheetData><mergeCells>`, (i) => `<mergeCell ref="B${2 + (i % 1000)}:C${5000 + i}"/>`, many(40_000), '</mergeCells></worksheet>');
else
  throw new Error(`${kind} is none of text, attribute, nested, names, merges`);

const number = (value, bytes) => { const b = Buffer.alloc(bytes); b.writeUIntLE(value, 0, bytes); return b; };
const written = [];
let offset = 0;
const out = (...buffers) => { for (const b of buffers) { process.stdout.write(b); offset += b.length; } };
for (const [name, content] of Object.entries(parts)) {
  const deflate = createDeflateRaw({ level: 9 });
  const packed = [];
  deflate.on('data', (b) => packed.push(b));
  const ended = new Promise((done) => deflate.on('end', done));
  let [crc, size] = [0, 0];
  for (const piece of content) {
    const bytes = Buffer.from(piece);
    [crc, size] = [crc32(bytes, crc), size + bytes.length];
    if (!deflate.write(bytes)) await new Promise((drained) => deflate.once('drain', drained));
  }
  deflate.end();
  await ended;
  const [at, body, label] = [offset, Buffer.concat(packed), Buffer.from(name)];
  const fields = Buffer.concat([number(20, 2), number(0, 2), number(8, 2), number(0, 4), number(crc, 4), number(body.length, 4), number(size, 4), number(label.length, 2), number(0, 2)]);
  out(number(0x04034b50, 4), fields, label, body);
  written.push(Buffer.concat([number(0x02014b50, 4), number(20, 2), fields, number(0, 2), number(0, 2), number(0, 2), number(0, 4), number(at, 4), label]));
}
const [start, directory] = [offset, Buffer.concat(written)];
out(directory, Buffer.concat([number(0x06054b50, 4), number(0, 2), number(0, 2), number(written.length, 2), number(written.length, 2), number(directory.length, 4), number(start, 4), number(0, 2)]));
