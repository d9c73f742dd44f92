// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "core/base/result.hpp"

namespace repomap {

/// Asks whether work is still wanted: fails with the reason once it is not, and from then on. Called now and then, from
/// any thread. Empty: it is wanted to its end.
using WorkCheck = std::function<Status()>;

inline Status ask(const WorkCheck& check) { return check ? check() : Status(); }

}  // namespace repomap
