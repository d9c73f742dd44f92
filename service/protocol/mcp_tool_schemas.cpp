// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_tool_schemas.hpp"

#include <vector>

#include "core/model/symbol_kind.hpp"
#include "service/protocol/closest_word.hpp"

namespace repomap {
namespace {

constexpr std::string_view kInstructions =
    "repomap keeps a syntactic index of this repository that follows every saved change, so its answers are current "
    "and come at once.\n"
    "- Begin a task with repo_map: pass the task as `query`, in your own words. It shows which files and symbols "
    "matter "
    "for it, with signatures, within a token budget. It replaces rounds of listing, searching and opening files.\n"
    "- find_symbol finds where a name is defined: exact, part of a name, or with * and ?. Use it instead of searching "
    "text for \"class X\" or \"def x\".\n"
    "- references finds where a name is used. Call it before you change or remove something.\n"
    "- file_outline lists what a file defines, with line ranges. Use it before you read a long file, then read only "
    "the "
    "lines that you need.\n"
    "- index_status tells whether the index is complete.\n"
    "Paths are relative to the project's root. Pass `project_root` (absolute) for another project than that of the "
    "session. The first line of each result says how fresh it is; \"partial\" means that the first indexing is under "
    "way, and that asking again gives more. Results come from syntax, not from a compiler: names are matched as "
    "written.";

constexpr std::string_view kProjectRoot = R"json({
  "type": "string",
  "description": "Absolute path of the project's directory. Leave out for the project of this session.",
  "examples": ["/src/project"]
})json";

constexpr std::string_view kFreshness = R"json({
  "type": "object",
  "description": "How true the answer is to the files.",
  "properties": {
    "state": {"type": "string", "enum": ["fresh", "partial", "doubtful"],
              "description": "partial: files are still to be read; doubtful: changes cannot be watched reliably"},
    "generation": {"type": "integer", "description": "Rises with each change of the repository"},
    "as_of": {"type": "string", "description": "Nothing that was saved before is missing"},
    "indexed": {"type": "integer"},
    "pending": {"type": "integer"},
    "skipped": {"type": "integer"},
    "watcher": {"type": "string"}
  },
  "required": ["state", "generation", "as_of", "indexed", "pending", "skipped", "watcher"]
})json";

constexpr std::string_view kSymbol = R"json({
  "type": "object",
  "properties": {
    "path": {"type": "string"},
    "name": {"type": "string"},
    "kind": {"type": "string"},
    "line": {"type": "integer", "description": "1-based"},
    "column": {"type": "integer", "description": "1-based, in bytes"},
    "end_line": {"type": "integer"},
    "scope": {"type": "string", "description": "Names of what encloses it, outermost first"},
    "signature": {"type": "string", "description": "The source line"},
    "lang": {"type": "string"}
  },
  "required": ["path", "name", "kind", "line", "column", "end_line", "scope", "signature", "lang"]
})json";

