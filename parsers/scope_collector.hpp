// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tree_sitter/api.h>

#include <vector>

#include "core/model/file_tags.hpp"

namespace repomap {

/// The lines on which nodes of several lines start in the tree under `root`, by start: what render_tree needs of a
/// tree.
///
/// The header of a line with several such nodes is the shortest of them without its last line, at most kMaxHeaderLines
/// lines; the header of a line with one is that line.
///
/// The same tree must not be used by another thread meanwhile. Iterative, so the depth of the tree is not limited by
/// the stack. Time: proportional to the multi-line nodes and their children.
std::vector<ScopeSpan> collect_scopes(TSNode root);

}  // namespace repomap
