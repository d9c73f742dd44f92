// SPDX-License-Identifier: Apache-2.0
// vscode-languageclient, which VS Code's extensions use, outside of VS Code: its providers against the program.
//
// usage: vscode_client.cjs PROGRAM TREE    exit 0 and "ok" if all is as it should be
'use strict';
const assert = require('node:assert/strict');
const Module = require('node:module');
const { join } = require('node:path');
const vscode = require('./vscode_stub.cjs');

const load = Module._load;
Module._load = (request, ...rest) => (request === 'vscode' ? vscode : load(request, ...rest));
const { LanguageClient, State } = require('vscode-languageclient/node');

const [program, tree] = process.argv.slice(2);
const client = new LanguageClient('repomap', 'repomap', { command: program, args: ['lsp'], options: { cwd: tree } },
  { documentSelector: [{ scheme: 'file' }], workspaceFolder: { uri: vscode.Uri.file(tree), name: 'tree', index: 0 } });
const token = new vscode.CancellationTokenSource().token;
const at = (line, character) => new vscode.Position(line, character);
const where = (places) => (places ?? []).map((place) => {
  const { start } = place.targetSelectionRange ?? place.range;
  return `${(place.targetUri ?? place.uri).path.split('/').at(-1)}:${start.line}:${start.character}`;
});

async function main() {
  const used = new vscode.Document(join(tree, 'used.py'), 'def other():\n    pass\n');
  const user = new vscode.Document(join(tree, 'user.py'), "'\u{1F600}'; other()\n");
  await client.start();
  assert.equal(client.state, State.Running);
  await vscode.open(used);
  await vscode.open(user);
  const { Definition, Reference, Hover, DocumentSymbol, WorkspaceSymbol, FoldingRange, CallHierarchy } = vscode.providers;
  assert.deepEqual(where(await Definition.provideDefinition(user, at(0, 8), token)), ['used.py:0:4']);
  await vscode.change(used, at(0, 4), at(0, 9), 'renamed', 'def renamed():\n    pass\n');
  assert.deepEqual(where(await Definition.provideDefinition(user, at(0, 8), token)), []);
  await vscode.change(user, at(0, 6), at(0, 11), 'renamed', "'\u{1F600}'; renamed()\n");
  assert.deepEqual(where(await Reference.provideReferences(used, at(0, 5), { includeDeclaration: false }, token)),
    ['user.py:0:6']);
  const hover = await Hover.provideHover(user, at(0, 8), token);
  assert.match([hover.contents].flat().map((part) => part.value).join(), /def renamed\(\)[^]*Syntactic/);
  assert.deepEqual((await DocumentSymbol.provideDocumentSymbols(used, token)).map(({ name }) => name), ['renamed']);
  const symbols = await WorkspaceSymbol.provideWorkspaceSymbols('renamed', token);
  assert.deepEqual(symbols.map(({ name }) => name), ['renamed']);
  assert.ok(Array.isArray(await FoldingRange.provideFoldingRanges(used, {}, token)));
  const items = [await CallHierarchy.prepareCallHierarchy(user, at(0, 8), token)].flat();
  assert.deepEqual(items.map(({ name }) => name), ['renamed']);
  const map = await vscode.commands.run['repomap.map']({ tokens: 200 });
  assert.ok(map.tokens <= 200);
  await vscode.close(used);
  assert.deepEqual(where(await Definition.provideDefinition(user, at(0, 8), token)), []);
  await client.stop();
}

main().then(() => {
  console.log('ok');
  process.exit(0);
}, (error) => {
  console.error(error.stack);
  process.exit(1);
});
