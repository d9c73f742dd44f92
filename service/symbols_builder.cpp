// SPDX-License-Identifier: Apache-2.0
//
// A row of the new table comes from one of three places: the base, where the file is known with the same symbols; the
// collector, where the file was parsed a moment ago; the file's tags. All rows are brought under one set of names: that
// of the base, or without one that of the collector, so that most rows need no translation.
#include "service/symbols_builder.hpp"

#include <algorithm>
#include <iterator>

namespace repomap {
namespace {

// From so many changed rows on, and no less than this part of all, a new base is stored.
constexpr std::size_t kMinChangedRows = 32;
constexpr std::size_t kChangedPart = 64;

constexpr std::uint32_t kUntranslated = 0;

/// Brings rows from one set of names under another.
class Translation {
 public:
  Translation(const StringPool& from, StringPool& to) : from_(from), to_(to), ids_(from.size(), kUntranslated) {}

  FileSymbols operator()(FileSymbolsView row) {
    FileSymbols result;
    result.definitions.reserve(row.definitions.size());
    result.references.reserve(row.references.size());
    for (const StringPool::Id name : row.definitions) {
      result.definitions.push_back(translate(name));
    }
    for (const ReferenceCount& reference : row.references) {
      result.references.push_back({translate(reference.identifier), reference.count});
    }
    return result;
  }

 private:
  StringPool::Id translate(StringPool::Id name) {
    if (ids_[name] == kUntranslated) {
      ids_[name] = to_.add(from_.at(name));
    }
    return ids_[name];
  }

  const StringPool& from_;
  StringPool& to_;
  std::vector<StringPool::Id> ids_;
};

/// The same symbols without names that no file has.
RepoSymbols compacted(const RepoSymbols& symbols) {
  RepoSymbols result;
  result.paths = symbols.paths;
  Translation translation(symbols.identifiers, result.identifiers);
  for (const FileSymbolsView row : symbols.files.rows()) {
    result.files.push_back(translation(row));
  }
  return result;
}

/// For each scanned file the row of the base that is still its own, or nothing.
std::vector<std::optional<std::size_t>> usable_rows(const RepoScan& scan, const FormerSymbols& base) {
  std::vector<std::optional<std::size_t>> rows(scan.paths.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < scan.paths.size(); ++i) {
    while (next < base.symbols.paths.size() && base.symbols.paths[next] < scan.paths[i]) {
      ++next;
    }
    if (next < base.symbols.paths.size() && base.symbols.paths[next] == scan.paths[i] &&
        base.digests[next] == scan.versions[i].symbols && base.digests[next] != kUnknownSymbols) {
      rows[i] = next;
    }
  }
  return rows;
}

FormerSymbols load_base(GraphCache& graphs, SymbolsBaseCache& bases, const std::string& line) {
  FormerSymbols base;
  auto record = bases.get(line);
  auto symbols = record ? graphs.get(record->state) : std::nullopt;
  if (symbols && record->symbols.size() == symbols->paths.size()) {
    base.symbols = std::move(*symbols);
    base.digests = std::move(record->symbols);
  }
  return base;
}

/// Puts the rows of a scan together.
class RowMerge {
 public:
  RowMerge(const RepoScan& scan, FormerSymbols base, SymbolsCollector::Rows fresh)
      : scan_(scan), base_(std::move(base)), usable_(usable_rows(scan, base_)), renewed_(scan.paths.size()) {
    if (base_.symbols.identifiers.size() == StringPool().size()) {
      names_ = std::move(fresh.names);
      for (auto& [file, row] : fresh.rows) {
        renewed_[file] = std::move(row);
      }
      return;
    }
    names_ = std::move(base_.symbols.identifiers);
    Translation translation(fresh.names, names_);
    for (const auto& [file, row] : fresh.rows) {
      if (!usable_[file]) {
        renewed_[file] = translation(row);
      }
    }
  }