constexpr std::string_view kRepoMap = R"json({
  "name": "repo_map",
  "title": "Repository map",
  "description": "The files and symbols of the repository that matter most for a task, with their signatures in context, chosen by a ranking of who references whom, within a token budget. Call it FIRST: when you start on a task, meet unfamiliar code, or ask yourself where something is done. One call replaces many searches and file reads. Put the task into `query`; name what you have in view already in `chat_files` (it is left out of the map and pulls in what belongs to it); put names from the user's message into `mentioned_idents` and `mentioned_files`. Always current with the files on disk, and cheap to call again with another query.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "query": {"type": "string", "description": "What you work on, in words: the task, an error message, a question",
                "examples": ["fix the race in the file watcher"]},
      "token_limit": {"type": "integer", "minimum": 1, "maximum": 200000,
                      "description": "Upper bound of the map's size in tokens (default 4096)"},
      "chat_files": {"type": "array", "items": {"type": "string"}, "examples": [["src/watcher.c"]],
                     "description": "Files that you see in full already: they pull in what is related and are not shown"},
      "mentioned_files": {"type": "array", "items": {"type": "string"}, "examples": [["src/main.c"]],
                          "description": "Files of interest: ranked higher"},
      "mentioned_idents": {"type": "array", "items": {"type": "string"}, "examples": [["FileWatcher"]],
                           "description": "Identifiers of interest: their definitions are ranked higher"},
      "other_files": {"type": "array", "items": {"type": "string"}, "examples": [["src/net", "include/net.h"]],
                      "description": "Keep the map to these files and directories (default: the whole repository)"},
      "format": {"type": "string", "enum": ["text", "json"],
                 "description": "text (default): made to be read; json: files with ranks, lines and symbols"},
      "force_refresh": {"type": "boolean",
                        "description": "Rank and render anew instead of giving a kept map. Never needed for currency: a kept map is given only if nothing has changed"},
      "max_context_window": {"type": "integer", "minimum": 1, "maximum": 10000000,
                             "description": "Your context window in tokens: the map is never larger, whatever token_limit says"},
      "exclude_unranked": {"type": "boolean",
                           "description": "Accepted for compatibility, without effect: everything shown is chosen by its rank"}
    }
  },
  "_meta": {"anthropic/maxResultSizeChars": 400000}
})json";

constexpr std::string_view kFindSymbol = R"json({
  "name": "find_symbol",
  "title": "Find a symbol's definition",
  "description": "Where a function, class, method, type, constant or other symbol is defined: path, line, kind and signature, best match first. Use it instead of searching text whenever you know a name or a part of it. Takes an exact name, a part (\"watch\" finds FileWatcher), a scope (\"Shape.area\", \"net::Socket\"), or a pattern with * and ?. If nothing matches, it says which names are near.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "name": {"type": "string", "minLength": 1, "examples": ["FileWatcher"],
               "description": "The name, a part of it, Scope.name, or a pattern with * and ? (without a scope)"},
      "kind": {"type": "string", "description": "Only symbols of this kind"},
      "limit": {"type": "integer", "minimum": 1, "maximum": 500, "description": "At most so many (default 30)"}
    },
    "required": ["name"]
  },
  "outputSchema": {
    "type": "object",
    "properties": {
      "symbols": {"type": "array"},
      "found": {"type": "integer", "description": "How many match, with those beyond the limit"},
      "near": {"type": "array", "items": {"type": "string"}, "description": "Similar names, if none matches"},
      "notes": {"type": "array", "items": {"type": "string"},
                "description": "How this differs from what was asked for; empty if it does not"}
    },
    "required": ["symbols", "found", "near", "notes"]
  }
})json";

constexpr std::string_view kFileOutline = R"json({
  "name": "file_outline",
  "title": "Outline of a file",
  "description": "Everything that one source file defines, nested, each with its line range, kind and signature: a table of contents. Call it before you read a long file, and then read only the lines that you need. Works for every file in a supported language, ignored ones too.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "path": {"type": "string", "minLength": 1, "examples": ["src/main.c"],
               "description": "The file, relative to the root or absolute"}
    },
    "required": ["path"]
  },
  "outputSchema": {
    "type": "object",
    "properties": {
      "path": {"type": "string"},
      "lang": {"type": "string"},
      "lines": {"type": "integer"},
      "syntax_errors": {"type": "boolean"},
      "symbols": {"type": "array"},
      "found": {"type": "integer", "description": "How many definitions it has, with those that are not listed"}
    },
    "required": ["path", "lang", "lines", "syntax_errors", "symbols", "found"]
  }
})json";

