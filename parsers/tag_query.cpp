// SPDX-License-Identifier: Apache-2.0
#include "parsers/tag_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

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

std::string describe_error(std::string_view source, std::uint32_t offset, TSQueryError error,
                           const std::string& source_name) {
  const std::string_view before = source.substr(0, offset);
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const std::string_view text = source.substr(offset, source.find('\n', offset) - offset).substr(0, 60);
  return fmt::format("{}:{}:{}: {}: {}", source_name, line, offset - line_start + 1, query_error_name(error), text);
}

std::string_view node_text(const TSNode& node, std::string_view text) {
  const std::uint32_t begin = ts_node_start_byte(node);
  const std::uint32_t end = ts_node_end_byte(node);
  return begin <= end && end <= text.size() ? text.substr(begin, end - begin) : std::string_view{};
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
  enum class Test { kEqual, kAnyOf, kMatch, kStrip };

  Test test = Test::kEqual;
  bool is_negated = false;
  std::uint32_t capture = 0;
  std::optional<std::uint32_t> other_capture;
  std::vector<std::string> values;
  std::optional<RegularExpression> expression;

  bool holds_for(std::string_view value, std::string_view other) const {
    switch (test) {
      case Test::kEqual: return value == (other_capture ? other : std::string_view(values.front()));
      case Test::kAnyOf: return std::ranges::find(values, value) != values.end();
      case Test::kMatch: return expression->matches(value);
      case Test::kStrip: return true;
    }
    return true;
  }
};

TagQuery::TagQuery() = default;
TagQuery::~TagQuery() = default;

Result<std::unique_ptr<TagQuery>> TagQuery::compile(const TSLanguage* language, std::string_view source,
                                                    const std::string& source_name) {
  std::uint32_t offset = 0;
  TSQueryError error = TSQueryErrorNone;
  std::unique_ptr<TagQuery> query(new TagQuery);
  query->query_.reset(
      ts_query_new(language, source.data(), static_cast<std::uint32_t>(source.size()), &offset, &error));
  if (!query->query_) {
    return fail(ErrorCode::kInvalidArgument, describe_error(source, offset, error, source_name));
  }
  REPOMAP_TRY(query->read_captures(source_name));
  REPOMAP_TRY(query->read_predicates(source_name));
  return query;
}

Status TagQuery::read_captures(const std::string& source_name) {
  const std::uint32_t count = ts_query_capture_count(query_.get());
  for (std::uint32_t index = 0; index < count; ++index) {
    std::uint32_t length = 0;
    const char* characters = ts_query_capture_name_for_id(query_.get(), index, &length);
    const std::string_view name(characters, length);
    auto capture = capture_from_name(name);
    if (!capture) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("{}: unknown kind in @{}", source_name, name));
    }
    captures_.push_back(std::move(*capture));
  }
  return {};
}

Status TagQuery::read_predicates(const std::string& source_name) {
  const std::uint32_t patterns = ts_query_pattern_count(query_.get());
  predicates_.resize(patterns);
  strips_.resize(patterns);
  for (std::uint32_t pattern = 0; pattern < patterns; ++pattern) {
    std::uint32_t count = 0;
    const TSQueryPredicateStep* steps = ts_query_predicates_for_pattern(query_.get(), pattern, &count);
    std::vector<TSQueryPredicateStep> current;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (steps[i].type != TSQueryPredicateStepTypeDone) {
        current.push_back(steps[i]);
        continue;
      }
      if (auto added = add_predicate(pattern, std::move(current)); !added) {
        return fail(added.error().code, fmt::format("{}: {}", source_name, added.error().message));
      }
      current = {};
    }
  }
  return {};
}

Status TagQuery::add_predicate(std::uint32_t pattern, std::vector<TSQueryPredicateStep> steps) {
  const auto string_of = [this](const TSQueryPredicateStep& step) {
    std::uint32_t length = 0;
    const char* characters = ts_query_string_value_for_id(query_.get(), step.value_id, &length);
    return std::string(characters, length);
  };
  std::string name = string_of(steps.front());
  if (name == "set!" || name == "is?" || name == "is-not?" || name == "select-adjacent!" || name == "set-adjacent!") {
    return {};  // other tools' directives about documentation, highlighting and locals
  }
  Predicate predicate;
  if (name.starts_with("not-")) {
    predicate.is_negated = true;
    name.erase(0, 4);
  }
  if (name == "eq?") {
    predicate.test = Predicate::Test::kEqual;
  } else if (name == "any-of?") {
    predicate.test = Predicate::Test::kAnyOf;
  } else if (name == "match?") {
    predicate.test = Predicate::Test::kMatch;
  } else if (name == "strip!") {
    predicate.test = Predicate::Test::kStrip;
    strips_[pattern] = true;
  } else {
    return fail(ErrorCode::kInvalidArgument, fmt::format("unknown predicate #{}", name));
  }
  if (steps.size() < 3 || steps[1].type != TSQueryPredicateStepTypeCapture) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("#{} takes a capture and a value", name));
  }
  predicate.capture = steps[1].value_id;
  for (std::size_t i = 2; i < steps.size(); ++i) {
    if (steps[i].type == TSQueryPredicateStepTypeCapture) {
      predicate.other_capture = steps[i].value_id;
    } else {
      predicate.values.push_back(string_of(steps[i]));
    }
  }
  const bool wants_expression = predicate.test == Predicate::Test::kMatch || predicate.test == Predicate::Test::kStrip;
  if (predicate.values.empty() && (wants_expression || !predicate.other_capture)) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("#{} takes a capture and a value", name));
  }
  if (wants_expression) {
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
          predicate.holds_for(node_text(capture.node, text), other) == predicate.is_negated) {
        return false;
      }
    }
  }
  return true;
}

std::string TagQuery::strip(std::uint16_t pattern, std::string_view name) const {
  std::string stripped(name);
  for (const Predicate& predicate : predicates_[pattern]) {
    if (predicate.test == Predicate::Test::kStrip && captures_[predicate.capture].is_name) {
      stripped = predicate.expression->remove_from(stripped);
    }
  }
  return stripped;
}

}  // namespace repomap
