// SPDX-License-Identifier: Apache-2.0
// As much of VS Code's module 'vscode' as vscode-languageclient needs to run outside of it: documents that tests open and
// change, the values that are passed around, and providers, which are kept for the test to call. All else can be called,
// and does nothing.
'use strict';

class EventEmitter {
  constructor() {
    this.listeners = new Set();
    this.event = (listener, self) => {
      const call = (value) => listener.call(self, value);
      this.listeners.add(call);
      return { dispose: () => this.listeners.delete(call) };
    };
  }
  fire(value) { return Promise.all([...this.listeners].map((listener) => listener(value))); }
  dispose() { this.listeners.clear(); }
}

class Position {
  constructor(line, character) { Object.assign(this, { line, character }); }
}

class Range {
  constructor(start, end, endLine, endCharacter) {
    const numbers = typeof start === 'number';
    this.start = numbers ? new Position(start, end) : start;
    this.end = numbers ? new Position(endLine, endCharacter) : end;
  }
}

class Uri {
  constructor(text) {
    this.text = text;
    this.scheme = text.split(':')[0];
    this.path = decodeURIComponent(new URL(text).pathname);
    this.fsPath = this.path;
  }
  static parse(text) { return new Uri(text); }
  static file(path) { return new Uri(require('node:url').pathToFileURL(path).href); }
  toString() { return this.text; }
}

class Disposable {
  constructor(end) { this.dispose = end; }
  static from(...all) { return new Disposable(() => all.forEach((one) => one.dispose())); }
}

/** A class that keeps what it is made from. */
const record = (...keys) => class { constructor(...values) { keys.forEach((key, i) => { this[key] = values[i]; }); } };

class CancellationTokenSource {
  constructor() {
    const requested = new EventEmitter();
    this.token = { isCancellationRequested: false, onCancellationRequested: requested.event };
    this.cancel = () => {
      this.token.isCancellationRequested = true;
      requested.fire();
    };
    this.dispose = () => {};
  }
}

/** Whatever is asked of it is something that can be called, made and asked again. */
function anything(known) {
  const target = Object.assign(function callable() {}, known);
  return new Proxy(target, {
    get: (object, key) => {
      if (!(key in object) && typeof key === 'string' && key !== 'then') {
        object[key] = /^on(Did|Will)/.test(key) ? new EventEmitter().event : anything({});
      }
      return object[key];
    },
    apply: () => new Disposable(() => {}),
    construct: () => ({}),
  });
}

const events = { open: new EventEmitter(), change: new EventEmitter(), close: new EventEmitter() };
const providers = {};
const workspace = anything({
  textDocuments: [],
  notebookDocuments: [],
  workspaceFolders: [],
  onDidOpenTextDocument: events.open.event,
  onDidChangeTextDocument: events.change.event,
  onDidCloseTextDocument: events.close.event,
  getConfiguration: () => ({ get: (name, value) => value }),
  getWorkspaceFolder: () => undefined,
  createFileSystemWatcher: () => anything({}),
});

const languages = anything({
  match: () => 10,
  createDiagnosticCollection: () => anything({}),
});
for (const name of ['Definition', 'Declaration', 'Reference', 'DocumentHighlight', 'Hover', 'CallHierarchy', 'FoldingRange',
  'SelectionRange', 'DocumentSymbol', 'WorkspaceSymbol']) {
  languages[`register${name}Provider`] = (...args) => {
    providers[name] = args.find((arg) => !Array.isArray(arg)); // the other one is the selector
    return new Disposable(() => delete providers[name]);
  };
}

class Document {
  constructor(path, text) {
    Object.assign(this, { uri: Uri.file(path), languageId: 'python', version: 1, isClosed: false, text });
  }
  getText() { return this.text; }
}

const commands = anything({
  run: {},
  registerCommand(name, action) {
    commands.run[name] = action;
    return new Disposable(() => delete commands.run[name]);
  },
});

const channel = () => anything({ appendLine() {}, append() {}, logLevel: 3, onDidChangeLogLevel: new EventEmitter().event });

module.exports = anything({
  EventEmitter, Position, Range, Uri, Disposable, CancellationTokenSource, workspace, languages, commands,
  Selection: Range,
  Location: record('uri', 'range'),
  Hover: record('contents', 'range'),
  DocumentHighlight: record('range', 'kind'),
  FoldingRange: record('start', 'end', 'kind'),
  SelectionRange: record('range', 'parent'),
  DocumentSymbol: record('name', 'detail', 'kind', 'range', 'selectionRange'),
  SymbolInformation: record('name', 'kind', 'containerName', 'location'),
  CallHierarchyItem: record('kind', 'name', 'detail', 'uri', 'range', 'selectionRange'),
  CallHierarchyIncomingCall: record('from', 'fromRanges'),
  CallHierarchyOutgoingCall: record('to', 'fromRanges'),
  RelativePattern: record('base', 'pattern'),
  MarkdownString: class { constructor(value) { this.value = value; } },
  CancellationError: class extends Error {},
  window: anything({ createOutputChannel: channel, visibleTextEditors: [], tabGroups: anything({ all: [] }) }),
  env: { appName: 'stub', language: 'en' },
  version: '1.100.0',
  Document,
  providers,
  /** What the user does. */
  open(document) {
    workspace.textDocuments.push(document);
    return events.open.fire(document);
  },
  change(document, start, end, text, whole) {
    document.text = whole;
    document.version += 1;
    return events.change.fire({ document, contentChanges: [{ range: new Range(start, end), rangeLength: 0, text }] });
  },
  close(document) {
    workspace.textDocuments.splice(workspace.textDocuments.indexOf(document), 1);
    return events.close.fire(document);
  },
});
