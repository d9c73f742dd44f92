// SPDX-License-Identifier: Apache-2.0
#include "service/definition_names.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

namespace repomap {
namespace {

/// The distinct names that tags define, in the order of their first definitions, by their ids in the tags' pool.
std::vector<StringPool::Id> defined_names(const FileTags& tags) {
  std::vector<bool> is_there(tags.strings.size(), false);
  std::vector<StringPool::Id> names;
  for (const Tag& tag : tags.tags) {
    if (tag.role == Role::kDefinition && !is_there[tag.name]) {
      is_there[tag.name] = true;
      names.push_back(tag.name);
    }
  }
  return names;
}

}  // namespace

struct DefinitionNames::Table {
  struct File {
    std::string path;
    Digest content;
    std::size_t end = 0;    // in ids; it begins where the file before it ends
    bool is_known = false;  // else its names are not here
  };

  StringPool names;
  std::size_t names_at_first = 0;  // when it was last made anew
  std::vector<File> files;         // as the paths of the scan
  std::vector<StringPool::Id> ids;

  std::span<const StringPool::Id> names_of(std::size_t file) const {
    const std::size_t begin = file == 0 ? 0 : files[file - 1].end;
    return std::span(ids).subspan(begin, files[file].end - begin);
  }

  /// The names of a file of that content; nothing if they are not here.
  std::optional<std::span<const StringPool::Id>> find(const std::string& path, const Digest& content) const {
    const auto found = std::ranges::lower_bound(files, path, {}, &File::path);
    if (found == files.end() || found->path != path || found->content != content || !found->is_known) {
      return std::nullopt;
    }
    return names_of(static_cast<std::size_t>(found - files.begin()));
  }
};

DefinitionNames::DefinitionNames(const DefinitionNames* former)
    : former_(former == nullptr ? nullptr : former->latest()) {}

/// The table, or else the one it would be made from.
std::shared_ptr<const DefinitionNames::Table> DefinitionNames::latest() const {
  MutexLock lock(mutex_);
  return table_ ? table_ : former_;
}

std::shared_ptr<const DefinitionNames::Table> DefinitionNames::make(const Table* former, const RepoScan& scan,
                                                                    TagLoader& loader) {
  // Names that no file has any more are left behind by making all anew, once they could be half of all.
  if (former != nullptr && former->names.size() > 2 * former->names_at_first) {
    former = nullptr;
  }
  std::vector<std::size_t> unknown;
  for (std::size_t i = 0; i < scan.paths.size(); ++i) {
    const bool is_known = former != nullptr && former->find(scan.paths[i], scan.versions[i].content);
    if (scan.versions[i].outcome == FileOutcome::kTagged && !is_known) {
      unknown.push_back(i);
    }
  }
  auto table = std::make_shared<Table>();
  if (former != nullptr) {
    table->names = former->names;
  }
  std::vector<std::optional<std::vector<StringPool::Id>>> read(scan.paths.size());
  Mutex mutex;
  loader.load_many(scan, unknown, [&](std::size_t file, const FileTags& tags, TagsBasis basis) {
    if (basis == TagsBasis::kChangedContent) {
      return;
    }
    std::vector<StringPool::Id> names = defined_names(tags);
    MutexLock lock(mutex);
    for (StringPool::Id& name : names) {
      name = table->names.add(tags.strings.at(name));
    }
    read[file] = std::move(names);
  });
  table->files.reserve(scan.paths.size());
  for (std::size_t i = 0; i < scan.paths.size(); ++i) {
    const FileVersion& version = scan.versions[i];
    const auto known = former == nullptr ? std::nullopt : former->find(scan.paths[i], version.content);
    const std::span<const StringPool::Id> names = known     ? *known
                                                  : read[i] ? std::span<const StringPool::Id>(*read[i])
                                                            : std::span<const StringPool::Id>();
    table->ids.insert(table->ids.end(), names.begin(), names.end());
    const bool is_known = known || read[i] || version.outcome != FileOutcome::kTagged;
    table->files.push_back({scan.paths[i], version.content, table->ids.size(), is_known});
  }
  table->names_at_first = former == nullptr ? table->names.size() : former->names_at_first;
  return table;
}

std::vector<std::size_t> DefinitionNames::files_with(const NameMatcher& matcher, const RepoScan& scan,
                                                     TagLoader& loader) const {
  std::shared_ptr<const Table> table;
  {
    MutexLock lock(mutex_);
    table = table_;
  }
  if (!table) {
    table = make(former_.get(), scan, loader);
    MutexLock lock(mutex_);
    table_ = table_ ? table_ : table;
  }
  std::vector<bool> matches(table->names.size(), false);
  for (std::size_t i = 0; i < matches.size(); ++i) {
    matches[i] = matcher.may_match(table->names.at(static_cast<StringPool::Id>(i)));
  }
  std::vector<std::size_t> files;
  for (std::size_t i = 0; i < table->files.size(); ++i) {
    if (!table->files[i].is_known ||
        std::ranges::any_of(table->names_of(i), [&](StringPool::Id name) { return matches[name]; })) {
      files.push_back(i);
    }
  }
  return files;
}

std::size_t DefinitionNames::memory_bytes() const {
  MutexLock lock(mutex_);
  if (!table_) {
    return 0;
  }
  constexpr std::size_t kSlotBytes = 8;  // of a name in the hash table, at its usual load
  std::size_t bytes = table_->names.bytes().size() + table_->names.size() * (sizeof(std::uint32_t) + kSlotBytes) +
                      table_->ids.size() * sizeof(StringPool::Id);
  for (const Table::File& file : table_->files) {
    bytes += sizeof(file) + file.path.capacity();
  }
  return bytes;
}

}  // namespace repomap
