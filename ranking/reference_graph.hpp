// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/model/repo_symbols.hpp"

namespace repomap {

/// Which file refers to what which other file defines: the input of ranking.
///
/// The relation "file r refers n times to an identifier that file d defines" has one edge for each (r, identifier, d),
/// ten million in the Linux kernel. It is kept factorised through the identifiers, r -> identifier -> d, which is a
/// third of the entries and the same linear map. Vertices are numbered: files first, as in RepoSymbols::paths, then the
/// "shared" identifiers, those with a definition and a reference, by first definition in file order. A file's edges
/// lead to the shared identifiers it refers to, in the order of its own first references; an identifier's edges lead to
/// the files that define it, in file order. No order depends on the interned ids, so neither does any rounding.
///
/// A definition that nobody refers to ("lone") has no vertex: it is an edge of its file to itself.
///
/// Immutable once built, so any thread may read it. It does not refer to the RepoSymbols it was built from.
class ReferenceGraph {
 public:
  using Vertex = std::uint32_t;
  using Structure = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                                       boost::no_property, Vertex, std::uint32_t>;
  static constexpr std::uint32_t kNotShared = 0xffffffff;

  /// The weight of the edge that a lone definition is.
  static constexpr double kLoneWeight = 0.1;

  /// If no file of `symbols` refers to anything, every definition counts as one reference to itself.
  static ReferenceGraph build(const RepoSymbols& symbols);

  std::size_t file_count() const { return file_count_; }
  std::size_t shared_count() const { return identifiers_.size(); }

  /// The Boost graph over file_count() + shared_count() vertices.
  const Structure& structure() const { return structure_; }

  /// For each edge of a file, by edge index: the square root of the number of references.
  std::span<const double> root_counts() const { return root_counts_; }

  /// For each shared identifier: what a reference to it weighs whatever the request (IdentifierWeight).
  std::span<const double> identifier_weights() const { return identifier_weights_; }

  /// For each shared identifier: its id in RepoSymbols::identifiers.
  std::span<const StringPool::Id> identifiers() const { return identifiers_; }

  /// The index among the shared identifiers of an id of RepoSymbols::identifiers, or kNotShared.
  std::uint32_t shared_index(StringPool::Id identifier) const { return shared_index_[identifier]; }

  /// The definitions of a file that no file refers to, in the file's order.
  std::span<const StringPool::Id> lone_definitions(std::uint32_t file) const {
    return std::span(lone_definitions_).subspan(lone_begin_[file], lone_begin_[file + 1] - lone_begin_[file]);
  }

  /// Whether any edge starts or ends at the file. Only such files are nodes of the ranking.
  bool has_edges(std::uint32_t file) const { return has_edges_[file] != 0; }
  std::size_t node_count() const { return node_count_; }

 private:
  class Builder;
  ReferenceGraph() = default;

  std::size_t file_count_ = 0;
  std::size_t node_count_ = 0;
  Structure structure_;
  std::vector<double> root_counts_;
  std::vector<double> identifier_weights_;
  std::vector<StringPool::Id> identifiers_;
  std::vector<std::uint32_t> shared_index_;
  std::vector<std::uint32_t> lone_begin_;
  std::vector<StringPool::Id> lone_definitions_;
  std::vector<std::uint8_t> has_edges_;
};

}  // namespace repomap
