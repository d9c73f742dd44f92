// SPDX-License-Identifier: Apache-2.0
#include "service/symbol_finder.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "core/base/utf8.hpp"
#include "service/tag_loader.hpp"

namespace repomap {
namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto newline = std::min(text.find('\n'), text.size() - 1);
    lines.push_back(text.substr(0, newline + 1));
    text.remove_prefix(newline + 1);
  }
  return lines;
}

/// Collects the best of hits that come by path and line: a later one is better only by its match.
class BestHits {
 public:
  /// Keeps `limit` of them; 0: all.
  explicit BestHits(std::size_t limit) : limit_(limit) {}

  /// Counts a hit of that match, and says whether it may be among the best.
  bool admits(int quality) {
    ++seen_;
    std::size_t as_good = 0;
    for (auto known = kept_.begin(); limit_ != 0 && known != kept_.end() && known->first <= quality; ++known) {
      as_good += known->second;
    }
    return limit_ == 0 || as_good < limit_;
  }

  void add(int quality, SymbolHit hit) {
    ++kept_[quality];
    hits_.emplace_back(quality, std::move(hit));
  }

  std::size_t seen() const { return seen_; }

  /// Best match first, then as they came.
  std::vector<SymbolHit> take() {
    std::ranges::stable_sort(hits_, {}, [](const auto& entry) { return entry.first; });
    if (limit_ != 0 && hits_.size() > limit_) {
      hits_.resize(limit_);
    }
    std::vector<SymbolHit> hits;
    hits.reserve(hits_.size());
    std::ranges::transform(hits_, std::back_inserter(hits), [](auto& entry) { return std::move(entry.second); });
    return hits;
  }

 private:
  const std::size_t limit_;
  std::size_t seen_ = 0;
  std::map<int, std::size_t> kept_;  // by quality, how many
  std::vector<std::pair<int, SymbolHit>> hits_;
};

}  // namespace

std::optional<int> match_of(const FileTags& tags, const Tag& tag, const SymbolQuery& query,
                            const NameMatcher& matcher) {
  if (tag.role != query.role || (query.kind && tag.kind != *query.kind)) {
    return std::nullopt;
  }
  return matcher.match(tags.name(tag), tags.scope(tag));
}

SymbolHit hit_of(const std::string& path, const FileTags& tags, const Tag& tag) {
  SymbolHit hit;
  hit.path = path;
  hit.name = tags.name(tag);
  hit.scope = tags.scope(tag);
  hit.signature = tags.signature(tag);
  hit.language = tags.language;
  hit.role = tag.role;
  hit.kind = tag.kind;
  hit.line = tag.line;
  hit.column = tag.column;
  hit.end_line = tag.end_line;
  return hit;
}

std::string reference_line(std::string_view line) {
  constexpr std::size_t kMaxBytes = 240;
  line.remove_prefix(std::min(line.find_first_not_of(" \t\r\n"), line.size()));
  line = line.substr(0, line.find_last_not_of(" \t\r\n") + 1);
  return to_valid_utf8(line.substr(0, kMaxBytes));
}

void ExtractedTags::add(std::size_t file, const FileTags& tags) {
  MutexLock lock(mutex_);
  tags_.emplace(file, tags);
}

bool ExtractedTags::contains(std::size_t file) const {
  MutexLock lock(mutex_);
  return tags_.contains(file);
}

std::optional<FileTags> ExtractedTags::take(std::size_t file) {
  MutexLock lock(mutex_);
  auto node = tags_.extract(file);
  return node.empty() ? std::nullopt : std::optional(std::move(node.mapped()));
}

bool are_current(std::span<const ReadFile> files, const RepoScan& scan) {
  return std::ranges::all_of(files, [&scan](const ReadFile& file) {
    const auto found = std::ranges::lower_bound(scan.paths, file.path);
    return found != scan.paths.end() && *found == file.path &&
           scan.versions[static_cast<std::size_t>(found - scan.paths.begin())].content == file.content;
  });
}

std::vector<std::size_t> tagged_files(const RepoScan& scan, std::string_view language) {
  std::vector<std::size_t> files;
  for (std::size_t i = 0; i < scan.paths.size(); ++i) {
    const FileVersion& version = scan.versions[i];
    if (version.outcome == FileOutcome::kTagged && (language.empty() || version.language == language)) {
      files.push_back(i);
    }
  }
  return files;
}

Exactness SymbolFinder::emit(const RepoScan& scan, std::span<const std::size_t> files, ExtractedTags& extracted,
                             const TagsSink& sink) const {
  TagLoader loader(parts_.file_system, parts_.registry, parts_.pool, parts_.limits, parts_.caches.tags());
  std::atomic<bool> is_exact = true;
  // In parts, so that the tags of a large repository need not all be in memory at once.
  constexpr std::size_t kPartFiles = 4096;
  for (std::size_t begin = 0; begin < files.size(); begin += kPartFiles) {
    const auto part = files.subspan(begin, std::min(kPartFiles, files.size() - begin));
    std::vector<std::size_t> missing;
    std::ranges::copy_if(part, std::back_inserter(missing),
                         [&](std::size_t file) { return !extracted.contains(file); });
    loader.load_many(scan, missing, [&](std::size_t file, const FileTags& tags, TagsBasis basis) {
      extracted.add(file, tags);
      if (basis == TagsBasis::kChangedContent) {
        is_exact = false;
      }
    });
    for (const std::size_t file : part) {
      if (const auto tags = extracted.take(file)) {
        sink(scan.paths[file], *tags);
      } else {
        is_exact = false;
      }
    }
  }
  return is_exact ? Exactness::kExact : Exactness::kChangedSince;
}

Exactness SymbolFinder::find(const RepoScan& scan, std::span<const std::size_t> files, const SymbolQuery& query,
                             ExtractedTags& extracted, SymbolsAnswer& answer) const {
  const NameMatcher matcher(query.pattern, query.match);
  BestHits best(query.limit);
  const auto collect = [&](const std::string& path, const FileTags& tags) {
    for (const Tag& tag : tags.tags) {
      const auto quality = match_of(tags, tag, query, matcher);
      if (quality && best.admits(*quality)) {
        best.add(*quality, hit_of(path, tags, tag));
      }
    }
  };
  const Exactness emitted = emit(scan, files, extracted, collect);
  answer.found = best.seen();
  answer.hits = best.take();
  return emitted;
}

// Hits of one file stand together, as a rule; else it is read more than once.
Exactness SymbolFinder::read_source_lines(const RepoScan& scan, std::span<SymbolHit> hits) const {
  Exactness exactness = Exactness::kExact;
  std::string text;
  std::string path;
  std::vector<std::string_view> lines;
  for (SymbolHit& hit : hits) {
    if (hit.path != path) {
      path = hit.path;
      text = parts_.file_system.read_file(join_path(scan.root, path), parts_.limits.size_bytes).value_or(std::string());
      lines = lines_of(text);
      const std::array read = {ReadFile{path, digest_of(text)}};
      exactness = are_current(read, scan) ? exactness : Exactness::kChangedSince;
    }
    if (hit.line < lines.size()) {
      hit.signature = reference_line(lines[hit.line]);
    }
  }
  return exactness;
}

}  // namespace repomap
