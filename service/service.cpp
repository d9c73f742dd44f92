// SPDX-License-Identifier: Apache-2.0
#include "service/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "service/user_languages.hpp"

namespace repomap {
namespace {

/// Keeps of `files` those that are, or are below, one of `paths`. Errors: kNotFound for a path that selects nothing.
Status keep_selected(const std::vector<std::string>& paths, std::vector<ListedFile>& files) {
  if (paths.empty()) {
    return {};
  }
  std::vector<bool> is_kept(files.size(), false);
  for (const std::string& path : paths) {
    bool is_found = path.empty();
    for (std::size_t i = 0; i < files.size(); ++i) {
      const std::string_view name = files[i].path;
      const bool is_below =
          path.empty() || (name.starts_with(path) && (name.size() == path.size() || name[path.size()] == '/'));
      is_kept[i] = is_kept[i] || is_below;
      is_found = is_found || is_below;
    }
    if (!is_found) {
      return fail(ErrorCode::kNotFound, fmt::format("{}: no such file in the repository, or it is ignored", path));
    }
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (is_kept[i]) {
      std::swap(files[kept++], files[i]);
    }
  }
  files.resize(kept);
  return {};
}

}  // namespace

Service::Service(Options options, ResourcePaths resources)
    : options_(options),
      resources_(std::move(resources)),
      file_system_(make_posix_file_system()),
      registry_(resources_.languages, find_user_languages(resources_.user_languages)),
      pool_(options_.jobs == 0 ? TaskPool::available_processors() : options_.jobs) {}

Result<FileReport> Service::tags(const TagsRequest& request, const TagsSink& sink, const Indexer::Progress& progress) {
  ListOptions list_options;
  list_options.subtrees = request.selection.subtrees;
  list_options.submodules = request.selection.submodules;
  list_options.stats = StatPolicy::kRead;
  REPOMAP_ASSIGN(FileList list, list_files(request.selection.root, list_options));
  REPOMAP_TRY(keep_selected(request.paths, list.files));
  if (!request.language.empty()) {
    std::erase_if(list.files, [&](const ListedFile& file) { return !registry_.detector().may_know(file.path); });
  }
  std::vector<std::optional<FileTags>> results(list.files.size());
  Indexer indexer(*file_system_, registry_, pool_, options_.limits);
  FileReport report;
  report.listed = list.files.size();
  report.index = indexer.run(
      request.selection.root, list.files,
      [&results](std::size_t index, FileTags tags) { results[index] = std::move(tags); }, progress);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i] && (request.language.empty() || results[i]->language == request.language)) {
      sink(list.files[i].path, *results[i]);
    }
  }
  report.notices = std::move(list.notices);
  report.skipped = std::move(list.skipped);
  std::ranges::copy(report.index.skipped, std::back_inserter(report.skipped));
  std::ranges::sort(report.skipped, {}, &SkippedFile::path);
  return report;
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
    } else {
      status.error = language.error().message;
    }
  });
  std::ranges::sort(statuses, {}, &LanguageStatus::name);
  return statuses;
}

}  // namespace repomap
