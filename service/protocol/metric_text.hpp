// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "service/protocol/request_metrics.hpp"

namespace repomap {

/// Puts metrics together in the text format of Prometheus, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/). Used by one thread.
class MetricText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// Begins a family, whose samples follow. `type` is "counter", "gauge" or "histogram".
  void family(std::string_view name, std::string_view type, std::string_view help);

  /// One sample of the family. Label values may hold any bytes.
  void sample(double value, Labels labels = {});

  /// The samples of a histogram, in seconds.
  void histogram(const DurationHistogram& durations, std::pair<std::string_view, std::string_view> label);

  /// All of it so far.
  const std::string& text() const { return text_; }

 private:
  void line(std::string_view suffix, double value, Labels labels);

  std::string family_;
  std::string text_;
};

}  // namespace repomap
