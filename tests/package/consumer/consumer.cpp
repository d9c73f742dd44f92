// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "service/service.hpp"

int main(int, char** argv) {
  const auto service = repomap::Service::open({}, repomap::find_resources());
  if (!service) {
    std::puts(service.error().message.c_str());
    return 1;
  }
  repomap::MapQuery query;
  query.selection.root = argv[1];
  const auto answer = (*service)->map(query, {});
  std::puts(answer ? answer->map.text.c_str() : answer.error().message.c_str());
  return answer ? 0 : 1;
}
