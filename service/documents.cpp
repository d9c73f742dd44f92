// SPDX-License-Identifier: Apache-2.0
#include "service/documents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <string_view>
#include <utility>

#include "core/base/digest.hpp"
#include "core/base/file_system.hpp"
#include "core/base/mutex.hpp"
#include "parsers/language_registry.hpp"
#include "parsers/tag_extractor.hpp"
#include "service/document_state.hpp"
#include "service/file_admission.hpp"
#include "service/user_languages.hpp"

namespace repomap {
namespace {

constexpr std::size_t kMaxKept = 64;
constexpr std::uint64_t kMaxKeptBytes = std::uint64_t{128} << 20U;

/// The latest documents, the latest used first. Thread-safe.
class RecentDocuments {
 public:
  using Pointer = std::shared_ptr<const Document>;

  /// Null if it is not among them.
  Pointer get(const std::string& path, const Digest& content) EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    const auto kept = find_locked(path, content);
    if (kept == kept_.end()) {
      return nullptr;
    }
    std::rotate(kept_.begin(), kept, kept + 1);
    return kept_.front().document;
  }

  /// The document that is kept for this text: another one if somebody has been faster.
  Pointer put(const std::string& path, const Digest& content, Pointer document) EXCLUDES(mutex_) {
    std::deque<Entry> dropped;  // freed without the lock
    const MutexLock lock(mutex_);
    if (const auto kept = find_locked(path, content); kept != kept_.end()) {
      return kept->document;
    }
    size_bytes_ += document->size_bytes();
    kept_.push_front({path, content, document});
    while (kept_.size() > 1 && (kept_.size() > kMaxKept || size_bytes_ > kMaxKeptBytes)) {
      size_bytes_ -= kept_.back().document->size_bytes();
      dropped.push_back(std::move(kept_.back()));
      kept_.pop_back();
    }
    return document;
  }

 private:
  struct Entry {
    std::string path;
    Digest content;
    Pointer document;
  };

  std::deque<Entry>::iterator find_locked(const std::string& path, const Digest& content) REQUIRES(mutex_) {
    return std::ranges::find_if(kept_,
                                [&](const Entry& entry) { return entry.content == content && entry.path == path; });
  }

  Mutex mutex_;
  std::deque<Entry> kept_ GUARDED_BY(mutex_);
  std::uint64_t size_bytes_ GUARDED_BY(mutex_) = 0;  // of all that are kept
};

}  // namespace

// All but `recent` is fixed after construction; each is thread-safe.
struct Documents::State {
  State(const ResourcePaths& resources, FileLimits file_limits)
      : limits(file_limits),
        file_system(make_posix_file_system()),
        registry(resources.languages, find_user_languages(resources.user_languages)) {}

  const FileLimits limits;
  const std::unique_ptr<FileSystem> file_system;
  const LanguageRegistry registry;
  RecentDocuments recent;
};

Documents::Documents(std::unique_ptr<State> state) : state_(std::move(state)) {}
Documents::~Documents() = default;

Result<std::unique_ptr<Documents>> Documents::open(const ResourcePaths& resources, FileLimits limits) {
  return std::unique_ptr<Documents>(new Documents(std::make_unique<State>(resources, limits)));
}

Result<std::shared_ptr<const Document>> Documents::make(const std::string& path, std::string text) {
  const FileLimits& limits = state_->limits;
  if (text.size() > limits.size_bytes) {
    return fail(ErrorCode::kLimitExceeded,
                fmt::format("{}: {} bytes, more than the limit of {}", path, text.size(), limits.size_bytes));
  }
  const Digest content = digest_of(text);
  if (auto known = state_->recent.get(path, content)) {
    return known;
  }
  const std::string_view name = state_->registry.detector().detect(path, text);
  if (name.empty()) {
    return fail(ErrorCode::kUnsupported, fmt::format("{}: no known language; `repomap langs` lists them", path));
  }
  if (const auto refused = refuse_content(path, text)) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("{}: {} ({})", path, skip_reason_name(refused->reason), refused->detail));
  }
  REPOMAP_ASSIGN(const Language* language, state_->registry.load(name));
  REPOMAP_ASSIGN(FileTags tags, TagExtractor(state_->registry, limits.time).extract(*language, text));
  REPOMAP_ASSIGN(DocumentSyntax syntax, DocumentSyntax::parse(*language, text, limits.time));
  auto state = std::make_unique<const Document::State>(std::move(text), std::move(tags), std::move(syntax));
  return state_->recent.put(path, content, std::shared_ptr<const Document>(new Document(std::move(state))));
}

Result<std::shared_ptr<const Document>> Documents::read(const std::string& root, const std::string& path) {
  REPOMAP_ASSIGN(std::string text, state_->file_system->read_file(join_path(root, path), state_->limits.size_bytes));
  return make(path, std::move(text));
}

}  // namespace repomap
