// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/digest.hpp"
#include "service/definition_names.hpp"
#include "service/repo_state.hpp"

namespace repomap {

/// What a repository is at one moment, as requests are answered from it. Immutable once made, so any thread may read
/// it.
struct RepositorySnapshot {
  RepoState state;       ///< without symbols where nobody has asked for them yet
  bool is_exact = true;  ///< false: files changed while the symbols were put together; another snapshot follows soon
  std::uint64_t generation = 1;
  std::shared_ptr<const DefinitionNames> definitions = {};  ///< null where it serves one request

  // Computed once where a snapshot serves many requests.
  std::optional<Digest> symbols_digest;
  std::optional<Digest> content_digest;

  Digest symbols_state() const { return symbols_digest ? *symbols_digest : state.scan.symbols_state(); }
  Digest content_state() const { return content_digest ? *content_digest : state.scan.content_state(); }

  /// Whether every file has been read.
  bool is_whole() const { return state.scan.report.freshness.pending == 0; }

  /// Whether answers from it may be kept.
  bool is_settled() const { return is_whole() && is_exact; }

  /// An estimate of what it occupies.
  std::size_t memory_bytes() const;
};

}  // namespace repomap
