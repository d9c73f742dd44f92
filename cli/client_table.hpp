// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/client_entry.hpp"
#include "core/base/result.hpp"

namespace repomap::cli {

/// Whose configuration is meant.
enum class ClientScope : std::uint8_t {
  kUser,     ///< below the home directory: for all repositories
  kProject,  ///< in the repository
};

enum class HookPolicy : std::uint8_t { kNone, kInstall };

/// Where configurations lie, and what they are to start.
struct ClientPlaces {
  std::string home;         ///< "" if there is none
  std::string config_home;  ///< $XDG_CONFIG_HOME or ~/.config; "" without a home
  std::string root;         ///< of the repository; "" if there is none
  std::string program;      ///< absolute
};

/// A file and what belongs into it.
struct ClientTarget {
  std::string path;
  std::vector<std::string>
      others;              ///< where it may stand instead, put in when the client's files were not what they are
  mode_t new_mode = 0600;  ///< if the file is made
  std::vector<ClientEntryPtr> entries;
};

/// A program that repomap can be installed into.
struct Client {
  using Targets = std::vector<ClientTarget> (*)(const ClientPlaces&, ClientScope, HookPolicy);

  std::string_view name;   ///< as an argument of `repomap install`
  std::string_view title;  ///< for people
  std::string_view gets;   ///< what it can do then
  std::string_view next;   ///< what is left to do for the user; "" for nothing
  bool has_user_scope = true;
  bool has_project_scope = true;
  bool has_hooks = false;
  std::array<std::string_view, 2> programs;     ///< in PATH; one of them: the client is there. "" for none
  std::array<std::string_view, 3> directories;  ///< below the home directory; as above
  Targets targets = nullptr;
};

/// All clients, in the order in which they are listed.
std::span<const Client> all_clients();

/// The places of this user. Reads the environment. `root` may be "".
Result<ClientPlaces> find_client_places(const std::string& root);

/// Whether the client is on this machine.
bool is_client_found(const Client& client, const ClientPlaces& places);

/// What is to be put where; hooks only for a client that has them. Errors: kInvalidArgument for a scope that the client
/// does not have; kNotFound without a home, or without a repository.
Result<std::vector<ClientTarget>> client_targets(const Client& client, const ClientPlaces& places, ClientScope scope,
                                                 HookPolicy hooks);

std::string_view client_scope_name(ClientScope scope);

}  // namespace repomap::cli
