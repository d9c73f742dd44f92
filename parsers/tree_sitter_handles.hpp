// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tree_sitter/api.h>

#include <memory>

namespace repomap {

/// Owners of the C library's objects. None may be used by two threads at once.
struct ParserDeleter {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};
struct TreeDeleter {
  void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};
struct QueryDeleter {
  void operator()(TSQuery* query) const { ts_query_delete(query); }
};
struct QueryCursorDeleter {
  void operator()(TSQueryCursor* cursor) const { ts_query_cursor_delete(cursor); }
};

using ParserHandle = std::unique_ptr<TSParser, ParserDeleter>;
using TreeHandle = std::unique_ptr<TSTree, TreeDeleter>;
using QueryHandle = std::unique_ptr<TSQuery, QueryDeleter>;
using QueryCursorHandle = std::unique_ptr<TSQueryCursor, QueryCursorDeleter>;

}  // namespace repomap