  /// The files that have tags and no row yet.
  std::vector<std::size_t> missing() const {
    std::vector<std::size_t> files;
    for (std::size_t i = 0; i < scan_.paths.size(); ++i) {
      if (!usable_[i] && !renewed_[i] && scan_.versions[i].outcome == FileOutcome::kTagged) {
        files.push_back(i);
      }
    }
    return files;
  }

  /// Thread-safe.
  void add(std::size_t file, const FileTags& tags) {
    MutexLock lock(mutex_);
    renewed_[file] = to_file_symbols(tags, names_);
  }

  RepoSymbols finish(SymbolsOrigin& origin) {
    RepoSymbols symbols;
    symbols.paths = scan_.paths;
    for (std::size_t i = 0; i < scan_.paths.size(); ++i) {
      const FileSymbolsView reused = usable_[i] ? base_.symbols.files[*usable_[i]] : FileSymbolsView();
      symbols.files.push_back(renewed_[i] ? FileSymbolsView(*renewed_[i]) : reused);
      ++(renewed_[i] ? origin.renewed : origin.reused);
    }
    symbols.identifiers = std::move(names_);
    return symbols;
  }

 private:
  const RepoScan& scan_;
  FormerSymbols base_;
  std::vector<std::optional<std::size_t>> usable_;  // by file: the row of the base
  Mutex mutex_;
  std::vector<std::optional<FileSymbols>> renewed_;  // by file; different threads set different ones
  StringPool names_;
};

}  // namespace

void SymbolsCollector::add(std::size_t file, const FileTags& tags) {
  MutexLock lock(mutex_);
  collected_.rows.emplace_back(file, to_file_symbols(tags, collected_.names));
}

SymbolsCollector::Rows SymbolsCollector::copy() const {
  MutexLock lock(mutex_);
  return collected_;
}

SymbolsCollector::Rows SymbolsCollector::take() {
  MutexLock lock(mutex_);
  return std::exchange(collected_, {});
}

std::pair<RepoSymbols, SymbolsOrigin> SymbolsBuilder::build(const RepoScan& scan, const std::string& line,
                                                            SymbolsCollector& fresh) {
  if (auto known = graphs_.get(scan.symbols_state()); known && known->paths == scan.paths) {
    SymbolsOrigin origin;
    origin.reused = scan.paths.size();
    return {std::move(*known), origin};
  }
  auto [symbols, origin] = patch(scan, load_base(graphs_, bases_, line), fresh.take());
  if (origin.is_exact && origin.renewed >= std::max(kMinChangedRows, scan.paths.size() / kChangedPart)) {
    store_base(scan, line, symbols);
  }
  return {std::move(symbols), origin};
}

std::pair<RepoSymbols, SymbolsOrigin> SymbolsBuilder::patch(const RepoScan& scan, FormerSymbols former,
                                                            SymbolsCollector::Rows fresh) {
  SymbolsOrigin origin;
  RowMerge merge(scan, std::move(former), std::move(fresh));
  const std::vector<std::size_t> missing = merge.missing();
  std::vector<char> is_of_the_scan(scan.paths.size(), 0);  // by file; different threads set different ones
  loader_.load_many(scan, missing, [&](std::size_t file, const FileTags& tags, TagsBasis basis) {
    merge.add(file, tags);
    is_of_the_scan[file] = basis == TagsBasis::kScannedContent ? 1 : 0;
  });
  RepoSymbols symbols = merge.finish(origin);
  std::ranges::copy_if(missing, std::back_inserter(origin.changed),
                       [&](std::size_t file) { return is_of_the_scan[file] == 0; });
  origin.is_exact = origin.changed.empty();
  return {std::move(symbols), origin};
}

void SymbolsBuilder::store_base(const RepoScan& scan, const std::string& line, const RepoSymbols& symbols) {
  SymbolsBase base;
  base.state = scan.symbols_state();
  base.symbols.reserve(scan.versions.size());
  std::ranges::transform(scan.versions, std::back_inserter(base.symbols), &FileVersion::symbols);
  // The symbols first: what the record names is there.
  graphs_.set(base.state, compacted(symbols));
  bases_.set(line, base);
}

}  // namespace repomap
