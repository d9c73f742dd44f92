// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/model/file_tags.hpp"

namespace repomap {

/// The most lines of a scope's header that are shown.
inline constexpr std::uint32_t kMaxHeaderLines = 10;

/// The part of a file that explains some of its lines: those lines, the header of every scope they lie in, single
/// hidden lines between two shown ones, and one blank line behind a shown line. A shown line begins with "│"; a run of
/// hidden lines is one line "⋮". Lines are not shortened; the result ends in '\n', or is "" without lines of interest.
///
/// `scopes` are those of the same text (collect_scopes); a scope that starts on the first line has no header.
/// `lines_of_interest` are 0-based, in any order, repeated or not.
///
/// Gives the bytes of grep_ast's TreeContext under the options that aider's repository map uses. It parts from it in
/// one point: lines end at '\n' alone, as for the parser, and lose one '\r' before it. The peer also ends lines at form
/// feeds, lone carriage returns, U+2028 and others, so in files with such characters it takes other lines than the
/// parser meant. Text that does not end in '\n' is read as if it did.
///
/// Any input is safe: scopes and lines beyond the end of the text (a file that has since become shorter) show nothing.
/// Pure, so thread-safe. Time: O(text + scopes · log(lines of interest) + lines shown).
std::string render_tree(std::string_view text, std::span<const ScopeSpan> scopes,
                        std::span<const std::uint32_t> lines_of_interest);

}  // namespace repomap
