// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace repomap {

/// The tables of queues, deques, indexes and leases: they are made with every store, in the transaction that makes it.
/// What changes here changes kStoreSchemaVersion (core/cache/store_schema.hpp) and docs/CACHE_FORMAT.md.
inline constexpr const char* kRecipeTables = "";

}  // namespace repomap
