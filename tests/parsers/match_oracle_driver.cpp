// SPDX-License-Identifier: Apache-2.0
// Compares matches over files of one language: match_oracle_driver <grammars> <queries> <language>, with the paths on
// standard input. Prints the differences and, at the end, what was compared.
#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "core/base/file_system.hpp"
#include "match_oracle.hpp"

int main(int argc, char** argv) {
  using namespace repomap;
  if (argc != 4) {
    std::fputs("usage: match_oracle_driver <grammars> <queries> <language> < paths\n", stderr);
    return 2;
  }
  const LanguageRegistry registry({argv[1], argv[2]}, {});
  const auto source = QuerySource::load(join_path(argv[2], std::string(argv[3]) + ".scm"));
  const auto oracle = source ? MatchOracle::open(registry, argv[3], *source) : std::unexpected(source.error());
  if (!oracle) {
    std::fputs(fmt::format("{}\n", oracle.error().message).c_str(), stderr);
    return 1;
  }
  const auto files = make_posix_file_system();
  std::size_t file_count = 0;
  std::size_t difference_count = 0;
  std::string path;
  for (int c = std::getchar(); c != EOF; c = std::getchar()) {
    if (c != '\n') {
      path += static_cast<char>(c);
      continue;
    }
    const auto text = files->read_file(path, std::uint64_t{2} << 20U);
    const auto lines = text ? oracle->differences(*text) : Result<std::vector<std::string>>();
    for (const std::string& line : lines ? *lines : std::vector<std::string>{lines.error().message}) {
      ++difference_count;
      std::fputs(fmt::format("{}: {}\n", path, line).c_str(), stdout);
    }
    ++file_count;
    path.clear();
  }
  std::fputs(fmt::format("{}: {} files, {} matches, {} differences, {} patterns left to the library\n", argv[3],
                         file_count, oracle->match_count(), difference_count, oracle->fallback_count())
                 .c_str(),
             stdout);
  return difference_count == 0 ? 0 : 1;
}
