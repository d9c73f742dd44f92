// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace repomap {

/// Whether a path from the root names a file that tells a newcomer what a repository is and how it is built: README,
/// licence, package manifest, build and tool configuration, and the workflows in .github/workflows. The names are those
/// of aider's list.
bool is_important_file(std::string_view path);

}  // namespace repomap
