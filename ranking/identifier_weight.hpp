// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "ranking/unicode_pattern.hpp"

namespace repomap {

/// How much a reference to an identifier says about what matters, judged by the shape of its name and by how many
/// files define it. The rules are those of aider's repository map (docs/RANKING.md). Immutable.
class IdentifierWeight {
 public:
  /// The product of: 10 for a name of at least 8 code points that is snake_case, kebab-case or camelCase; 0.1 for a
  /// leading underscore; 0.1 for more than 5 defining files.
  double of(std::string_view name, std::size_t defining_files) const;

 private:
  /// REQUIRES: `name` has at least 8 bytes.
  bool is_long_compound(std::string_view name) const;

  UnicodePattern upper_{R"(\p{Uppercase})"};
  UnicodePattern lower_{R"(\p{Lowercase})"};
  UnicodePattern letter_{R"(\p{L})"};
};

}  // namespace repomap
