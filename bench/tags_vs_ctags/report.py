# SPDX-License-Identifier: Apache-2.0
"""The comparison as text: for the terminal, as Markdown, as JSON. All three are deterministic."""

import json

BLAME = {"ctags": "ctags is wrong", "convention": "both are right", "ours": "we miss it"}
WIDTH = 110


def example(difference):
    text = difference.text if len(difference.text) <= WIDTH else difference.text[:WIDTH] + "…"
    return f"{difference.tag.path}:{difference.tag.line}", text


def spread(cases, count):
    """Up to `count` cases, taken evenly from the whole list so that one file cannot fill it."""
    if len(cases) <= count:
        return cases
    return [cases[i * len(cases) // count] for i in range(count)]


def as_text(result, show_missing, show_extra):
    """One language for the terminal: recall, kinds, classes with examples."""
    lines = [f"{result.language}: recall {result.recall:.4f} ({result.found} of {result.total - result.wrong} in {result.files} files; "
             f"raw {result.raw_recall:.4f}: ctags reports {result.wrong} more that are none), we have {result.ours}"]
    lines += [f"  not compared: {path} is skipped ({reason})" for path, reason in result.skipped.items()]
    for kind, count in sorted(result.ctags.items()):
        lines.append(f"  {kind:16} {result.matched[kind]:7} of {count:7}  {result.matched[kind] / count:.4f}")
    for rule, cases in result.missing.items():
        lines.append(f"\n- {rule.title} [{BLAME[rule.blame]}]: {len(cases)}")
        for case in spread(cases, show_missing):
            where, text = example(case)
            lines.append(f"    {case.tag.kind} {case.tag.name}  {where}  | {text}")
    for kind, cases in result.extra.items() if show_extra else ():
        lines.append(f"\n+ only ours, {kind}: {len(cases)}")
        for case in spread(cases, show_extra):
            where, text = example(case)
            lines.append(f"    {case.tag.name}  {where}  | {text}")
    return "\n".join(lines) + "\n"


def code(text):
    """Inline code for a Markdown table cell."""
    fence = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text.replace('|', chr(92) + '|')}{pad}{fence}"


def language_markdown(result, title):
    lines = ["", f"## {title}", "",
             f"{result.found:,} of {result.total - result.wrong:,} definitions in {result.files:,} files: recall "
             f"**{result.recall:.4f}** (raw {result.raw_recall:.4f}).", "",
             "| ctags kind | it has | we have | recall |", "|---|--:|--:|--:|"]
    for kind, count in sorted(result.ctags.items()):
        lines.append(f"| {kind} | {count:,} | {result.matched[kind]:,} | {result.matched[kind] / count:.4f} |")
    if result.skipped:
        lines += ["", "Not compared, because repomap skips them: " + ", ".join(
            f"{path} ({reason})" for path, reason in result.skipped.items()) + "."]
    if result.missing:
        lines += ["", "| Only ctags has it, because | count | verdict | for example |", "|---|--:|---|---|"]
    for rule, cases in result.missing.items():
        where, text = example(cases[len(cases) // 2])
        name = cases[len(cases) // 2].tag.name
        lines.append(f"| {rule.title} | {len(cases):,} | {BLAME[rule.blame]} | {code(name)} in {code(text)} ({where}) |")
    if result.extra:
        lines += ["", "| Only we have it, kind | count | for example |", "|---|--:|---|"]
    for kind, cases in result.extra.items():
        where, text = example(cases[len(cases) // 2])
        lines.append(f"| {kind} | {len(cases):,} | {code(text)} ({where}) |")
    return lines


def as_markdown(results, titles, skipped, ctags_version):
    lines = ["# Our definitions against universal-ctags", "",
             "Written by `python3 bench/tags_vs_ctags --markdown docs/TAGS_VS_CTAGS.md`; do not edit by hand.", "",
             f"The other tool: {ctags_version}. The files: what `bench/corpora.py` fetches. A definition is the same when path,",
             "bare name and line are the same. Compared are ctags' functions, methods, classes, structs, enums, types and",
             "modules, with interfaces, traits, unions and namespaces where it has them. Left out: the names it makes up",
             "for what has none, package clauses, and the files that repomap skips and says so. Every difference is in exactly one class; the classes are rules in",
             "`bench/tags_vs_ctags/classes.py`, and the verdict says whose difference it is. Recall leaves out what a rule",
             "shows to be no definition (a macro call, an object literal, text in a comment); raw recall counts it against us.", "",
             "| Language | files | ctags has | of these no definition | we have | recall | raw recall | only ours |",
             "|---|--:|--:|--:|--:|--:|--:|--:|"]
    for result in results:
        only = sum(len(cases) for cases in result.extra.values())
        lines.append(f"| {titles[result.language]} | {result.files:,} | {result.total:,} | {result.wrong:,} | "
                     f"{result.found:,} | {result.recall:.4f} | {result.raw_recall:.4f} | {only:,} |")
    lines += [f"\n{titles[language]} was skipped: {why}." for language, why in skipped]
    for result in results:
        lines += language_markdown(result, titles[result.language])
    return "\n".join(lines) + "\n"


def as_json(results, skipped):
    def one(result):
        return {
            "language": result.language, "files": result.files, "ctags": result.total, "matched": result.found,
            "ours": result.ours, "recall": round(result.recall, 6), "raw_recall": round(result.raw_recall, 6),
            "kinds": {k: {"ctags": n, "matched": result.matched[k]} for k, n in sorted(result.ctags.items())},
            "skipped_files": result.skipped,
            "missing": [{"class": rule.title, "verdict": rule.blame, "count": len(cases),
                         "definitions": [{"path": c.tag.path, "name": c.tag.name, "line": c.tag.line,
                                          "kind": c.tag.kind} for c in cases]}
                        for rule, cases in result.missing.items()],
            "extra": {kind: len(cases) for kind, cases in result.extra.items()},
        }
    document = {"languages": [one(r) for r in results], "skipped": [{"language": l, "reason": w} for l, w in skipped]}
    return json.dumps(document, ensure_ascii=True, indent=1) + "\n"
