// SPDX-License-Identifier: Apache-2.0
#include "parsers/tag_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <variant>

#include "parsers/regular_expression.hpp"

namespace repomap {
namespace {

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
  REPOMAP_ASSIGN(const ParsedQuery parsed, parse_query(language, source));
  std::unique_ptr<TagQuery> query(new TagQuery);
  REPOMAP_TRY(query->read_captures(parsed, source));
  REPOMAP_TRY(query->read_predicates(parsed, source));
  REPOMAP_ASSIGN(query->matcher_, PatternMatcher::compile(language, parsed, source));
  return query;
}

Status TagQuery::read_captures(const ParsedQuery& parsed, const QuerySource& source) {
  for (const auto& [name, offset] : parsed.captures) {
    auto capture = capture_from_name(name);
    if (!capture) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("{}: unknown kind in @{}", source.place_of(offset), name));
    }
    captures_.push_back(std::move(*capture));
  }
  return {};
}

Status TagQuery::read_predicates(const ParsedQuery& parsed, const QuerySource& source) {
  predicates_.resize(parsed.patterns.size());
  strips_.resize(parsed.patterns.size());
  for (std::size_t pattern = 0; pattern < parsed.patterns.size(); ++pattern) {
    for (const QueryPredicate& predicate : parsed.patterns[pattern].predicates) {
      if (auto added = add_predicate(pattern, predicate); !added) {
        const std::size_t hash_sign = predicate.offset - 1;
        return fail(added.error().code, fmt::format("{}: {}", source.place_of(hash_sign), added.error().message));
      }
    }
  }
  return {};
}

Status TagQuery::add_predicate(std::size_t pattern, const QueryPredicate& parsed) {
  const std::string& name = parsed.name;
  if (name == "set!" || name == "is?" || name == "is-not?" || name == "select-adjacent!" || name == "set-adjacent!") {
    return {};  // other tools' directives about documentation, highlighting and locals
  }
  const auto kind = Predicate::from_name(name);
  if (!kind) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("unknown predicate #{}", name));
  }
  using Test = Predicate::Test;
  using CaptureId = QueryPredicate::CaptureId;
  Predicate predicate;
  predicate.kind = *kind;
  strips_[pattern] = strips_[pattern] || kind->test == Test::kStrip;
  const auto& arguments = parsed.arguments;
  const bool has_capture = arguments.size() >= 2 && std::holds_alternative<CaptureId>(arguments.front());
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (const auto* capture = std::get_if<CaptureId>(&arguments[i])) {
      predicate.other_capture = capture->id;
    } else {
      predicate.values.push_back(std::get<std::string>(arguments[i]));
    }
  }
  const bool may_compare = kind->test == Test::kEqual && predicate.values.empty();
  const bool takes_list = kind->test == Test::kAnyOf;
  if (!has_capture || predicate.other_capture.has_value() != predicate.values.empty() ||
      (predicate.other_capture && !may_compare) || (!takes_list && arguments.size() > 2)) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("#{} takes a capture and {}", name, takes_list ? "values" : "a value"));
  }
  predicate.capture = std::get<CaptureId>(arguments.front()).id;
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
