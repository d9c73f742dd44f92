// SPDX-License-Identifier: Apache-2.0
#include "service/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "core/base/utf8.hpp"
#include "parsers/tree_renderer.hpp"
#include "service/file_admission.hpp"
#include "service/map_builder.hpp"
#include "service/user_languages.hpp"

namespace repomap {
namespace {

bool is_or_is_below(std::string_view path, std::string_view directory) {
  return directory.empty() ||
         (path.starts_with(directory) && (path.size() == directory.size() || path[directory.size()] == '/'));
}

/// Keeps of the list what is, or is below, one of `paths`. Errors: kNotFound for a path that selects nothing.
Status keep_selected(const std::vector<std::string>& paths, FileList& list) {
  std::vector<bool> is_used;
  std::ranges::transform(paths, std::back_inserter(is_used), &std::string::empty);
  const auto is_unselected = [&](const auto& file) {
    bool is_selected = false;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      const bool is_below = is_or_is_below(file.path, paths[i]);
      is_used[i] = is_used[i] || is_below;
      is_selected = is_selected || is_below;
    }
    return !is_selected;
  };
  if (!paths.empty()) {
    std::erase_if(list.files, is_unselected);
    std::erase_if(list.skipped, is_unselected);
  }
  const auto unused = std::ranges::find(is_used, false);
  if (unused != is_used.end()) {
    return fail(ErrorCode::kNotFound, fmt::format("{}: no such file in the repository, or it is ignored",
                                                  paths[static_cast<std::size_t>(unused - is_used.begin())]));
  }
  return {};
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

/// The lines of a text, each without the white space around it.
std::vector<std::string_view> trimmed_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto newline = std::min(text.find('\n'), text.size() - 1);
    std::string_view line = text.substr(0, newline + 1);
    text.remove_prefix(newline + 1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r\n"), line.size()));
    lines.push_back(line.substr(0, line.find_last_not_of(" \t\r\n") + 1));
  }
  return lines;
}

}  // namespace

Service::Service(Options options, ResourcePaths resources)
    : options_(options),
      resources_(std::move(resources)),
      file_system_(make_posix_file_system()),
      registry_(resources_.languages, find_user_languages(resources_.user_languages)),
      pool_(options_.jobs == 0 ? TaskPool::available_processors() : options_.jobs) {}

Result<FileReport> Service::tags(const TagsRequest& request, const TagsSink& sink, const Indexer::Progress& progress) {
  const auto as_of = std::chrono::system_clock::now();
  REPOMAP_ASSIGN(FileList list, list_selection(request.selection));
  REPOMAP_TRY(keep_selected(request.paths, list));
  std::vector<std::optional<FileTags>> results(list.files.size());
  Indexer indexer(*file_system_, registry_, pool_, options_.limits);
  IndexReport index = indexer.run(
      request.selection.root, list.files,
      [&results](std::size_t file, FileTags tags) { results[file] = std::move(tags); }, progress);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i] && (request.language.empty() || results[i]->language == request.language)) {
      sink(list.files[i].path, *results[i]);
    }
  }
  return join_reports(std::move(list), std::move(index), as_of);
}

Result<MapAnswer> Service::map(const MapQuery& query, const Indexer::Progress& progress) {
  Indexer indexer(*file_system_, registry_, pool_, options_.limits);
  REPOMAP_ASSIGN(const RepoState state, RepoStateBuilder(indexer).build(query.selection, progress));
  const MapBuilder builder(*file_system_, registry_, options_.limits, resources_.data);
  return builder.build(state, query.request, query.explain);
}

