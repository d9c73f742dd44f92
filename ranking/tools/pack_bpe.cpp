// SPDX-License-Identifier: Apache-2.0
//
// pack_bpe ENCODING SCRIPT IMAGE: converts the ranks of an encoding, as js-tiktoken ships them, to an image
// (docs/BPE_IMAGE.md). Run by the build. Refuses ranks that come with a pattern other than the one we implement.
#include <fmt/format.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>

#include "core/base/file_system.hpp"
#include "core/base/result.hpp"
#include "ranking/bpe_image_builder.hpp"
#include "ranking/tools/rank_source.hpp"

namespace repomap {
namespace {

constexpr std::uint64_t kMaxScriptBytes = 64U << 20;

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Result<BpeEncoding> encoding_from_name(const std::string& name) {
  if (name == "o200k_base") {
    return BpeEncoding::kO200kBase;
  }
  if (name == "cl100k_base") {
    return BpeEncoding::kCl100kBase;
  }
  return fail(ErrorCode::kInvalidArgument, fmt::format("{}: no such encoding", name));
}

/// A process that has mapped the old file keeps it, because the new one takes its place under the same name.
Status replace_file(const std::string& path, const std::string& content) {
  const std::string draft = path + ".new";
  std::unique_ptr<std::FILE, FileCloser> file(std::fopen(draft.c_str(), "wb"));
  if (!file) {
    return std::unexpected(errno_error(errno, fmt::format("open {}", draft)));
  }
  if (std::fwrite(content.data(), 1, content.size(), file.get()) != content.size() || std::fflush(file.get()) != 0) {
    return std::unexpected(errno_error(errno, fmt::format("write {}", draft)));
  }
  file.reset();
  if (std::rename(draft.c_str(), path.c_str()) != 0) {
    return std::unexpected(errno_error(errno, fmt::format("rename {}", draft)));
  }
  return {};
}

Status pack(const std::string& encoding_name, const std::string& script_path, const std::string& image_path) {
  REPOMAP_ASSIGN(const BpeEncoding encoding, encoding_from_name(encoding_name));
  REPOMAP_ASSIGN(const std::string script, make_posix_file_system()->read_file(script_path, kMaxScriptBytes));
  const Result<RankSource> source = parse_rank_source(script);
  if (!source) {
    return fail(source.error().code, fmt::format("{}: {}", script_path, source.error().message));
  }
  if (source->pattern != pretoken_pattern(encoding)) {
    return fail(ErrorCode::kUnsupported, fmt::format("{}: another pattern than {}", script_path, encoding_name));
  }
  REPOMAP_ASSIGN(const std::string image, build_bpe_image(encoding, source->tokens));
  return replace_file(image_path, image);
}

int run(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "usage: pack_bpe ENCODING SCRIPT IMAGE\n");
    return 2;
  }
  const Status status = pack(argv[1], argv[2], argv[3]);
  if (!status) {
    fmt::print(stderr, "pack_bpe: {}\n", status.error().message);
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace repomap

int main(int argc, char** argv) {
  try {
    return repomap::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pack_bpe: %s\n", error.what());
  } catch (...) {
    std::fputs("pack_bpe: an exception of an unknown kind\n", stderr);
  }
  return 1;
}
