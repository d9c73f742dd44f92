// SPDX-License-Identifier: Apache-2.0
#include "cli/json_output.hpp"

#include <unistd.h>

namespace repomap::cli {
namespace {

void print(OutputStream& out, const Json& json, int indent) {
  out.write(json.dump(indent, ' ', false, Json::error_handler_t::replace));
  out.write("\n");
}

}  // namespace

void print_document(OutputStream& out, const Json& json) {
  constexpr int kOneLine = -1;
  print(out, json, ::isatty(STDOUT_FILENO) != 0 ? 2 : kOneLine);
}

void print_json_line(OutputStream& out, const Json& json) {
  constexpr int kOneLine = -1;
  print(out, json, kOneLine);
  out.flush();
}

}  // namespace repomap::cli
