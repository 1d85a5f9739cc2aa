// Makes the web fonts anew, in a folder with: npm install subset-font@2.9.0 @fontsource-variable/noto-sans@5.3.0 @fontsource/noto-sans-arabic@4.5.9
// node fonts.mjs PATH/Portal/wwwroot/fonts        writes the files and says the rules for portal.css
// Two plain weights instead of a variable font: half the bytes, and a PDF takes them in as text that can be searched and copied.
// A file is named after its content, so that browsers may keep it for good.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import subset from 'subset-font';

const folder = process.argv[2];
const sans = s => () => `node_modules/@fontsource-variable/noto-sans/files/noto-sans-${s}-wght-normal.woff2`;
// Later editions of the Arabic font put letters together from strokes and dots: a PDF then holds those, and neither search nor copying finds a word.
const arabic = weight => `node_modules/@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-${weight}-normal.woff2`;
// Arabic is written joined, and letters of two files do not join: the first file has what Arabic, Persian, Urdu and Kurdish are written with, the second the rest.
const joined = 'U+060C, U+061B, U+061F, U+0621-063A, U+0640-0655, U+0660-066D, U+0670-0671, U+0679, U+067E, U+0686, U+0688, U+0691, U+0698, U+06A9, U+06AF, U+06BA, U+06BE, U+06C0-06C3, U+06C6, U+06CC, U+06CE, U+06D2-06D5, U+06F0-06F9';
const faces = [
  ['Noto Sans', 'latin', sans('latin'), 'U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD'],
  ['Noto Sans', 'latin-ext', sans('latin-ext'), 'U+0100-0130, U+0132-0151, U+0154-017F, U+0192, U+01A0-01A1, U+01AF-01B0, U+0218-021B, U+1E80-1E85, U+1E9E, U+1EA0-1EF9'],
  ['Noto Sans', 'latin-rare', sans('latin-ext'), 'U+0180-0191, U+0193-019F, U+01A2-01AE, U+01B1-0217, U+021C-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+1D00-1DBF, U+1E00-1E7F, U+1E86-1E9D, U+1E9F, U+1EFA-1EFF, U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, U+A720-A7FF'],
  ['Noto Sans', 'cyrillic', sans('cyrillic'), 'U+0301, U+0400-045F, U+0490-0491, U+04B0-04B1, U+2116'],
  ['Noto Sans', 'cyrillic-ext', sans('cyrillic-ext'), 'U+0460-048F, U+0492-04AF, U+04B2-052F, U+1C80-1C8A, U+20B4, U+2DE0-2DFF, U+A640-A69F, U+FE2E-FE2F'],
  ['Noto Sans Arabic', 'arabic', arabic, joined],
  ['Noto Sans Arabic', 'arabic-rare', arabic, 'U+0600-060B, U+060D-061A, U+061C-061E, U+0620, U+063B-063F, U+0656-065F, U+066E-066F, U+0672-0678, U+067A-067D, U+067F-0685, U+0687, U+0689-0690, U+0692-0697, U+0699-06A8, U+06AA-06AE, U+06B0-06B9, U+06BB-06BD, U+06BF, U+06C4-06C5, U+06C7-06CB, U+06CD, U+06CF-06D1, U+06D6-06EF, U+06FA-06FF, U+0750-077F, U+0870-088E, U+0890-0891, U+0897-08E1, U+08E3-08FF, U+FB50-FDFF, U+FE70-FE74, U+FE76-FEFC'],
];
// The names of the languages, in their own scripts, without the fonts of those scripts.
const names = [['names-arabic', arabic, 'العربية'], ['names-cyrillic', sans('cyrillic'), 'Русский']];

const written = range => range.split(', ').flatMap(r => { const [from, to = from] = r.slice(2).split('-').map(n => parseInt(n, 16)); return Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)); }).join('');
const range = text => [...new Set(text)].map(c => 'U+' + c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')).sort().join(', ');

async function face(family, name, source, letters, ranges, weight) {
  const font = await subset(readFileSync(source(weight)), letters, { targetFormat: 'woff2', variationAxes: source === arabic ? undefined : { wght: weight } });
  const file = `noto-${name}-${weight}.${createHash('sha256').update(font).digest('hex').slice(0, 8)}.woff2`;
  writeFileSync(join(folder, file), font);
  console.log(`@font-face { font-family: "${family}"; src: url(fonts/${file}) format("woff2"); font-weight: ${weight}; font-display: swap; unicode-range: ${ranges}; }`);
}
for (const [family, name, source, ranges] of faces)
  for (const weight of [400, 600]) await face(family, name, source, written(ranges), ranges, weight);
for (const [name, source, text] of names) await face('Noto Names', name, source, text, range(text), 400);
