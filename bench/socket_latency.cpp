// SPDX-License-Identifier: Apache-2.0
//
// How long a running daemon takes over its socket: for a request that does no work, for the same map again and again,
// and for maps with a new mention each time. One client, one request after the other.
//
//   repomap serve --background
//   <build>/bin/repomap_socket_latency REPOSITORY [REQUESTS]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "service/protocol/daemon_address.hpp"
#include "service/protocol/daemon_client.hpp"
#include "service/repository_root.hpp"

namespace repomap {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

struct Percentiles {
  double p50 = 0;
  double p99 = 0;
};

[[noreturn]] void give_up(const Error& error) {
  fmt::print(stderr, "socket_latency: {}\n", error.message);
  std::exit(1);
}

Percentiles measure(DaemonClient& client, const std::string& method, std::size_t requests,
                    const std::function<Json(std::size_t)>& params) {
  std::vector<double> times;
  for (std::size_t request = 0; request < requests; ++request) {
    Json asked = params(request);
    const auto begin = std::chrono::steady_clock::now();
    const auto answer = client.call(method, std::move(asked), {});
    times.push_back(Milliseconds(std::chrono::steady_clock::now() - begin).count());
    if (!answer) {
      give_up(answer.error());
    }
  }
  std::ranges::sort(times);
  const auto last = static_cast<double>(times.size() - 1);
  return {times[static_cast<std::size_t>(0.5 * last)], times[static_cast<std::size_t>(0.99 * last)]};
}

void print(const char* name, const Percentiles& times, const Percentiles& floor) {
  fmt::print("{:<22} {:>9.3f} {:>9.3f} {:>12.1f}\n", name, times.p50, times.p99, times.p50 / floor.p50);
}

void run(const std::string& repository, std::size_t requests) {
  const auto address = find_daemon_address();
  if (!address) {
    give_up(address.error());
  }
  auto client = DaemonClient::connect(address->socket);
  const auto root = find_repository_root(repository, RootSearch::kExact);
  if (!client || !root) {
    give_up(client ? root.error() : client.error());
  }
  const Json map = Json::object({{"root", *root}, {"complete", "whole"}});
  const auto same = [&](std::size_t) { return map; };
  const auto mention = [&](std::size_t request) {
    Json params = map;
    params["mention_idents"] = {fmt::format("name{}", request)};
    return params;
  };
  measure(**client, "map", 2, same);  // the repository is read, which is not what is measured
  const Percentiles floor = measure(**client, "hello", requests, [](std::size_t) { return Json::object(); });
  fmt::print("{:<22} {:>9} {:>9} {:>12}\n", "request", "p50 ms", "p99 ms", "p50 / hello");
  print("hello", floor, floor);
  print("map, the same", measure(**client, "map", requests, same), floor);
  print("map, a new mention", measure(**client, "map", std::max<std::size_t>(1, requests / 10), mention), floor);
}

}  // namespace
}  // namespace repomap

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: socket_latency REPOSITORY [REQUESTS]\n", stderr);
    return 2;
  }
  const std::size_t requests = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1000;
  repomap::run(argv[1], std::max<std::size_t>(1, requests));
  return 0;
}
