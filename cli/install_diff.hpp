// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace repomap::cli {

/// A unified diff with one hunk, from the first line that differs to the last, and three lines around it; "" for equal
/// texts. `is_new` and `is_gone` say that there is no file before, or after.
struct DiffSides {
  std::string_view before;
  std::string_view after;
  bool is_new = false;
  bool is_gone = false;
};
std::string unified_diff(const std::string& path, const DiffSides& sides);

}  // namespace repomap::cli
