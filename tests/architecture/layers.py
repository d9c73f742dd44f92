# SPDX-License-Identifier: Apache-2.0
"""Checks who includes whom against the table of docs/ARCHITECTURE.md.

usage: layers.py REPOSITORY_ROOT    exit 1 and one line for each breach

ROOMS, THIRD_PARTY and EDGE_FILES are that table: change them only together with the document.
"""
import os
import re
import sys

# Room: the rooms that it may include besides itself.
ROOMS = {
    "core/base": set(),
    "core/model": {"core/base"},
    "core/cache": {"core/base", "core/model"},
    "parsers": {"core/base", "core/model"},
    "ranking": {"core/base", "core/model"},
    "watcher": {"core/base", "core/model", "core/cache"},
    "service": {"core/base", "core/model", "core/cache", "parsers", "ranking", "watcher"},
    "service/protocol": {"core/base", "core/model", "service"},
    "cli": {"core/base", "core/model", "service", "service/protocol"},
}

# Header, or directory of headers where it ends in "/": where the including file must lie.
THIRD_PARTY = {
    "tree_sitter/": ["parsers/"],
    "parser.h": ["parsers/"],
    "sqlite3.h": ["core/cache/"],
    "hiredis/": ["core/cache/redis_backend"],
    "zstd.h": ["core/"],
    "sys/inotify.h": ["watcher/inotify_watcher"],
    "git2.h": ["watcher/", "service/"],
    "git2/": ["watcher/", "service/"],
    "boost/graph/": ["ranking/"],
    "boost/asio.hpp": ["service/protocol/"],
    "boost/asio/": ["service/protocol/"],
    "sys/socket.h": ["service/protocol/"],
    "sys/un.h": ["service/protocol/"],
    "nlohmann/": ["service/protocol/", "cli/"],
    "CLI/": ["cli/"],
    "iostream": ["cli/"],
    "thread": ["core/base/"],
    "mutex": ["core/base/"],
    "condition_variable": ["core/base/"],
    "expected": ["core/base/"],
    "format": [],
    "print": [],
}

# An edge that ROOMS allows, but only from these files.
EDGE_FILES = {("watcher", "core/cache"): ["watcher/invalidator"]}

INCLUDE = re.compile(r'\s*#\s*include\s+(["<])([^">]+)[">]')


def room_of(path):
    for room in sorted(ROOMS, key=len, reverse=True):
        if path.startswith(room + "/"):
            return room
    return None


def starts_with_any(path, prefixes):
    return any(path.startswith(prefix) for prefix in prefixes)


def source_files(root):
    for top in sorted({room.split("/")[0] for room in ROOMS}):
        for directory, _, names in sorted(os.walk(os.path.join(root, top))):
            for name in sorted(names):
                if name.endswith((".hpp", ".cpp", ".h", ".cc")):
                    yield os.path.relpath(os.path.join(directory, name), root)


def includes(root, path):
    """Yields (line number, delimiter, header) for each #include."""
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            match = INCLUDE.match(line)
            if match:
                yield number, match.group(1), match.group(2)


def breach_of_own_header(path, room, header, edges):
    target = room_of(header)
    if target is None:
        return f'"{header}" is not an include from the repository root'
    if target == room:
        return None
    edges[room, target] = edges.get((room, target), 0) + 1
    if target not in ROOMS[room]:
        return f"{room} may not include {target} ({header})"
    only = EDGE_FILES.get((room, target))
    if only is not None and not starts_with_any(path, only):
        return f"only {only} may include {target}"
    return None


def breach_of_foreign_header(path, header):
    for known, allowed in THIRD_PARTY.items():
        if header == known or (known.endswith("/") and header.startswith(known)):
            if not starts_with_any(path, allowed):
                return f"<{header}> may be included only by {allowed or 'nobody'}"
    return None


def main(root):
    breaches, edges, files = [], {}, 0
    for path in source_files(root):
        files += 1
        room = room_of(path)
        if room is None:
            breaches.append(f"{path}: lies in no known room")
            continue
        for number, delimiter, header in includes(root, path):
            if delimiter == '"':
                breach = breach_of_own_header(path, room, header, edges)
            else:
                breach = breach_of_foreign_header(path, header)
            if breach:
                breaches.append(f"{path}:{number}: {breach}")
    print(f"{files} files; edges:", ", ".join(f"{a} -> {b} {n}" for (a, b), n in sorted(edges.items())))
    for breach in breaches:
        print(breach)
    if files == 0:
        print(f"no source file below {root}")
    print(f"layers: {len(breaches)} breaches" if breaches else "layers: ok")
    return 1 if breaches or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
