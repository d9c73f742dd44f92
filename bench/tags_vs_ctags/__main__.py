#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the definitions of `repomap tags` with those of universal-ctags on real source trees.

    python3 bench/tags_vs_ctags --repomap build/bin/repomap --lang go --show-missing 30
    python3 bench/tags_vs_ctags --markdown docs/TAGS_VS_CTAGS.md --fail-below 0.98
    python3 bench/tags_vs_ctags --fetch-sample --corpora DIR --pinned tests/tags_vs_ctags/sample.tsv

The trees come from bench/corpora.py. A language whose tree is missing is skipped, and says so.
Exit: 0 done, 1 a language's recall is below --fail-below or a tool failed, 2 wrong usage, 77 nothing to compare.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parent.parent)]
import corpora  # noqa: E402
import report  # noqa: E402
from comparison import compare  # noqa: E402
from corpora_files import default_directory, files_of  # noqa: E402
from definitions import CTAGS_LANGUAGES, ToolFailed  # noqa: E402
from pinned_files import check, describe, read_pins  # noqa: E402

TITLES = {language: "Bash" if language == "bash" else forced for language, (forced, _) in CTAGS_LANGUAGES.items()}
NOTHING_TO_COMPARE = 77


def parse_arguments():
    parser = argparse.ArgumentParser(prog="tags_vs_ctags", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repomap", type=pathlib.Path, default=shutil.which("repomap"), help="the binary")
    parser.add_argument("--corpora", type=pathlib.Path, default=default_directory(), help="where corpora.py put the trees")
    parser.add_argument("--lang", action="append", choices=list(CTAGS_LANGUAGES), help="only this language (repeatable)")
    parser.add_argument("--only", help="only files whose path contains this text")
    parser.add_argument("--show-missing", type=int, default=3, metavar="N", help="examples of each class")
    parser.add_argument("--show-extra", type=int, default=0, metavar="N", help="examples of what only we have, of each kind")
    parser.add_argument("--markdown", type=pathlib.Path, help="write the report to this file")
    parser.add_argument("--json", type=pathlib.Path, help="write every difference to this file")
    parser.add_argument("--fetch-sample", action="store_true", help="fetch the small trees into the corpora directory first")
    parser.add_argument("--pinned", type=pathlib.Path, metavar="FILE",
                        help="say where the files are not those whose number and digest this file holds")
    parser.add_argument("--write-pinned", type=pathlib.Path, metavar="FILE", help="write such a file and stop")
    parser.add_argument("--fail-below", type=float, metavar="RECALL", help="fail when a language's recall is lower")
    arguments = parser.parse_args()
    if not arguments.write_pinned and not (arguments.repomap and arguments.repomap.is_file()):
        parser.error("no repomap binary: name it with --repomap")
    return arguments


def ctags_version():
    """The tool's own first line, or None when it is not installed or is not universal-ctags with JSON output."""
    if not shutil.which("ctags"):
        return None
    done = subprocess.run(["ctags", "--version"], text=True, capture_output=True, check=False)
    first = done.stdout.split(",", 1)[0]
    return first if first.startswith("Universal Ctags") and "+json" in done.stdout else None


def run(arguments):
    """Compares language by language; returns the comparisons and what was skipped, with the reason."""
    results, skipped = [], []
    root = arguments.corpora.resolve()
    pins = read_pins(arguments.pinned) if arguments.pinned else {}
    for language in arguments.lang or CTAGS_LANGUAGES:
        paths = [p for p in files_of(language, root) if not arguments.only or arguments.only in p]
        if not paths:
            skipped.append((language, "its sources were not fetched"))
            print(f"{language}: skipped, its sources were not fetched")
            continue
        if language in pins and (difference := check(pins[language], str(root), paths)):
            print(f"{language}: not the pinned files ({difference}); compared all the same")
        results.append(compare(language, str(arguments.repomap.resolve()), str(root), paths))
        print(report.as_text(results[-1], arguments.show_missing, arguments.show_extra), flush=True)
    return results, skipped


def main():
    arguments = parse_arguments()
    if arguments.fetch_sample:
        missing = corpora.fetch_all(arguments.corpora, corpora.SAMPLE, arguments.lang or list(corpora.SAMPLE))
        print(f"not fetched: {', '.join(missing) or 'nothing'}", flush=True)
    if arguments.write_pinned:
        lines = [describe(l, arguments.corpora.resolve(), files_of(l, arguments.corpora.resolve())) for l in CTAGS_LANGUAGES]
        arguments.write_pinned.write_text("".join(lines), encoding="utf-8")
        return 0
    version = ctags_version()
    if version is None:
        print("skipped: universal-ctags with JSON output is not installed", file=sys.stderr)
        return NOTHING_TO_COMPARE
    try:
        results, skipped = run(arguments)
    except ToolFailed as error:
        print(f"failed: {error}", file=sys.stderr)
        return 1
    if arguments.markdown:
        arguments.markdown.write_text(report.as_markdown(results, TITLES, skipped, version), encoding="utf-8",
                                      errors="replace")
    if arguments.json:
        arguments.json.write_text(report.as_json(results, skipped), encoding="utf-8")
    low = [r.language for r in results if arguments.fail_below and r.recall < arguments.fail_below]
    if low:
        print(f"recall below {arguments.fail_below}: {', '.join(low)}", file=sys.stderr)
        return 1
    return 0 if results else NOTHING_TO_COMPARE


if __name__ == "__main__":
    sys.exit(main())
