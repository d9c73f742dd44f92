// SPDX-License-Identifier: Apache-2.0
#include "parsers/tag_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "parsers/regular_expression.hpp"

namespace repomap {
namespace {

std::string_view query_error_name(TSQueryError error) {
  switch (error) {
    case TSQueryErrorSyntax: return "syntax error";
    case TSQueryErrorNodeType: return "the grammar has no such node";
    case TSQueryErrorField: return "the grammar has no such field";
    case TSQueryErrorCapture: return "no such capture";
    case TSQueryErrorStructure: return "the grammar allows no such structure";
    case TSQueryErrorLanguage: return "the grammar's version is not supported";
    case TSQueryErrorNone: break;
  }
  return "unknown error";
}

/// The rest of the line at `offset`, at most 60 bytes of it.
std::string_view line_at(std::string_view text, std::size_t offset) {
  return text.substr(offset, text.find('\n', offset) - offset).substr(0, 60);
}

/// Where `word` stands at or behind `from`, as a whole word; `from` if it does not.
std::size_t place_of_word(std::string_view text, std::string_view word, std::size_t from) {
  constexpr std::string_view kWordBytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.?!";
  for (auto at = text.find(word, from); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if (end == text.size() || kWordBytes.find(text[end]) == std::string_view::npos) {
      return at;
    }
  }
  return from;
}

std::string_view node_text(const TSNode& node, std::string_view text) {
  const std::uint32_t begin = ts_node_start_byte(node);
  const std::uint32_t end = ts_node_end_byte(node);  // one more than the text has, if its last line has no newline
  return begin < end && begin < text.size() ? text.substr(begin, end - begin) : std::string_view{};
}

/// "definition.function" after "definition." gives the kind; an unknown word gives nothing.
std::optional<Capture> capture_from_name(std::string_view name) {
  Capture capture;
  if (name == "name") {
    capture.role = CaptureRole::kName;
    capture.is_name = true;
    return capture;
  }
  if (name == "scope" || name == "qualifier" || name == "ignore") {
    capture.role = name == "scope"       ? CaptureRole::kScope
                   : name == "qualifier" ? CaptureRole::kQualifier
                                         : CaptureRole::kIgnore;
    return capture;
  }
  if (name.starts_with("injection.")) {
    capture.role = CaptureRole::kInjection;
    capture.language = name.substr(name.find('.') + 1);
    return capture;
  }
  if (name.starts_with("name.")) {
    capture.is_name = true;
    name.remove_prefix(5);
  }
  if (!name.starts_with("definition.") && !name.starts_with("reference.")) {
    return Capture{};
  }
  capture.role = name.starts_with("definition.") ? CaptureRole::kDefinition : CaptureRole::kReference;
  const auto kind = kind_from_name(name.substr(name.find('.') + 1));
  if (!kind) {
    return std::nullopt;
  }
  capture.kind = *kind;
  return capture;
}

}  // namespace

struct TagQuery::Predicate {
  enum class Test : std::uint8_t { kEqual, kAnyOf, kMatch, kStrip };
  struct Kind {
    Test test = Test::kEqual;
    bool is_negated = false;
  };

  static std::optional<Kind> from_name(std::string_view name);

  Kind kind;
  std::uint32_t capture = 0;
  std::optional<std::uint32_t> other_capture;
  std::vector<std::string> values;
  std::optional<RegularExpression> expression;

  bool holds_for(std::string_view value, std::string_view other) const {
    switch (kind.test) {
      case Test::kEqual: return value == (other_capture ? other : std::string_view(values.front()));
      case Test::kAnyOf: return std::ranges::find(values, value) != values.end();
      case Test::kMatch: return expression->matches(value);
      case Test::kStrip: return true;
    }
    return true;
  }
};

std::optional<TagQuery::Predicate::Kind> TagQuery::Predicate::from_name(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, Kind>, 7> kNames = {{
      {"eq?", {Test::kEqual, false}},
      {"not-eq?", {Test::kEqual, true}},
      {"any-of?", {Test::kAnyOf, false}},
      {"not-any-of?", {Test::kAnyOf, true}},
      {"match?", {Test::kMatch, false}},
      {"not-match?", {Test::kMatch, true}},
      {"strip!", {Test::kStrip, false}},
  }};
  const auto* found = std::ranges::find(kNames, name, &std::pair<std::string_view, Kind>::first);
  return found == kNames.end() ? std::nullopt : std::optional(found->second);
}

TagQuery::TagQuery() = default;
TagQuery::~TagQuery() = default;

Result<std::unique_ptr<TagQuery>> TagQuery::compile(const TSLanguage* language, const QuerySource& source) {
  const std::string_view text = source.text();
  std::uint32_t offset = 0;
  TSQueryError error = TSQueryErrorNone;
  std::unique_ptr<TagQuery> query(new TagQuery);
  query->query_.reset(ts_query_new(language, text.data(), static_cast<std::uint32_t>(text.size()), &offset, &error));
  if (!query->query_) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}: {}: {}", source.place_of(offset), query_error_name(error), line_at(text, offset)));
  }
  REPOMAP_TRY(query->read_captures(source));
  REPOMAP_TRY(query->read_predicates(source));
  return query;
}

