// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "service/protocol/rpc_method.hpp"

namespace repomap {

/// Tells a peer, as often as people can follow, how far its request with that id has come. Any thread may call it.
std::function<void(std::size_t done, std::size_t total)> make_progress_notifier(std::shared_ptr<RpcPeer> peer, Json id);

}  // namespace repomap
