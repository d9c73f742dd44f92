# SPDX-License-Identifier: Apache-2.0
"""A source file as the classifiers look at it: its lines, and what each line's start lies inside of."""

import functools
import pathlib
import re

CODE, COMMENT, STRING = "code", "comment", "string"

# Per language: what opens and closes a block comment, what starts a line comment, and what opens and closes
# strings that may run over several lines. The order in each pattern decides between prefixes.
_C_LIKE = (r"/\*", r"\*/", r"//", {})
SYNTAX = {
    "c": _C_LIKE,
    "cpp": _C_LIKE,
    "java": (r"/\*", r"\*/", r"//", {'"""': '"""'}),
    "go": (r"/\*", r"\*/", r"//", {"`": "`"}),
    "rust": _C_LIKE,
    "javascript": _C_LIKE,  # regular expressions and nested templates are beyond such a table
    "typescript": _C_LIKE,
    "csharp": _C_LIKE,
    "php": (r"/\*", r"\*/", r"//|\#", {}),
    "python": (None, None, r"\#", {'"""': '"""', "'''": "'''"}),
    "ruby": (r"^=begin\b", r"^=end\b", r"\#", {}),
    "lua": (r"--\[\[", r"\]\]", r"--", {"[[": "]]", "[=[": "]=]", "[==[": "]==]"}),
    "bash": (None, None, r"(?:^|(?<=\s))\#", {}),
}
_QUOTED = r'"(?:\\.|[^"\\\n])*"' r"|'(?:\\.|[^'\\\n])*'"
_CONDITION = re.compile(r"^\s*#\s*(if|ifdef|ifndef|elif|else|endif)\b\s*(.*)")
_HEREDOC = re.compile(r"<<[-~]?\s*(['\"]?)([A-Za-z_][A-Za-z0-9_]*)\1")


@functools.lru_cache(maxsize=None)
def _token(language):
    opening, _, line_comment, long_quotes = SYNTAX[language]
    parts = [f"(?P<block>{opening})"] if opening else []
    if long_quotes:
        parts.append(f"(?P<long>{'|'.join(map(re.escape, long_quotes))})")
    parts.append(f"(?P<line>{line_comment})")
    parts.append(f"(?P<quoted>{_QUOTED})")
    return re.compile("|".join(parts), re.MULTILINE)


class Source:
    """One file's text; lines are 1-based. Unreadable bytes are kept as replacement characters."""

    def __init__(self, language, path):
        self.language = language
        self.text = pathlib.Path(path).read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
        self.lines = self.text.split("\n")

    def line(self, number):
        return self.lines[number - 1] if 1 <= number <= len(self.lines) else ""

    @functools.cached_property
    def regions(self):
        """What each line's first character lies inside of: code, comment or string."""
        state = [CODE] * (len(self.lines) + 2)
        for start, end, what in self._spans():
            first = self.text.count("\n", 0, start) + 2
            for number in range(first, self.text.count("\n", 0, end) + 2):
                state[number] = what
        self._mark_heredocs(state)
        return state

    def _spans(self):
        _, closing, _, long_quotes = SYNTAX[self.language]
        token, at = _token(self.language), 0
        while found := token.search(self.text, at):
            kind, start = found.lastgroup, found.start()
            if kind == "quoted":
                at = found.end()
                continue
            if kind == "line":
                stop = self.text.find("\n", found.end())
                at = len(self.text) if stop < 0 else stop
                continue
            pattern = closing if kind == "block" else re.escape(long_quotes[found.group()])
            end = re.compile(pattern, re.MULTILINE).search(self.text, found.end())
            at = end.end() if end else len(self.text)
            yield start, at, COMMENT if kind == "block" else STRING

    def _mark_heredocs(self, state):
        if self.language not in ("bash", "ruby", "php"):
            return
        number = 1
        while number <= len(self.lines):
            found = _HEREDOC.search(self.lines[number - 1])
            number += 1
            if not found or state[number - 1] != CODE:
                continue
            end = next((n for n in range(number, len(self.lines) + 1)
                        if self.lines[n - 1].strip().rstrip(";") == found.group(2)), 0)
            for inside in range(number, end):
                state[inside] = STRING
            number = max(number, end + 1)

    @functools.cached_property
    def conditions(self):
        """For each line the preprocessor conditions it stands under, innermost last, as their text."""
        stack, under = [], [()]
        for text in self.lines:
            found = _CONDITION.match(text)
            if found:
                word, rest = found.groups()
                if word.startswith("if"):
                    stack.append(f"{word} {rest}".strip())
                elif word == "endif":
                    del stack[-1:]
                elif stack:
                    stack[-1] = f"{word} {rest} of {stack[-1]}"
            under.append(tuple(stack))
        return under

    def conditions_at(self, number):
        return self.conditions[number] if number < len(self.conditions) else ()
