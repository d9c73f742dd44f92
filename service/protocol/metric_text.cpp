// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/metric_text.hpp"

#include <fmt/format.h>

#include <iterator>

#include "core/base/utf8.hpp"

namespace repomap {
namespace {

/// The text is UTF-8; whatever is not becomes "?", byte by byte.
void append_label_value(std::string& text, std::string_view value) {
  const bool is_valid = is_valid_utf8(value);
  for (const char c : value) {
    if (c == '\\') {
      text += "\\\\";
    } else if (c == '"') {
      text += "\\\"";
    } else if (c == '\n') {
      text += "\\n";
    } else {
      text += is_valid || static_cast<unsigned char>(c) < 0x80 ? c : '?';
    }
  }
}

}  // namespace

void MetricText::family(std::string_view name, std::string_view type, std::string_view help) {
  family_ = name;
  fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void MetricText::sample(double value, Labels labels) { line("", value, labels); }

void MetricText::line(std::string_view suffix, double value, Labels labels) {
  text_ += family_;
  text_ += suffix;
  char before = '{';
  for (const auto& [name, content] : labels) {
    text_ += before;
    text_ += name;
    text_ += "=\"";
    append_label_value(text_, content);
    text_ += '"';
    before = ',';
  }
  fmt::format_to(std::back_inserter(text_), "{} {}\n", labels.size() > 0 ? "}" : "", value);
}

void MetricText::histogram(const DurationHistogram& durations, std::pair<std::string_view, std::string_view> label) {
  for (std::size_t i = 0; i < durations.counts.size(); ++i) {
    const std::string limit = fmt::format("{}", DurationHistogram::kLimits[i]);
    line("_bucket", static_cast<double>(durations.counts[i]), {label, {"le", limit}});
  }
  line("_bucket", static_cast<double>(durations.count), {label, {"le", "+Inf"}});
  line("_sum", std::chrono::duration<double>(durations.sum).count(), {label});
  line("_count", static_cast<double>(durations.count), {label});
}

}  // namespace repomap
