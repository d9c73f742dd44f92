// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "service/map_answer.hpp"
#include "service/protocol/json_value.hpp"
#include "service/query_backend.hpp"
#include "service/request_context.hpp"
#include "service/settings.hpp"
#include "service/symbol_search.hpp"

namespace repomap {

// Parameters of requests (docs/PROTOCOL.md): read by the server, strictly, and written by the client. Errors of every
// …_from_json: kInvalidArgument for a key that is missing, of another type or not known (with the one that was probably
// meant), for a path that leads out of its root, and for a root that is not absolute.

enum class ProgressPolicy : std::uint8_t { kSilent, kNotify };

/// What every request about a repository may say.
struct RequestTerms {
  std::string root;
  std::string settings;  ///< settings_fingerprint() that the client has; "" if it takes any
  std::optional<std::chrono::milliseconds> deadline = {};  ///< from the arrival of the request
  std::uint64_t min_generation = 0;
  Completeness completeness = Completeness::kPartial;
  ProgressPolicy progress = ProgressPolicy::kSilent;
};

/// Leaves alone what else the parameters hold.
Result<RequestTerms> request_terms_from_json(const Json& params);

/// Adds all but the root.
void add_terms(Json& params, const RequestTerms& terms);

/// What the parameters do not say, `defaults` do: those of the root's settings.
Result<MapQuery> map_query_from_json(const Json& params, const Settings& defaults);
Json to_params(const MapQuery& query);

struct SymbolsRequest {
  FileSelection selection;
  SymbolQuery query;
};

/// The parameters of `symbols`.
Result<SymbolsRequest> symbols_request_from_json(const Json& params, const Settings& defaults);
Json to_params(const SymbolsRequest& request);

/// The parameters of `definitions` and `references`, which differ in the role.
Result<SymbolsRequest> name_request_from_json(const Json& params, Role role, const Settings& defaults);

struct TagsQuery {
  FileSelection selection;
  std::string language;  ///< "" for all
  std::optional<Role> role;
  std::size_t limit = 100'000;
};

Result<TagsQuery> tags_query_from_json(const Json& params, const Settings& defaults);

/// The parameters of `index`, `sync` and `warm`.
Result<FileSelection> selection_from_json(const Json& params, const Settings& defaults);
Json to_params(const FileSelection& selection);

struct OutlineRequest {
  std::string root;
  std::string path;
};

Result<OutlineRequest> outline_request_from_json(const Json& params);
Json to_params(const OutlineRequest& request);

Result<TreeRequest> tree_request_from_json(const Json& params);
Json to_params(const TreeRequest& request);

struct InvalidateRequest {
  std::string root;
  std::vector<std::string> paths;  ///< none: all
};

Result<InvalidateRequest> invalidate_request_from_json(const Json& params);

struct HelloRequest {
  std::string client;
  std::string version;
  std::string build;
};

Result<HelloRequest> hello_request_from_json(const Json& params);
Json to_params(const HelloRequest& request);

/// The root of `status` and `subscribe`; "" for all repositories.
Result<std::string> optional_root_from_json(const Json& params);

Result<std::uint64_t> subscription_from_json(const Json& params);

/// How the daemon ends.
enum class ShutdownMode : std::uint8_t {
  kAtOnce,
  kDrain,  ///< after the requests that run
};

Result<ShutdownMode> shutdown_mode_from_json(const Json& params);

/// That there are no parameters, for methods that take none.
Status no_params_from_json(const Json& params);

}  // namespace repomap
