// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace repomap {

struct ComponentVersion {
  std::string name;
  std::string version;
};

/// The product's own: "0.1.0".
std::string_view program_version();

/// The product and the libraries it runs with; the product comes first.
std::vector<ComponentVersion> component_versions();

}  // namespace repomap
