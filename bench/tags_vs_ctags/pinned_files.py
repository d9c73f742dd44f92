# SPDX-License-Identifier: Apache-2.0
"""The number and the digest of a sample's files, so that a changed sample is seen and not taken for a changed result."""

import hashlib
import os


def digest(root, paths):
    """SHA-256 over each file's relative path and content, in the order of `paths`."""
    total = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            content = hashlib.sha256(file.read()).hexdigest()
        total.update(f"{os.path.relpath(path, root)} {content}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


def describe(language, root, paths):
    return f"{language}\t{len(paths)}\t{digest(root, paths)}\n"


def read_pins(path):
    """language -> (number of files, digest)."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {language: (int(count), value) for language, count, value in rows}


def check(pin, root, paths):
    """What differs from the pin, or an empty string."""
    count, value = pin
    if count != len(paths):
        return f"{len(paths)} files, pinned {count}"
    return "" if digest(root, paths) == value else "other content"
