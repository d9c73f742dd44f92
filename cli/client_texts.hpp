// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace repomap::cli {

/// editors/neovim/repomap.lua and editors/emacs/repomap.el, as they were when the program was built.
std::string_view neovim_client_text();
std::string_view emacs_client_text();

}  // namespace repomap::cli
