// SPDX-License-Identifier: Apache-2.0
#include "tests/service/protocol/metric_parser.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace repomap {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text[0])) == 0 &&
         std::ranges::all_of(text, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
}

std::string_view take_until(std::string_view& text, std::string_view stops) {
  const std::size_t end = std::min(text.find_first_of(stops), text.size());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end);
  return taken;
}

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) {
    return false;
  }
  text.remove_prefix(expected.size());
  return true;
}

std::optional<double> number_of(std::string_view text) {
  const std::string digits(text);
  char* end = nullptr;
  const double number = std::strtod(digits.c_str(), &end);
  return !digits.empty() && *end == '\0' ? std::optional(number) : std::nullopt;
}

bool take_label_value(std::string_view& text, std::string& value) {
  if (!take(text, "\"")) {
    return false;
  }
  while (!text.empty() && text[0] != '"') {
    if (text[0] == '\\') {
      const char escaped = text.size() > 1 ? text[1] : '\0';
      if (escaped != '\\' && escaped != '"' && escaped != 'n') {
        return false;
      }
      value += escaped == 'n' ? '\n' : escaped;
      text.remove_prefix(2);
    } else {
      value += text[0];
      text.remove_prefix(1);
    }
  }
  return take(text, "\"");
}

}  // namespace

MetricParser::MetricParser(std::string_view text) : families_(std::in_place) {
  bool is_right = text.ends_with('\n');
  trouble_ = is_right ? "" : "no newline at the end";
  while (is_right && !text.empty()) {
    const std::string_view line = take_until(text, "\n");
    text.remove_prefix(1);
    is_right = read_line(line);
    trouble_ = is_right ? "" : "line \"" + std::string(line) + "\"";
  }
  if (!is_right || !check_histograms()) {
    families_.reset();
  }
}

bool MetricParser::read_line(std::string_view line) {
  return line.starts_with('#') ? read_comment(line) : read_sample(line);
}

bool MetricParser::read_comment(std::string_view line) {
  const bool is_help = take(line, "# HELP ");
  if (!is_help && !take(line, "# TYPE ")) {
    return false;
  }
  const std::string name(take_until(line, " "));
  if (!is_name(name) || !take(line, " ") || line.empty()) {
    return false;
  }
  if (is_help) {
    current_ = name;
    return families_->try_emplace(name, MetricFamily{std::string(line), {}, {}}).second;
  }
  MetricFamily& family = (*families_)[name];
  const bool is_next = name == current_ && family.type.empty() && family.samples.empty();
  family.type = line;
  return is_next && (line == "counter" || line == "gauge" || line == "histogram");
}

bool MetricParser::read_labels(std::string_view& line, MetricSample& sample) {
  if (!take(line, "{")) {
    return true;
  }
  do {
    const std::string label(take_until(line, "="));
    std::string value;
    if (!is_name(label) || !take(line, "=") || !take_label_value(line, value) ||
        !sample.labels.try_emplace(label, value).second) {
      return false;
    }
  } while (take(line, ","));
  return take(line, "}");
}

bool MetricParser::is_of_family(const MetricSample& sample) const {
  const auto family = families_->find(current_);
  if (family == families_->end()) {
    return false;
  }
  if (family->second.type != "histogram") {
    return !family->second.type.empty() && sample.name == current_;
  }
  return (sample.name == current_ + "_bucket" && sample.labels.contains("le")) || sample.name == current_ + "_sum" ||
         sample.name == current_ + "_count";
}

bool MetricParser::read_sample(std::string_view line) {
  MetricSample sample;
  sample.name = take_until(line, "{ ");
  if (!is_name(sample.name) || !read_labels(line, sample) || !take(line, " ")) {
    return false;
  }
  const auto value = number_of(line);
  if (!value || !is_of_family(sample)) {
    return false;
  }
  sample.value = *value;
  auto& samples = (*families_)[current_].samples;
  const bool is_new = std::ranges::none_of(
      samples, [&](const MetricSample& other) { return other.name == sample.name && other.labels == sample.labels; });
  samples.push_back(std::move(sample));
  return is_new;
}

/// The buckets of a histogram do not fall, and end in "+Inf" with as many as the count.
bool MetricParser::check_histograms() {
  for (const auto& [name, family] : *families_) {
    double before = 0;
    for (const MetricSample& sample : family.samples) {
      if (family.type != "histogram" || sample.name == name + "_sum") {
        continue;
      }
      const bool is_count = sample.name == name + "_count";
      if (is_count ? sample.value != before : sample.value < before) {
        trouble_ = name + " falls, or its count is not that of the last bucket";
        return false;
      }
      before = is_count ? 0 : sample.value;
    }
  }
  return true;
}

}  // namespace repomap
