# SPDX-License-Identifier: Apache-2.0
"""Which files of the fetched corpora belong to which language.

The lists are the same for every tool that is compared: sorted by path, regular files only, no
symbolic links, no minified bundles.
"""

import os
import pathlib

EXTENSIONS = {
    "c": (".c", ".h"),
    "cpp": (".cc", ".cpp", ".cxx", ".hpp", ".hh", ".h"),
    "python": (".py",),
    "java": (".java",),
    "go": (".go",),
    "rust": (".rs",),
    "javascript": (".js", ".mjs", ".cjs"),
    "typescript": (".ts",),
    "ruby": (".rb",),
    "php": (".php",),
    "csharp": (".cs",),
    "lua": (".lua",),
    "bash": (".sh", ".bash"),
}

SHELLS = (b"sh", b"bash", b"dash")

KERNEL = "linux-source-6.1"


def default_directory():
    """Where the corpora lie when the user names no directory."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return pathlib.Path(cache) / "repomap-corpora"


def folders_of(language, corpora):
    """The folders that make up a language's corpus."""
    if language == "c" and (corpora / KERNEL).is_dir():
        return [corpora / KERNEL / part for part in ("kernel", "mm", "fs")]
    return [corpora / language]


def has_shell_line(path):
    """True when the file's first line names a shell as its interpreter."""
    with open(path, "rb") as file:
        first = file.read(64).split(b"\n", 1)[0]
    if not first.startswith(b"#!"):
        return False
    words = first[2:].split()
    if words and words[0].endswith(b"/env"):
        words = words[1:]
    return bool(words) and words[0].rsplit(b"/", 1)[-1] in SHELLS


def belongs(language, path, name):
    if name.endswith((".min.js", ".d.ts")) and language in ("javascript", "typescript"):
        return False
    if name.endswith(EXTENSIONS[language]):
        return True
    return language == "bash" and "." not in name and has_shell_line(path)


def files_below(language, folder):
    """The language's regular files below one folder, as absolute path strings, unsorted."""
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in names:
            path = os.path.join(where, name)
            if os.path.isfile(path) and not os.path.islink(path) and belongs(language, path, name):
                yield path


def files_of(language, corpora):
    """The language's files in a corpora directory, absolute, sorted; empty when it was not fetched."""
    return sorted(p for folder in folders_of(language, corpora) for p in files_below(language, str(folder)))
