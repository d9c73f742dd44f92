# SPDX-License-Identifier: Apache-2.0
"""Makes one map with aider's RepoMap class. Run by vs_aider.py with the interpreter that has aider installed.

    python aider_map.py ROOT TOKENS < list of files relative to ROOT

Tokens are characters / 4, as in `repomap map --tokenizer chars4`. The cache that aider keeps in the root is used
when it is there: whoever wants a cold run removes it. Prints one JSON line.
"""

import json
import os
import sys
import time

from aider.repomap import RepoMap


class CharacterModel:
    """Stands for the language model: only its token count is asked."""

    def token_count(self, text):
        return len(text) / 4


class PlainIo:
    """Stands for the terminal."""

    def read_text(self, name, *_, **__):
        try:
            with open(name, encoding="utf-8") as file:
                return file.read()
        except (OSError, UnicodeError):
            return None

    def tool_output(self, *messages, **_):
        print(*messages, file=sys.stderr)

    tool_warning = tool_output
    tool_error = tool_output


def main():
    root, tokens = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    files = [os.path.join(root, line.rstrip("\n")) for line in sys.stdin]
    output, sys.stdout = sys.stdout, sys.stderr
    start = time.monotonic()
    mapper = RepoMap(map_tokens=tokens, root=root, main_model=CharacterModel(), io=PlainIo())
    text = mapper.get_repo_map([], files) or ""
    print(json.dumps({"seconds": time.monotonic() - start, "characters": len(text)}), file=output)


if __name__ == "__main__":
    main()