constexpr std::string_view kReferences = R"json({
  "name": "references",
  "title": "Find references",
  "description": "Where a symbol is used: every call, import and mention of the name in code, with path and source line, comments and strings left out. Call it before you change a signature, rename or remove something, or to see how a function is meant to be called. Names are matched by syntax: two symbols of one name are not told apart.",
  "inputSchema": {
    "type": "object",
    "properties": {
      "name": {"type": "string", "minLength": 1, "examples": ["parse_config"], "description": "The exact name"},
      "path": {"type": "string", "examples": ["src/net"], "description": "Only in this file or directory"},
      "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "description": "At most so many (default 50)"}
    },
    "required": ["name"]
  },
  "outputSchema": {
    "type": "object",
    "properties": {
      "references": {"type": "array"},
      "found": {"type": "integer", "description": "How many there are, with those beyond the limit"},
      "near": {"type": "array", "items": {"type": "string"}, "description": "Similar names, if there is none"},
      "notes": {"type": "array", "items": {"type": "string"},
                "description": "How this differs from what was asked for; empty if it does not"}
    },
    "required": ["references", "found", "near", "notes"]
  }
})json";

constexpr std::string_view kIndexStatus = R"json({
  "name": "index_status",
  "title": "State of the index",
  "description": "Which project the tools answer for, how many of its files are indexed, pending and skipped, and whether changes are watched. Call it if a result says \"partial\" or misses something that you expect.",
  "inputSchema": {"type": "object", "properties": {}},
  "outputSchema": {
    "type": "object",
    "properties": {
      "root": {"type": "string"},
      "resource": {"type": "string", "description": "The URI of the project's map"}
    },
    "required": ["root", "resource"]
  }
})json";

/// The kinds that definitions have.
Json definition_kinds() {
  Json kinds = Json::array();
  for (int kind = 0; kind < static_cast<int>(SymbolKind::kCall); ++kind) {
    kinds.push_back(kind_name(static_cast<SymbolKind>(kind)));
  }
  return kinds;
}

Json make_tool(std::string_view text) {
  Json tool = Json::parse(text);
  Json& input = tool["inputSchema"];
  input["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  input["properties"]["project_root"] = Json::parse(kProjectRoot);
  input["additionalProperties"] = false;
  if (input["properties"].contains("kind")) {
    input["properties"]["kind"]["enum"] = definition_kinds();
  }
  if (tool.contains("outputSchema")) {
    Json& output = tool["outputSchema"];
    output["properties"]["freshness"] = Json::parse(kFreshness);
    output["required"].push_back("freshness");
    for (const char* list : {"symbols", "references"}) {
      if (output["properties"].contains(list)) {
        output["properties"][list]["items"] = Json::parse(kSymbol);
      }
    }
  }
  tool["annotations"] = {
      {"title", tool["title"]}, {"readOnlyHint", true}, {"idempotentHint", true}, {"openWorldHint", false}};
  return tool;
}

/// All that the latest revision may be told of them.
const Json& tools() {
  static const Json kTools = {make_tool(kRepoMap), make_tool(kFindSymbol), make_tool(kFileOutline),
                              make_tool(kReferences), make_tool(kIndexStatus)};
  return kTools;
}

}  // namespace

std::string_view mcp_instructions() { return kInstructions; }

Json mcp_tool_list(McpVersion version) {
  Json list = tools();
  for (Json& tool : list) {
    if (version < McpVersion::kMarch2025) {
      tool.erase("annotations");
    }
    if (version < McpVersion::kJune2025) {
      tool.erase("title");
      tool.erase("outputSchema");
      tool.erase("_meta");
    }
  }
  Json result;
  result["tools"] = std::move(list);
  return result;
}

const Json* mcp_input_schema(const std::string& tool) {
  for (const Json& known : tools()) {
    if (known.at("name") == tool) {
      return &known.at("inputSchema");
    }
  }
  return nullptr;
}

std::string nearest_mcp_tool(const std::string& name) {
  std::vector<std::string> names;
  for (const Json& tool : tools()) {
    names.push_back(tool.at("name"));
  }
  return closest_word(name, names);
}

}  // namespace repomap
