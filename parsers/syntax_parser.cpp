// SPDX-License-Identifier: Apache-2.0
#include "parsers/syntax_parser.hpp"

namespace repomap {
namespace {

const char* read_rest(void* payload, std::uint32_t offset, TSPoint /*position*/, std::uint32_t* bytes_read) {
  const auto& text = *static_cast<const std::string_view*>(payload);
  if (offset >= text.size()) {
    // Grammars with directives that end at a newline, such as C's, misread a last line without one.
    *bytes_read = offset == text.size() && !text.empty() && text.back() != '\n' ? 1 : 0;
    return "\n";
  }
  *bytes_read = static_cast<std::uint32_t>(text.size() - offset);
  return text.data() + offset;
}

bool is_overdue(TSParseState* state) { return static_cast<const Deadline*>(state->payload)->has_passed(); }

}  // namespace

SyntaxParser::SyntaxParser() : parser_(ts_parser_new()) {}

Result<TreeHandle> SyntaxParser::parse(const TSLanguage* grammar, std::string_view text,
                                       const std::vector<TSRange>& ranges, const Deadline& deadline) {
  if (!ts_parser_set_language(parser_.get(), grammar)) {
    return fail(ErrorCode::kUnsupported, "the grammar's ABI version is not supported");
  }
  ts_parser_set_included_ranges(parser_.get(), ranges.data(), static_cast<std::uint32_t>(ranges.size()));
  TSInput input{};
  input.payload = &text;
  input.read = read_rest;
  input.encoding = TSInputEncodingUTF8;
  TSParseOptions options{};
  // The callback only reads the deadline.
  options.payload = const_cast<Deadline*>(&deadline);
  options.progress_callback = is_overdue;
  TreeHandle tree(ts_parser_parse_with_options(parser_.get(), nullptr, input, options));
  if (!tree) {
    ts_parser_reset(parser_.get());
    return fail(ErrorCode::kLimitExceeded, "parsing exceeded the time limit");
  }
  return tree;
}

}  // namespace repomap
