// SPDX-License-Identifier: Apache-2.0
// VS Code's own libraries against the program: every request, with edits, unsaved texts and cancellation.
//
// usage: node_client.mjs PROGRAM TREE OTHER_TREE    exit 0 and "ok" if all is as it should be
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as lsp from 'vscode-languageserver-protocol/node';

const [program, tree, otherTree] = process.argv.slice(2);
const uri = (path) => pathToFileURL(join(tree, path)).href;
const asFile = (path) => ({ textDocument: { uri: uri(path) } });
const at = (path, line, character) => ({ ...asFile(path), position: { line, character } });

const server = spawn(program, ['lsp'], { stdio: ['pipe', 'pipe', 'inherit'] });
const exited = new Promise((resolve) => server.on('exit', resolve));
const client = lsp.createProtocolConnection(
  new lsp.StreamMessageReader(server.stdout), new lsp.StreamMessageWriter(server.stdin));

const registrations = [];
const progressTokens = [];
client.onRequest(lsp.RegistrationRequest.type, (params) => { registrations.push(...params.registrations); });
client.onRequest(lsp.UnregistrationRequest.type, () => {});
client.onRequest(lsp.WorkDoneProgressCreateRequest.type, ({ token }) => { progressTokens.push(token); });
client.listen();

/** The code of the error that a request is answered with. */
const codeOf = async (answer) => {
  try {
    await answer;
  } catch (error) {
    return error.code;
  }
  return 'no error';
};

const open = (path, text) => client.sendNotification(lsp.DidOpenTextDocumentNotification.type,
  { textDocument: { uri: uri(path), languageId: 'python', version: 1, text } });
const edit = (path, version, ...contentChanges) => client.sendNotification(lsp.DidChangeTextDocumentNotification.type,
  { textDocument: { uri: uri(path), version }, contentChanges });
const close = (path) => client.sendNotification(lsp.DidCloseTextDocumentNotification.type, asFile(path));

/** "file:line:character" of the start of each place. */
const places = (answer) => (answer ?? []).map((place) => {
  const start = (place.targetSelectionRange ?? place.range).start;
  return `${decodeURIComponent((place.targetUri ?? place.uri).split('/').at(-1))}:${start.line}:${start.character}`;
});
const names = (symbols) => (symbols ?? []).map((symbol) => symbol.name);

async function begin() {
  assert.equal(await codeOf(client.sendRequest(lsp.HoverRequest.type, at('main.py', 0, 0))),
    lsp.ErrorCodes.ServerNotInitialized);
  const { capabilities, serverInfo } = await client.sendRequest(lsp.InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: [{ uri: pathToFileURL(tree).href, name: 'tree' }],
    capabilities: {
      general: { positionEncodings: ['utf-16'] },
      window: { workDoneProgress: true },
      workspace: {
        workspaceFolders: true,
        didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
        symbol: { resolveSupport: { properties: ['location.range'] } },
      },
      textDocument: {
        definition: { linkSupport: true },
        hover: { contentFormat: ['markdown'] },
        documentSymbol: { hierarchicalDocumentSymbolSupport: true },
        foldingRange: { lineFoldingOnly: true },
      },
    },
  });
  assert.equal(capabilities.positionEncoding, 'utf-16');
  assert.equal(capabilities.textDocumentSync.change, lsp.TextDocumentSyncKind.Incremental);
  assert.equal(capabilities.completionProvider, undefined);
  assert.match(serverInfo.name, /syntactic/);
  await client.sendNotification(lsp.InitializedNotification.type, {});
}

