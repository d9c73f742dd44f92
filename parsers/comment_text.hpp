// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace repomap {

inline constexpr std::size_t kMaxDocCommentBytes = 4096;

/// The text of one or several comments in a row, without what marks them as comments: `/** */` and the `*` before each
/// line, `//`, `///`, `//!`, `#`, `--`, `;;`, `%`, `(* *)`, `<!-- -->`. Lines keep their relative indentation; blank
/// lines around go. At most kMaxDocCommentBytes, cut between lines where that loses little; always valid UTF-8.
std::string strip_comment(std::string_view comment);

/// The same for the source of a string literal: without quotes and prefix, and without common indentation.
std::string strip_docstring(std::string_view literal);

}  // namespace repomap
