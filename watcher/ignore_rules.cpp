// SPDX-License-Identifier: Apache-2.0
#include "watcher/ignore_rules.hpp"

#include <utility>

namespace repomap {

class IgnoreRules::Layer {
 public:
  Layer(const Layer* above, PatternList patterns, std::size_t base_bytes)
      : above_(above), patterns_(std::move(patterns)), base_bytes_(base_bytes) {}

  const Layer* above() const { return above_; }
  IgnoreVerdict match(std::string_view path, FileType type) const {
    return patterns_.match(path.substr(base_bytes_), type);
  }

 private:
  const Layer* above_;
  PatternList patterns_;
  std::size_t base_bytes_;
};

std::string_view default_ignore_patterns() {
  return ".hg/\n.svn/\n.jj/\n.bzr/\n_darcs/\nCVS/\n"
         "node_modules/\n__pycache__/\n.tox/\n.venv/\n";
}

IgnoreRules::IgnoreRules() = default;
IgnoreRules::~IgnoreRules() = default;

const IgnoreRules::Layer* IgnoreRules::add(const Layer* above, std::string_view text, std::size_t base_bytes,
                                           CaseRule case_rule) {
  PatternList patterns(text, case_rule);
  if (patterns.empty()) {
    return above;
  }
  layers_.push_back(std::make_unique<const Layer>(above, std::move(patterns), base_bytes));
  return layers_.back().get();
}

bool IgnoreRules::is_ignored(const Layer* innermost, std::string_view path, FileType type) {
  for (const Layer* layer = innermost; layer != nullptr; layer = layer->above()) {
    const IgnoreVerdict verdict = layer->match(path, type);
    if (verdict != IgnoreVerdict::kNone) {
      return verdict == IgnoreVerdict::kIgnored;
    }
  }
  return false;
}

}  // namespace repomap
