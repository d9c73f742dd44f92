// SPDX-License-Identifier: Apache-2.0
//
// How long a map takes in a service that keeps a repository in memory, against one that looks at all files for each
// request: live_map DIRECTORY [ROUNDS]. The directory is written to (a file live_map_probe.go is made, edited and
// removed), so give it a copy. Prints one line for each case: median, 99th percentile, and the ratio of the medians.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "service/repository_root.hpp"
#include "service/service.hpp"

namespace repomap {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr const char* kProbe = "live_map_probe.go";

struct Spread {
  double median = 0;
  double p99 = 0;
};

Spread spread_of(std::vector<double> values) {
  std::ranges::sort(values);
  return {values[values.size() / 2], values[std::min(values.size() - 1, values.size() * 99 / 100)]};
}

class Bench {
 public:
  Bench(std::string root, std::size_t rounds) : root_(std::move(root)), rounds_(rounds) {}

  int run() {
    const auto live = open(WatchPolicy::kOn);
    const auto plain = open(WatchPolicy::kOff);
    for (Service* const service : {live.get(), plain.get()}) {
      if (const auto first = service->map(query({}), {}); !first) {
        fmt::print(stderr, "{}\n", first.error().message);
        return 1;
      }
    }
    compare("repeated request", *live, *plain, [](std::size_t /*round*/) {}, false);
    compare("new mentions", *live, *plain, [](std::size_t /*round*/) {}, true);
    compare("body edited", *live, *plain, [this](std::size_t round) { edit("probe", round); }, false);
    compare(
        "definition edited", *live, *plain, [this](std::size_t round) { edit(fmt::format("probe{}", round), round); },
        false);
    std::filesystem::remove(join_path(root_, kProbe));
    return 0;
  }

 private:
  std::unique_ptr<Service> open(WatchPolicy watch) const {
    Service::Options options;
    options.watch = watch;
    auto service = Service::open(options, find_resources());
    return service ? std::move(*service) : nullptr;
  }

  MapQuery query(std::vector<std::string> mentions) const {
    MapQuery query;
    query.selection.root = root_;
    query.request.mentioned_identifiers = std::move(mentions);
    return query;
  }

  void edit(const std::string& name, std::size_t round) const {
    std::ofstream(join_path(root_, kProbe))
        << fmt::format("package probe\n\nfunc {}() int {{\n\treturn {}\n}}\n", name, round);
  }

  std::vector<double> measure(Service& service, const std::function<void(std::size_t)>& before, bool mentions) {
    std::vector<double> times;
    for (std::size_t i = 0; i < rounds_; ++i) {
      before(++round_);
      const auto start = std::chrono::steady_clock::now();
      const auto answer = service.map(query(mentions ? std::vector<std::string>{fmt::format("Read{}", round_), "Write"}
                                                     : std::vector<std::string>{}),
                                      {});
      times.push_back(Milliseconds(std::chrono::steady_clock::now() - start).count());
      if (!answer) {
        fmt::print(stderr, "{}\n", answer.error().message);
        std::exit(1);
      }
    }
    return times;
  }

  void compare(const char* name, Service& live, Service& plain, const std::function<void(std::size_t)>& before,
               bool mentions) {
    const Spread kept = spread_of(measure(live, before, mentions));
    const Spread looked = spread_of(measure(plain, before, mentions));
    fmt::print("{:20} live {:8.3f} ms (p99 {:8.3f})   looking at all files {:8.3f} ms (p99 {:8.3f})   ratio {:.1f}\n",
               name, kept.median, kept.p99, looked.median, looked.p99, looked.median / kept.median);
  }

  const std::string root_;
  const std::size_t rounds_;
  std::size_t round_ = 0;
};

}  // namespace
}  // namespace repomap

int main(int argc, char** argv) {
  const auto root = repomap::find_repository_root(argc > 1 ? argv[1] : ".", repomap::RootSearch::kExact);
  if (!root) {
    fmt::print(stderr, "{}\n", root.error().message);
    return 2;
  }
  return repomap::Bench(*root, argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 50).run();
}