async function navigate() {
  assert.deepEqual(places(await client.sendRequest(lsp.DefinitionRequest.type, at('main.py', 4, 17))), ['used.py:1:4']);
  const [link] = await client.sendRequest(lsp.DefinitionRequest.type, at('main.py', 4, 17));
  assert.deepEqual(link.originSelectionRange, { start: { line: 4, character: 16 }, end: { line: 4, character: 22 } });
  assert.deepEqual(places(await client.sendRequest(lsp.DeclarationRequest.type, at('main.py', 4, 17))), ['used.py:1:4']);
  const references = { ...at('used.py', 1, 5), context: { includeDeclaration: true } };
  assert.deepEqual(places(await client.sendRequest(lsp.ReferencesRequest.type, references)),
    ['used.py:1:4', 'used.py:8:15', 'main.py:4:16']);
  const highlights = await client.sendRequest(lsp.DocumentHighlightRequest.type, at('used.py', 2, 5));
  assert.deepEqual(highlights.map(({ range, kind }) => [range.start.line, kind]),
    [[2, lsp.DocumentHighlightKind.Write], [3, lsp.DocumentHighlightKind.Text]]);
  const hover = await client.sendRequest(lsp.HoverRequest.type, at('main.py', 4, 17));
  assert.match(hover.contents.value, /def helper\(count\):[^]*What everybody needs[^]*used\.py:2[^]*Syntactic/);
}

async function look() {
  const outline = await client.sendRequest(lsp.DocumentSymbolRequest.type, asFile('used.py'));
  assert.deepEqual(names(outline), ['helper', 'Box']);
  assert.deepEqual(names(outline[1].children), ['open']);
  const [symbol] = await client.sendRequest(lsp.WorkspaceSymbolRequest.type, { query: 'hlpr' });
  assert.equal(symbol.location.range, undefined);
  const resolved = await client.sendRequest(lsp.WorkspaceSymbolResolveRequest.type, symbol);
  assert.deepEqual(resolved.location.range.start, { line: 1, character: 4 });
  assert.ok((await client.sendRequest(lsp.WorkspaceSymbolRequest.type, { query: '' })).length >= 4);
  const folds = await client.sendRequest(lsp.FoldingRangeRequest.type, asFile('used.py'));
  assert.ok(folds.some(({ startLine, endLine }) => startLine === 6 && endLine === 8), JSON.stringify(folds));
  const [selection] = await client.sendRequest(lsp.SelectionRangeRequest.type,
    { ...asFile('used.py'), positions: [{ line: 8, character: 16 }] });
  assert.ok(lsp.SelectionRange.is(selection));
  assert.deepEqual(selection.range.start, { line: 8, character: 15 });
}

async function followCalls() {
  const [item] = await client.sendRequest(lsp.CallHierarchyPrepareRequest.type, at('main.py', 4, 17));
  const incoming = await client.sendRequest(lsp.CallHierarchyIncomingCallsRequest.type, { item });
  assert.deepEqual(incoming.map(({ from }) => from.name).sort(), ['main', 'open']);
  const main = incoming.find(({ from }) => from.name === 'main').from;
  const outgoing = await client.sendRequest(lsp.CallHierarchyOutgoingCallsRequest.type, { item: main });
  assert.deepEqual(outgoing.map(({ to }) => to.name).sort(), ['Box', 'helper', 'open']);
}

async function askForMaps() {
  const map = await client.sendRequest('repomap/map', { tokens: 300 });
  assert.match(map.text, /used\.py/);
  assert.ok(map.tokens <= 300);
  const same = await client.sendRequest(lsp.ExecuteCommandRequest.type,
    { command: 'repomap.map', arguments: [{ tokens: 300 }] });
  assert.equal(same.text, map.text);
}

/** A definition that is only in the editor is found from another file, and gone when it is taken back. */
async function editWithoutSaving() {
  await open('main.py', "'\u{1F600}\u{1F600}'; fresh_name(1)\n");
  await open('used.py', 'def other():\n    pass\n');
  const callAt = at('main.py', 0, 12);
  assert.deepEqual(places(await client.sendRequest(lsp.DefinitionRequest.type, callAt)), []);
  await edit('used.py', 2, { range: { start: { line: 0, character: 4 }, end: { line: 0, character: 9 } }, text: 'fresh_name' });
  assert.deepEqual(places(await client.sendRequest(lsp.DefinitionRequest.type, callAt)), ['used.py:0:4']);
  const references = { ...at('used.py', 0, 5), context: { includeDeclaration: false } };
  assert.deepEqual(places(await client.sendRequest(lsp.ReferencesRequest.type, references)), ['main.py:0:8']);
  await edit('used.py', 3, { range: { start: { line: 0, character: 0 }, end: { line: 2, character: 0 } }, text: '' });
  assert.deepEqual(places(await client.sendRequest(lsp.DefinitionRequest.type, callAt)), []);
  assert.equal(await client.sendRequest(lsp.DefinitionRequest.type, at('main.py', 9, 9)), null);
  await close('used.py');
  await close('main.py');
  assert.deepEqual(names(await client.sendRequest(lsp.WorkspaceSymbolRequest.type, { query: 'helper' })), ['helper']);
}

