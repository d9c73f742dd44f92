// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace repomap {

struct MetricSample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;

  friend auto operator<=>(const MetricSample&, const MetricSample&) = default;
};

struct MetricFamily {
  std::string help;
  std::string type;
  std::vector<MetricSample> samples;
};

/// Reads the text format of Prometheus, version 0.0.4, more strictly than its collectors: every family has one HELP,
/// one TYPE and then its samples, of which no two have the same name and labels; nothing else is there.
/// Nothing, and why, for what breaks a rule.
class MetricParser {
 public:
  explicit MetricParser(std::string_view text);

  const std::optional<std::map<std::string, MetricFamily>>& families() const { return families_; }
  const std::string& trouble() const { return trouble_; }

 private:
  bool read_line(std::string_view line);
  bool read_comment(std::string_view line);
  bool read_sample(std::string_view line);
  bool read_labels(std::string_view& line, MetricSample& sample);
  bool is_of_family(const MetricSample& sample) const;
  bool check_histograms();

  std::optional<std::map<std::string, MetricFamily>> families_;
  std::string current_;
  std::string trouble_;
};

}  // namespace repomap
