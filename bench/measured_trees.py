# SPDX-License-Identifier: Apache-2.0
"""The trees the speed comparisons run on, and running a program with its time and memory taken.

Every tool gets the same directory with the same files and nothing else: a tree holds only the files
of its language, hard-linked (copied where that is impossible) from the fetched corpora, without those
that repomap would skip (large generated files, minified ones), so that no tool has less to read.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass

from corpora_files import KERNEL, files_below
from skipped_files import skipped_in

# name -> (language, folders below the corpora directory)
TREES = {
    "go": ("go", ("go",)),
    "java.base": ("java", ("java",)),
    "python": ("python", ("python",)),
    "kernel-mm-fs": ("c", tuple(f"{KERNEL}/{part}" for part in ("kernel", "mm", "fs"))),
    "kernel": ("c", (f"{KERNEL}/kernel",)),
}


def link_or_copy(source, target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@contextmanager
def tree(name, corpora):
    """A temporary directory with the tree's files; yields (directory, language, relative paths), or None when not fetched."""
    language, folders = TREES[name]
    found = sorted(p for folder in folders for p in files_below(language, os.path.join(corpora, folder)))
    if not found:
        yield None
        return
    directory = tempfile.mkdtemp(prefix=f".tree-{name}-", dir=corpora)
    try:
        relative = [os.path.relpath(path, corpora) for path in found]
        for source, path in zip(found, relative):
            link_or_copy(source, os.path.join(directory, path))
        yield directory, language, relative
    finally:
        shutil.rmtree(directory)


@dataclass(frozen=True)
class Run:
    """One finished run of a program."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    output: str
    messages: str


class RunFailed(Exception):
    """The program ended with an error; the message is the end of what it said."""


def measured(arguments, text="", environment=None, where=None, timeout=3600):
    """Runs a program; wall and processor time and peak resident memory of that process, what it printed."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(text.encode("utf-8", "surrogateescape"))
        given.seek(0)
        start = time.monotonic()
        process = subprocess.Popen(arguments, stdin=given, stdout=out, stderr=err, env=environment, cwd=where)
        signal.signal(signal.SIGALRM, lambda *_: process.kill())
        signal.alarm(timeout)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        signal.alarm(0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        messages = err.read().decode("utf-8", "replace")
        if process.returncode != 0:
            raise RunFailed(f"{arguments[0]} ended with {process.returncode}: {messages.strip()[-400:]}")
        return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out.read().decode("utf-8", "replace"), messages)


def cold_map(binary, directory):
    """One map of a tree by a new process with an empty cache directory and no daemon."""
    with tempfile.TemporaryDirectory() as cache:
        environment = dict(os.environ, REPO_MAP_CACHE_DIR=cache, REPO_MAP_DAEMON="off", XDG_CACHE_HOME=cache)
        arguments = [str(binary), "map", str(directory), "--tokens", "1024", "--tokenizer", "chars4", "--rank", "aider",
                     "--no-daemon", "-v"]
        return measured(arguments, environment=environment)


def drop_skipped(binary, directory, paths):
    """Runs one map, deletes from the tree what it skips, and returns the paths that are left."""
    skipped = skipped_in(cold_map(binary, directory).messages)
    for path in set(paths) & set(skipped):
        os.unlink(os.path.join(directory, path))
    return [path for path in paths if path not in skipped]
