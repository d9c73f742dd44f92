// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/result.hpp"
#include "core/cache/write_session.hpp"

namespace repomap {

/// Makes room after entries were written: removes expired ones, at most cull_limit for each written, and then as few
/// others, in the order of the policy, as bring the store down to its limit. Does nothing where cull_limit is 0. What
/// was written last stays.
Status cull_after_writes(WriteSession& session);

/// Removes entries that expire at `until_us` or before, at most `limit`, the earliest first.
Result<std::size_t> remove_expired(WriteSession& session, std::int64_t until_us, std::size_t limit);

/// Removes victims of the policy until the store fits its limit, at most `limit`; gives how many.
Result<std::size_t> remove_victims(WriteSession& session, std::size_t limit);

/// Removes the entries that were inserted first, at most `limit`.
Result<std::size_t> remove_first(WriteSession& session, std::size_t limit);

/// Writes down the reads that were gathered in memory.
Status write_accesses(WriteSession& session);

/// Bytes by which the live pages and value files exceed the limit; 0 or less: they fit. Pages of an empty store and
/// free pages do not count.
Result<std::int64_t> excess_bytes(WriteSession& session);

}  // namespace repomap