Status TagQuery::read_captures(const QuerySource& source) {
  const std::uint32_t count = ts_query_capture_count(query_.get());
  for (std::uint32_t index = 0; index < count; ++index) {
    std::uint32_t length = 0;
    const char* characters = ts_query_capture_name_for_id(query_.get(), index, &length);
    const std::string name(characters, length);
    auto capture = capture_from_name(name);
    if (!capture) {
      const std::size_t offset = place_of_word(source.text(), '@' + name, 0);
      return fail(ErrorCode::kInvalidArgument, fmt::format("{}: unknown kind in @{}", source.place_of(offset), name));
    }
    captures_.push_back(std::move(*capture));
  }
  return {};
}

std::string TagQuery::string_of(const TSQueryPredicateStep& step) const {
  std::uint32_t length = 0;
  const char* characters = ts_query_string_value_for_id(query_.get(), step.value_id, &length);
  return {characters, length};
}

Status TagQuery::read_predicates(const QuerySource& source) {
  const std::uint32_t patterns = ts_query_pattern_count(query_.get());
  predicates_.resize(patterns);
  strips_.resize(patterns);
  for (std::uint32_t pattern = 0; pattern < patterns; ++pattern) {
    std::uint32_t count = 0;
    const TSQueryPredicateStep* first = ts_query_predicates_for_pattern(query_.get(), pattern, &count);
    const std::span<const TSQueryPredicateStep> steps(first, count);
    for (auto rest = steps; !rest.empty();) {
      const auto done = std::ranges::find(rest, TSQueryPredicateStepTypeDone, &TSQueryPredicateStep::type);
      const auto predicate = rest.first(static_cast<std::size_t>(done - rest.begin()));
      rest = rest.subspan(predicate.size() + 1);
      if (auto added = add_predicate(pattern, predicate); !added) {
        const std::size_t offset = place_of_word(source.text(), '#' + string_of(predicate.front()),
                                                 ts_query_start_byte_for_pattern(query_.get(), pattern));
        return fail(added.error().code, fmt::format("{}: {}", source.place_of(offset), added.error().message));
      }
    }
  }
  return {};
}

Status TagQuery::add_predicate(std::uint32_t pattern, std::span<const TSQueryPredicateStep> steps) {
  const std::string name = string_of(steps.front());
  if (name == "set!" || name == "is?" || name == "is-not?" || name == "select-adjacent!" || name == "set-adjacent!") {
    return {};  // other tools' directives about documentation, highlighting and locals
  }
  const auto kind = Predicate::from_name(name);
  if (!kind) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("unknown predicate #{}", name));
  }
  using Test = Predicate::Test;
  Predicate predicate;
  predicate.kind = *kind;
  strips_[pattern] = strips_[pattern] || kind->test == Test::kStrip;
  const bool has_capture = steps.size() >= 3 && steps[1].type == TSQueryPredicateStepTypeCapture;
  for (std::size_t i = 2; i < steps.size(); ++i) {
    if (steps[i].type == TSQueryPredicateStepTypeCapture) {
      predicate.other_capture = steps[i].value_id;
    } else {
      predicate.values.push_back(string_of(steps[i]));
    }
  }
  const bool may_compare = kind->test == Test::kEqual && predicate.values.empty();
  const bool takes_list = kind->test == Test::kAnyOf;
  if (!has_capture || predicate.other_capture.has_value() != predicate.values.empty() ||
      (predicate.other_capture && !may_compare) || (!takes_list && steps.size() > 3)) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("#{} takes a capture and {}", name, takes_list ? "values" : "a value"));
  }
  predicate.capture = steps[1].value_id;
  if (kind->test == Test::kMatch || kind->test == Test::kStrip) {
    REPOMAP_ASSIGN(predicate.expression, RegularExpression::compile(predicate.values.front()));
  }
  predicates_[pattern].push_back(std::move(predicate));
  return {};
}

bool TagQuery::accepts(const TSQueryMatch& match, std::string_view text) const {
  const std::span<const TSQueryCapture> captures(match.captures, match.capture_count);
  for (const Predicate& predicate : predicates_[match.pattern_index]) {
    std::string_view other;
    if (predicate.other_capture) {
      const auto found = std::ranges::find(captures, *predicate.other_capture, &TSQueryCapture::index);
      other = found == captures.end() ? std::string_view{} : node_text(found->node, text);
    }
    for (const TSQueryCapture& capture : captures) {
      if (capture.index == predicate.capture &&
          predicate.holds_for(node_text(capture.node, text), other) == predicate.kind.is_negated) {
        return false;
      }
    }
  }
  return true;
}

std::string TagQuery::strip(std::uint16_t pattern, std::string_view name) const {
  std::string stripped(name);
  for (const Predicate& predicate : predicates_[pattern]) {
    if (predicate.kind.test == Predicate::Test::kStrip && captures_[predicate.capture].is_name) {
      stripped = predicate.expression->remove_from(stripped);
    }
  }
  return stripped;
}

}  // namespace repomap
