// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace repomap {

/// The distinct words of a text: what is left between runs of characters that are neither letters, digits nor '_'.
/// Unicode-aware. The views point into `text`.
std::unordered_set<std::string_view> mentioned_identifiers(std::string_view text);

/// The files that a text mentions, as rising indices in `paths`:
/// - by full path: a word between blanks, without closing punctuation and quotes, is the path ('\' counts as '/');
/// - by base name: such a word is the base name of exactly one file outside the chat, contains one of "._-" (so that
///   "run" or "make" is no mention), and no file of the chat has it;
/// - by stem: a word of mentioned_identifiers(text) with at least 5 code points equals, ignoring case, the base name
///   without its last extension.
/// `in_chat[i]` says whether paths[i] is a chat file. REQUIRES: in_chat.size() == paths.size().
std::vector<std::uint32_t> mentioned_files(std::string_view text, const std::vector<std::string>& paths,
                                           const std::vector<bool>& in_chat);

/// The directory names, the base name, and the base name without its extension, of a path: what a mentioned identifier
/// is compared with. A leading dot starts no extension.
std::vector<std::string_view> path_parts(std::string_view path);

}  // namespace repomap
