// SPDX-License-Identifier: Apache-2.0
// Compares our token counts with those of js-tiktoken's own encoder on real and on random text.
//   node token_counter_js_test.mjs DRIVER DATA_DIRECTORY JS_TIKTOKEN_DIRECTORY SOURCE_DIRECTORY [SEED]
import {spawnSync} from 'node:child_process';
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

const [driver, dataDirectory, packageDirectory, sourceDirectory, seedText] = process.argv.slice(2);
const seed = seedText ? Number(seedText) : Date.now() % 0x7fffffff;
console.log(`seed ${seed}, Unicode ${process.versions.unicode}`);

// A linear congruential generator, so that a seed means the same texts in every version of node.
let state = BigInt(seed);
function random(limit) {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return Number((state >> 33n) % BigInt(limit));
}
const pick = (list) => list[random(list.length)];
const times = (count, make) => Array.from({length: count}, make);

function run(parameters, input) {
  const result = spawnSync(driver, parameters, {input, maxBuffer: 1 << 28});
  if (result.status !== 0) {
    throw new Error(`${driver} ${parameters.join(' ')}: status ${result.status} ${result.stderr}`);
  }
  return result.stdout.toString('latin1');
}

// The code points on whose class node and we agree. With equal versions of Unicode that must be all of them.
const kClasses = [/[\p{Lu}\p{Lt}]/u, /\p{Ll}/u, /[\p{Lm}\p{Lo}]/u, /\p{M}/u, /\p{N}/u, /[\r\n]/u, /\s/u];
function agreedCodePoints() {
  const [version, digits] = run(['classes'], '').split('\n');
  const agreed = new Uint8Array(0x110000);
  let differing = 0;
  for (let codePoint = 0; codePoint < 0x110000; ++codePoint) {
    if (codePoint >= 0xd800 && codePoint < 0xe000) continue;
    const text = String.fromCodePoint(codePoint);
    const found = kClasses.findIndex((expression) => expression.test(text));
    agreed[codePoint] = Number(digits[codePoint]) === (found < 0 ? kClasses.length : found) ? 1 : 0;
    differing += 1 - agreed[codePoint];
  }
  console.log(`${differing} code points of another class than in node; our Unicode is ${version}`);
  if (differing > 0 && version === process.versions.unicode) throw new Error('the table of classes is wrong');
  return agreed;
}
const agreed = agreedCodePoints();

const kBlocks = [
  [0x20, 0x7f], [0x20, 0x7f], [0x20, 0x7f], [0x0, 0x20], [0x80, 0x250], [0x300, 0x370], [0x370, 0x530], [0x590, 0x700],
  [0x900, 0xa00], [0xe00, 0xe80], [0x10a0, 0x1100], [0x1680, 0x1690], [0x1c80, 0x2070], [0x2070, 0x2bff],
  [0x2e80, 0x3100], [0x3400, 0x9fff], [0xa640, 0xa800], [0xac00, 0xd7a4], [0xfb00, 0x10000], [0x10400, 0x10450],
  [0x1d400, 0x1d800], [0x1f000, 0x1fb00], [0x20000, 0x323b0], [0x0, 0x110000],
];
function randomCharacter(block) {
  for (;;) {
    const codePoint = block[0] + random(block[1] - block[0]);
    if (agreed[codePoint]) return String.fromCodePoint(codePoint);
  }
}
const randomText = (length) => times(length, () => randomCharacter(pick(kBlocks))).join('');
const randomWord = (length) => {
  const block = pick(kBlocks);
  return times(length, () => randomCharacter(block)).join('');
};

// What decides where a word ends: one or more of each class, and all that the patterns name.
const kAtoms = [
  'a', 'Z', 'ab', 'AB', 'Ab', 'aB', 'ǅ', 'ʰ', '中', '文字', '́', '̈́', '⃝', '1', '22', '٣', 'Ⅷ', '½', '\r', '\n', '\r\n', ' ', '  ',
  '\t', '\u00a0', '\u0085', '\ufeff', '\u2028', '\u3000', '\u200b', '\u200d', '.', '/', '//', '\'', '\'s', '\'S', '\'ll', '\'lL', '\'re',
  '\'Ve', '\'d', '\'m', '\'x', 'ſ', '_', '(', '){', '👩', '👩‍💻', '🇩🇪', '<|endoftext|>', '<|fim_prefix|>', '\0', '\ufffd', 'é', 'É', 'ß', 'И', 'и',
];
const atomText = (length) => times(length, () => pick(kAtoms)).join('');

