// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace repomap {

/// Which paths of a tree may have changed. A value type.
struct ChangeBatch {
  /// Relative to the root, with '/', raw bytes; sorted and distinct. A path stands for itself and for whatever is, or
  /// was, below it; "" is the whole tree. None is below another.
  std::vector<std::string> paths;

  /// Why the changes cannot be named one by one, so that everything must be looked at; "" if they can.
  std::string desync_reason;

  bool is_desynced() const { return !desync_reason.empty(); }
  bool empty() const { return paths.empty() && desync_reason.empty(); }
};

}  // namespace repomap
