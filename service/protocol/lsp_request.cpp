// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/lsp_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "service/protocol/lsp_uri.hpp"
#include "service/protocol/lsp_values.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{64} << 20U;
constexpr std::size_t kMaxSubjects = 64;  // hits of one file mostly come together

/// Where the name that begins at a byte ends; for one that is spelled otherwise in the text, at the same byte.
std::size_t end_of_name(std::string_view text, std::size_t begin, std::string_view name) {
  return text.substr(begin).starts_with(name) ? begin + name.size() : begin;
}

/// Why a file is none that is answered about, which is no failure: editors ask about every file, at every move.
bool is_left_out(ErrorCode code) { return code == ErrorCode::kUnsupported || code == ErrorCode::kLimitExceeded; }

}  // namespace

LspRequest::LspRequest(const LspSources& sources, LspState state, const Json& params, RequestContext context)
    : sources_(sources),
      state_(std::move(state)),
      params_(params),
      context_(std::move(context)),
      overlay_(sources_.queries) {}

LspRequest::ClientPaths& LspRequest::ensure_opened() {
  if (!opened_) {
    opened_.emplace();
    for (const auto& [path, opened] : open()) {
      if (const auto file = workspace().locate(path)) {
        opened_->emplace(*file, path);
      }
    }
  }
  return *opened_;
}

std::string LspRequest::client_path(const LspFile& file) {
  const ClientPaths& opened = ensure_opened();
  const auto known = opened.find(file);
  return known == opened.end() ? workspace().client_path(file.root, file.path) : known->second;
}

std::shared_ptr<const LspText> LspRequest::text_at(const std::string& path) {
  if (const auto known = texts_.find(path); known != texts_.end()) {
    return known->second;
  }
  std::shared_ptr<const LspText> text;
  if (const auto opened = open().find(path); opened != open().end()) {
    text = opened->second.text;
  } else if (auto saved = sources_.files.read_file(path, kMaxFileBytes)) {
    text = std::make_shared<const LspText>(std::move(*saved), client().encoding);
  }
  texts_.emplace(path, text);
  return text;
}

std::string LspRequest::uri_of(const LspFile& file) {
  const std::string path = client_path(file);
  const auto opened = open().find(path);
  return opened == open().end() ? uri_from_path(path) : opened->second.uri;
}

Result<std::optional<LspSubject>> LspRequest::subject() {
  const std::string uri = lsp_text_of(params_, "textDocument.uri");
  if (uri.empty()) {
    return fail(ErrorCode::kInvalidArgument, "the request names no textDocument.uri");
  }
  return subject_at(uri);
}

Result<std::optional<LspSubject>> LspRequest::subject_at(const std::string& uri) {
  const auto path = path_from_uri(uri);
  const auto file = path ? workspace().locate(*path) : std::nullopt;
  if (!file) {
    return std::optional<LspSubject>();
  }
  if (open().contains(*path)) {
    ensure_opened()[*file] = *path;  // of several ways to one file the one that is asked for
  }
  REPOMAP_ASSIGN(auto subject, subject_of(*file));
  if (subject) {
    overlay_.put(file->root, file->path, subject->document);
  }
  return subject;
}

Result<std::optional<LspSubject>> LspRequest::subject_of(const LspFile& file) {
  if (const auto known = subjects_.find(file); known != subjects_.end()) {
    return known->second;
  }
  REPOMAP_ASSIGN(auto subject, make_subject(file));
  if (subjects_.size() == kMaxSubjects) {
    subjects_.clear();
  }
  return subjects_.emplace(file, std::move(subject)).first->second;
}

Result<std::optional<LspSubject>> LspRequest::make_subject(const LspFile& file) {
  const auto text = text_at(client_path(file));
  if (text == nullptr) {
    return std::optional<LspSubject>();
  }
  auto document = sources_.documents.make(file.path, text->bytes());
  if (!document && is_left_out(document.error().code)) {
    return std::optional<LspSubject>();
  }
  REPOMAP_TRY(document);
  return LspSubject{uri_of(file), file, text, std::move(*document)};
}

/// Those that are as on disk need not be looked at twice. What is saved of a text that cannot be parsed is not what the
/// client sees.
void LspRequest::put_unsaved_texts() {
  for (const auto& [file, path] : ensure_opened()) {
    const std::string& text = open().at(path).text->bytes();
    const auto saved = sources_.files.read_file(path, kMaxFileBytes);
    if (saved && *saved == text) {
      continue;
    }
    if (auto document = sources_.documents.make(file.path, text)) {
      overlay_.put(file.root, file.path, std::move(*document));
    } else {
      overlay_.hide(file.root, file.path);
    }
  }
}

Result<SymbolsAnswer> LspRequest::symbols(const FileSelection& selection, const SymbolQuery& query,
                                          Completeness completeness) {
  if (!std::exchange(has_unsaved_texts_, true)) {
    put_unsaved_texts();
  }
  RequestContext context = context_;
  context.completeness = completeness;
  auto answer = overlay_.symbols(selection, query, context);
  if (!answer || !answer->hits.empty() || answer->report.freshness.pending == 0) {
    return answer;
  }
  // Nothing yet is not the same as nothing.
  context.completeness = Completeness::kWhole;
  return overlay_.symbols(selection, query, context);
}

std::optional<LspPlace> LspRequest::place(const LspFile& file, std::uint32_t line, std::uint32_t column,
                                          std::string_view name) {
  const std::string path = client_path(file);
  auto text = text_at(path);
  if (text == nullptr) {
    return std::nullopt;
  }
  const auto begin = text->byte_of_tag(line, column);
  if (!begin) {
    is_outdated_ = is_outdated_ || !open().contains(path);
    return std::nullopt;
  }
  const std::size_t end = end_of_name(text->bytes(), *begin, name);
  const LspRange range = text->range_of(*begin, end);
  return LspPlace{uri_of(file), *begin, end, range, std::move(text)};
}

}  // namespace repomap