const kSamples = [
  '', ' ', '\n', 'hello world', '  leading', 'trailing  ', 'a\r\nb\r\n\r\nc', '\t\t\tif (x) {\r\n\t\t\t\treturn;\r\n\t\t\t}\r\n', ' '.repeat(300),
  '\n'.repeat(200), ' \n'.repeat(120), '\t'.repeat(130) + 'x', 'x'.repeat(400), 'ab'.repeat(150), '='.repeat(300), '-'.repeat(81) + '\n',
  '0123456789'.repeat(20), '3.14159265358979, 1_000_000, 0xDEADBEEF', 'getHTTPResponseCodeForURLWithUTF8Encoding',
  'a_very_long_identifier_that_goes_on_and_on_and_does_not_stop', 'SCREAMING_SNAKE_CASE_CONSTANT', '/* ⋮... */', '│def f(x):', '⋮\n█ class',
  'I\'LL, we\'re, they\'Ve, don\'t, it\'s', 'مرحبا بالعالم، كيف الحال؟', 'שלום עולם', 'नमस्ते दुनिया', 'สวัสดีชาวโลก', '你好，世界！这是一个测试。', 'こんにちは世界。テスト',
  '안녕하세요 세계', 'Zažĺutý kůň úpěl ďábelské ódy', 'Zażółć gęślą jaźń', 'e\u0301a\u0308o\u0302'.repeat(9), '👨‍👩‍👧‍👦 👍🏽 🏳️‍🌈 ☃️', '\ufeffBOM', 'x\ufeffy \ufeff z', 'a\u0085b',
  '<|endoftext|>', '<|endofprompt|> <|fim_middle|>', 'x'.repeat(100) + ' ' + 'Y'.repeat(100), '中'.repeat(150), 'é'.repeat(200), '𝔘𝔫𝔦𝔠𝔬𝔡𝔢',
];

const kSkipped = new Set(['node_modules', '.git', 'build']);
function* files(directory) {
  for (const entry of readdirSync(directory, {withFileTypes: true}).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (kSkipped.has(entry.name) || entry.name.startsWith('build-')) continue;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (entry.isFile()) yield path;
  }
}
function realTexts() {
  const kMostBytes = 12000;
  const kMostFiles = 250;
  const paths = [...files(sourceDirectory)];
  const chosen = times(Math.min(kMostFiles, paths.length), () => paths.splice(random(paths.length), 1)[0]);
  return chosen.map((path) => readFileSync(path).subarray(0, kMostBytes));
}

// The text up to the end of each line, as the search for the longest map that fits a budget needs them.
function linePrefixes(text) {
  const prefixes = [];
  for (let end = text.indexOf('\n'); end >= 0 && end < 2500; end = text.indexOf('\n', end + 1)) {
    prefixes.push(text.subarray(0, end), text.subarray(0, end + 1));
  }
  return prefixes;
}

function damage(bytes) {
  const copy = Buffer.from(bytes);
  times(1 + random(4), () => { copy[random(copy.length)] = pick([0x80, 0xbf, 0xc0, 0xc3, 0xe2, 0xed, 0xf0, 0xf4, 0xff, random(256)]); });
  return copy.subarray(0, copy.length - random(3));
}

const decoder = new TextDecoder('utf-8', {ignoreBOM: true});
const real = realTexts();
const made = [
  ...kSamples, ...times(1200, () => atomText(1 + random(12))), ...times(500, () => randomText(1 + random(40))),
  ...times(500, () => randomWord(1 + random(50))), ...times(60, () => atomText(150)),
].map((text) => Buffer.from(text));
const damaged = times(500, () => damage(pick([Buffer.from(randomText(30)), Buffer.from(atomText(20)), Buffer.from('é中👍'.repeat(3))])));
const texts = [...made, ...damaged, ...real, ...times(25, () => linePrefixes(pick(real))).flat()];

function frame(buffers) {
  return Buffer.concat(buffers.flatMap((text) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return [length, text];
  }));
}

// Counts alone would hide a wrong border of words across which no token goes.
function wordDifferences(encoding, pattern) {
  const valid = [...made, ...damaged].map((text) => decoder.decode(text));
  const lines = run(['words', encoding], frame(valid.map((text) => Buffer.from(text)))).split('\n');
  let differing = 0;
  valid.forEach((text, i) => {
    const words = [...text.matchAll(new RegExp(pattern, 'ug'))].map((match) => match[0]);
    if (words.map((word) => `${Buffer.byteLength(word)} `).join('') === lines[i]) return;
    if (++differing <= 10) console.log(`${encoding}: words of ${lines[i]} bytes, not ${JSON.stringify(words)}`);
  });
  console.log(`${encoding}: words of ${valid.length} texts, ${differing} differences`);
  return differing;
}

function differences(encoding, Tiktoken, ranks) {
  const encoder = new Tiktoken(ranks);
  const counts = run([dataDirectory, encoding], frame(texts)).trimEnd().split('\n').map(Number);
  if (counts.length !== texts.length) throw new Error(`${counts.length} counts of ${texts.length} texts`);
  let differing = 0;
  texts.forEach((text, i) => {
    const expected = encoder.encode(decoder.decode(text), [], []).length;
    if (counts[i] === expected) return;
    if (++differing <= 10) console.log(`${encoding}: ${counts[i]} tokens, not ${expected}: ${JSON.stringify(text.toString().slice(0, 300))}`);
  });
  const bytes = texts.reduce((sum, text) => sum + text.length, 0);
  console.log(`${encoding}: ${texts.length} texts, ${bytes} bytes, ${differing} differences`);
  return differing;
}

const load = (path) => import(pathToFileURL(join(packageDirectory, 'dist', path)).href);
const {Tiktoken} = await load('lite.js');
let failures = 0;
for (const encoding of ['o200k_base', 'cl100k_base']) {
  const ranks = (await load(`ranks/${encoding}.js`)).default;
  failures += wordDifferences(encoding, ranks.pat_str) + differences(encoding, Tiktoken, ranks);
}
process.exit(failures > 0 ? 1 : 0);
