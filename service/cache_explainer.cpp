// SPDX-License-Identifier: Apache-2.0
#include "service/cache_explainer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/model/symbols_digest.hpp"
#include "service/file_signatures.hpp"

namespace repomap {
namespace {

/// What differs between two stats of a file: "size, mtime".
std::string stat_difference(const FileStat& before, const FileStat& after) {
  std::vector<std::string> parts;
  const auto compare = [&parts](bool differs, const char* name) {
    if (differs) {
      parts.emplace_back(name);
    }
  };
  compare(before.size_bytes != after.size_bytes, "size");
  compare(before.mtime_ns != after.mtime_ns, "mtime");
  compare(before.ctime_ns != after.ctime_ns, "ctime");
  compare(before.inode != after.inode || before.device != after.device, "inode");
  compare(before.type != after.type, "type");
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

// The file as it is, and as the latest manifest has it.
struct CacheExplainer::Subject {
  std::string path;
  FileStat stat;
  std::string language;  // now; "" for none
  Digest content;        // now
  Digest fingerprint;    // of the language, now; zero if it is off
  std::optional<RepoManifest> manifest;
  const ManifestFile* before = nullptr;  // in the manifest
  Digest fingerprint_before;             // of before's language; zero if not known

  bool has_new_code() const {
    return before != nullptr && !before->version.language.empty() && fingerprint_before != fingerprint;
  }
};

Result<std::vector<StageExplanation>> CacheExplainer::explain(const FileSelection& selection, const std::string& path,
                                                              const Digest& environment,
                                                              const std::string& line) const {
  Subject subject;
  subject.path = path;
  const std::string absolute = join_path(selection.root, path);
  REPOMAP_ASSIGN(subject.stat, file_system_.stat(absolute));
  REPOMAP_ASSIGN(const std::string text, file_system_.read_file(absolute, limits_.size_bytes));
  subject.content = digest_of(text);
  subject.language = registry_.detector().detect(path, text);
  LanguageFingerprints fingerprints(registry_, file_system_, {}, system_clock().now());
  if (const auto fingerprint = fingerprints.get(subject.language)) {
    subject.fingerprint = *fingerprint;
  }
  subject.manifest = caches_.manifests.get(selection.root, selection.submodules);
  if (subject.manifest) {
    const auto found = std::ranges::lower_bound(subject.manifest->files, path, {}, &ManifestFile::path);
    subject.before = found != subject.manifest->files.end() && found->path == path ? &*found : nullptr;
    if (subject.before != nullptr) {
      const auto known = subject.manifest->fingerprints.find(subject.before->version.language);
      subject.fingerprint_before = known == subject.manifest->fingerprints.end() ? Digest{} : known->second;
    }
  }
  std::vector<StageExplanation> stages = {explain_scan(subject, environment)};
  if (!subject.language.empty()) {
    stages.push_back(explain_tags(subject));
    stages.push_back(explain_graph(subject, line));
  }
  return stages;
}

StageExplanation CacheExplainer::explain_scan(const Subject& subject, const Digest& environment) {
  StageExplanation stage;
  stage.stage = "scan";
  if (!subject.manifest) {
    stage.detail = "the repository has not been indexed";
  } else if (subject.manifest->environment != environment) {
    stage.changed = {"env"};
    stage.detail = "limits or the language table have changed since the latest scan";
  } else if (subject.before == nullptr) {
    stage.changed = {"inputs"};
    stage.detail = "the file is new since the latest scan";
  } else if (!subject.before->stat) {
    stage.detail =
        "it was changed so shortly before the latest scan, or could not be read, that its stat proves nothing";
  } else if (*subject.before->stat != subject.stat) {
    stage.changed = {"inputs"};
    stage.detail =
        fmt::format("changed since the latest scan: {}", stat_difference(*subject.before->stat, subject.stat));
  } else if (subject.has_new_code()) {
    stage.changed = {"code"};
    stage.detail = fmt::format("the extractor, grammar or query of {} has changed", subject.before->version.language);
  } else {
    stage.is_hit = true;
    stage.detail = "its stat is that of the latest scan: not even read";
  }
  return stage;
}

StageExplanation CacheExplainer::explain_tags(const Subject& subject) const {
  StageExplanation stage;
  stage.stage = "tags";
  const Signature now = tags_signature(subject.content, subject.fingerprint);
  if (const auto entry = caches_.tags.get(now, TagsDetail::kOutline)) {
    stage.is_hit = true;
    stage.cost = entry->cost;
    stage.detail = "the tags of this content are known";
    return stage;
  }
  if (subject.before == nullptr || subject.before->version.outcome != FileOutcome::kTagged) {
    stage.detail = "this file has had no tags yet";
    return stage;
  }
  const Signature before = tags_signature(subject.before->version.content, subject.fingerprint_before);
  for (const SignaturePart part : difference(before, now)) {
    stage.changed.emplace_back(signature_part_name(part));
  }
  stage.cost = subject.before->version.cost;
  stage.detail = stage.changed.empty() ? "its entry has been evicted" : "to be extracted anew";
  return stage;
}

StageExplanation CacheExplainer::explain_graph(const Subject& subject, const std::string& line) const {
  StageExplanation stage;
  stage.stage = "graph";
  const auto base = caches_.bases.get(line);
  const auto symbols = base ? caches_.graphs.get(base->state) : std::nullopt;
  if (!symbols || symbols->paths.size() != base->symbols.size()) {
    stage.detail = "no symbols of the whole repository are stored";
    return stage;
  }
  const auto found = std::ranges::lower_bound(symbols->paths, subject.path);
  if (found == symbols->paths.end() || *found != subject.path) {
    stage.changed = {"inputs"};
    stage.detail = "the file is not in the stored symbols; its row is made from its tags";
    return stage;
  }
  const auto entry = caches_.tags.get(tags_signature(subject.content, subject.fingerprint));
  const Digest stored = base->symbols[static_cast<std::size_t>(found - symbols->paths.begin())];
  stage.is_hit = entry && symbols_digest(entry->tags) == stored;
  if (stage.is_hit) {
    stage.detail = "it defines and refers to the same names as in the stored symbols";
  } else {
    stage.changed = {"inputs"};
    stage.detail = "its names may have changed; its row is made from its tags";
  }
  return stage;
}

}  // namespace repomap
