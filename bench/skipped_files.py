# SPDX-License-Identifier: Apache-2.0
"""Which files repomap skipped, from what `-v` makes it say on standard error."""

import re

REASONS = "unreadable|not_regular|symlink|too_large|too_slow|binary|minified|generated|language_off|vanished"
LINE = re.compile(rf"^(?P<path>.+?): (?P<reason>{REASONS})\b")


def skipped_in(messages):
    """path -> reason."""
    found = (LINE.match(line) for line in messages.split("\n"))
    return {match["path"]: match["reason"] for match in found if match}
