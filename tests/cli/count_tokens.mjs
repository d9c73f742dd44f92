// SPDX-License-Identifier: Apache-2.0
// Counts tokens with js-tiktoken: a JSON list of [encoding, text] on stdin gives a JSON list of numbers.
//   node count_tokens.mjs JS_TIKTOKEN_DIRECTORY
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

const load = (path) => import(pathToFileURL(join(process.argv[2], 'dist', path)).href);
const {Tiktoken} = await load('lite.js');
const encoders = new Map();
async function encoder(name) {
  if (!encoders.has(name)) encoders.set(name, new Tiktoken((await load(`ranks/${name}.js`)).default));
  return encoders.get(name);
}
const counts = [];
for (const [name, text] of JSON.parse(readFileSync(0, 'utf8'))) {
  counts.push((await encoder(name)).encode(text, [], []).length);
}
console.log(JSON.stringify(counts));