async function saveAndAskAtOnce() {
  writeFileSync(join(tree, 'late.py'), 'def saved_late():\n    pass\n');
  await client.sendNotification(lsp.DidChangeWatchedFilesNotification.type, { changes: [{ uri: uri('late.py'), type: 1 }] });
  assert.deepEqual(names(await client.sendRequest(lsp.WorkspaceSymbolRequest.type, { query: 'saved_late' })), ['saved_late']);
}

async function changeFolders() {
  const folder = { uri: pathToFileURL(otherTree).href, name: 'other' };
  const find = async () => names(await client.sendRequest(lsp.WorkspaceSymbolRequest.type, { query: 'in_the_other' }));
  assert.deepEqual(await find(), []);
  await client.sendNotification(lsp.DidChangeWorkspaceFoldersNotification.type, { event: { added: [folder], removed: [] } });
  assert.deepEqual(await find(), ['in_the_other']);
  await client.sendNotification(lsp.DidChangeWorkspaceFoldersNotification.type, { event: { added: [], removed: [folder] } });
  assert.deepEqual(await find(), []);
}

/** The codes that 20 requests are answered by which are cancelled at once. */
async function cancelMany() {
  const codes = await Promise.all(Array.from({ length: 20 }, () => {
    const source = new lsp.CancellationTokenSource();
    const answer = codeOf(client.sendRequest(lsp.WorkspaceSymbolRequest.type, { query: '' }, source.token));
    source.cancel();
    return answer;
  }));
  assert.ok(codes.every((code) => code === 'no error' || code === lsp.LSPErrorCodes.RequestCancelled), codes.join());
  return codes;
}

/** A cancelled request is answered all the same: by its result if it was done before, else by the error. */
async function cancelAndMisuse() {
  let areCancelled = false;
  for (let round = 0; round < 200 && !areCancelled; round += 1) {
    areCancelled = (await cancelMany()).includes(lsp.LSPErrorCodes.RequestCancelled);
  }
  assert.ok(areCancelled, 'some cancellation comes before the answer');
  assert.equal(await codeOf(client.sendRequest('textDocument/rename', {})), lsp.ErrorCodes.MethodNotFound);
  assert.equal(await codeOf(client.sendRequest('textDocument/definition', asFile('used.py'))), lsp.ErrorCodes.InvalidParams);
  assert.equal(await codeOf(client.sendRequest(lsp.InitializeRequest.type, {})), lsp.ErrorCodes.InvalidRequest);
  await client.sendNotification('$/unknown', {});
}

async function end() {
  assert.equal(registrations[0]?.method, 'workspace/didChangeWatchedFiles');
  assert.equal(registrations[0].registerOptions.watchers[0].globPattern.baseUri, pathToFileURL(tree).href);
  await client.sendRequest(lsp.ShutdownRequest.type);
  assert.equal(await codeOf(client.sendRequest(lsp.HoverRequest.type, at('main.py', 0, 0))), lsp.ErrorCodes.InvalidRequest);
  await client.sendNotification(lsp.ExitNotification.type);
  assert.equal(await exited, 0);
}

for (const part of [begin, navigate, look, followCalls, askForMaps, editWithoutSaving, saveAndAskAtOnce, changeFolders,
  cancelAndMisuse, end]) {
  try {
    await part();
  } catch (error) {
    console.error(`${part.name}: ${error.stack}`);
    server.kill();
    process.exit(1);
  }
}
console.log('ok');
process.exit(0);