Result<SymbolsAnswer> Service::symbols(const FileSelection& selection, const SymbolQuery& query,
                                       const Indexer::Progress& progress) {
  const NameMatcher matcher(query.pattern, query.match);
  std::vector<std::pair<int, SymbolHit>> found;
  TagsRequest request;
  request.selection = selection;
  request.language = query.language;
  const auto collect = [&](const std::string& path, const FileTags& tags) {
    for (const Tag& tag : tags.tags) {
      if (tag.role != query.role || (query.kind && tag.kind != *query.kind)) {
        continue;
      }
      if (const auto quality = matcher.match(tags.name(tag), tags.scope(tag))) {
        found.emplace_back(*quality, hit_of(path, tags, tag));
      }
    }
  };
  SymbolsAnswer answer;
  REPOMAP_ASSIGN(answer.report, tags(request, collect, progress));
  std::ranges::stable_sort(found, {}, [](const auto& entry) { return entry.first; });
  std::ranges::transform(found, std::back_inserter(answer.hits), [](auto& entry) { return std::move(entry.second); });
  if (query.role == Role::kReference) {
    read_source_lines(selection.root, answer.hits);
  }
  return answer;
}

// A reference's tag does not hold its source line; it is read for those that are shown. Hits of one file stand
// together.
void Service::read_source_lines(const std::string& root, std::span<SymbolHit> hits) {
  constexpr std::size_t kMaxLineBytes = 240;
  std::string text;
  std::string path;
  std::vector<std::string_view> lines;
  for (SymbolHit& hit : hits) {
    if (hit.path != path) {
      path = hit.path;
      text = file_system_->read_file(join_path(root, path), options_.limits.size_bytes).value_or(std::string());
      lines = trimmed_lines(text);
    }
    if (hit.line < lines.size()) {
      hit.signature = to_valid_utf8(lines[hit.line].substr(0, kMaxLineBytes));
    }
  }
}

Result<Service::ParsedFile> Service::parse_file(const std::string& root, const std::string& path) {
  ParsedFile file;
  REPOMAP_ASSIGN(file.text, file_system_->read_file(join_path(root, path), options_.limits.size_bytes));
  const std::string_view name = registry_.detector().detect(path, file.text);
  if (name.empty()) {
    return fail(ErrorCode::kUnsupported, fmt::format("{}: no known language; `repomap langs` lists them", path));
  }
  if (const auto refused = refuse_content(path, file.text)) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("{}: {} ({})", path, skip_reason_name(refused->reason), refused->detail));
  }
  REPOMAP_ASSIGN(const Language* language, registry_.load(name));
  REPOMAP_ASSIGN(file.tags, TagExtractor(registry_, options_.limits.time).extract(*language, file.text));
  return file;
}

Result<FileTags> Service::file_tags(const std::string& root, const std::string& path) {
  REPOMAP_ASSIGN(ParsedFile file, parse_file(root, path));
  return std::move(file.tags);
}

Result<std::string> Service::tree(const std::string& root, const std::string& path, std::vector<std::uint32_t> lines) {
  REPOMAP_ASSIGN(const ParsedFile file, parse_file(root, path));
  for (const std::uint32_t line : lines) {
    if (line >= file.tags.line_count) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("{}: line {} is beyond its {} lines", path, line + 1, file.tags.line_count));
    }
  }
  return render_tree(file.text, file.tags.scopes, lines);
}

std::vector<std::string> Service::language_names() const {
  std::vector<std::string> names;
  std::ranges::transform(registry_.specs(), std::back_inserter(names), &LanguageSpec::name);
  return names;
}

std::vector<LanguageStatus> Service::languages() {
  std::vector<LanguageStatus> statuses(registry_.specs().size());
  pool_.run_all(statuses.size(), [&](std::size_t item, std::size_t /*worker*/) {
    const LanguageSpec& spec = registry_.specs()[item];
    LanguageStatus& status = statuses[item];
    status.name = spec.name;
    status.extensions = spec.extensions;
    status.file_names = spec.file_names;
    status.is_user_language = !spec.grammar_path.empty();
    const auto language = registry_.load(spec.name);
    if (language) {
      status.abi_version = (*language)->abi_version();
      if (const Status checked = registry_.check(spec.name); !checked) {
        status.error = checked.error().message;
      }
    } else {
      status.error = language.error().message;
    }
  });
  std::ranges::sort(statuses, {}, &LanguageStatus::name);
  return statuses;
}

}  // namespace repomap
