// SPDX-License-Identifier: Apache-2.0
//
// Texts of any bytes against a small vocabulary, and images of any bytes with a valid header against a text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ranking/bpe_image.hpp"
#include "ranking/bpe_image_builder.hpp"
#include "ranking/bpe_merge.hpp"
#include "ranking/pretoken_utf8.hpp"
#include "ranking/pretokenizer.hpp"

namespace repomap {
namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

/// All bytes, and what the joins of some of them give.
std::string build_vocabulary() {
  std::vector<BpeToken> tokens;
  for (int byte = 0; byte < 256; ++byte) {
    tokens.push_back({.bytes = std::string(1, static_cast<char>(byte)), .rank = static_cast<std::uint32_t>(byte)});
  }
  for (const char* joined :
       {"  ", "    ", "aa", "ab", "ba", "aaa", "abab", "ababab", "\xe4\xb8", "\xe4\xb8\xad", "\r\n"}) {
    tokens.push_back({.bytes = joined, .rank = static_cast<std::uint32_t>(tokens.size())});
  }
  Result<std::string> image = build_bpe_image(BpeEncoding::kO200kBase, tokens);
  require(image.has_value());
  return *image;
}

void split_and_merge(BpeEncoding encoding, const BpeImage& image, std::string_view text) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = pretoken_end(encoding, text, begin);
    require(end > begin && end <= text.size());
    const std::size_t tokens = count_merged_tokens(image, text.substr(begin, end - begin));
    require(tokens >= 1 && tokens <= end - begin);
    begin = end;
  }
}

void count_text(std::string_view text) {
  static const std::string kVocabulary = build_vocabulary();
  static const Result<BpeImage> kImage = BpeImage::view(std::as_bytes(std::span(kVocabulary)));
  require(kImage.has_value());
  const std::optional<std::string> repaired = repair_utf8(text);
  const std::string_view valid = repaired ? *repaired : text;
  require(!repair_utf8(valid));
  require(count_code_points(text) == count_code_points(valid));
  split_and_merge(BpeEncoding::kO200kBase, *kImage, valid);
  split_and_merge(BpeEncoding::kCl100kBase, *kImage, valid);
}

/// Reads `bytes` as an image, as they are and with a header whose checksum holds.
void count_with_image(std::string_view bytes) {
  std::vector<char> image(bytes.begin(), bytes.end());
  const auto use = [&image] {
    const Result<BpeImage> view = BpeImage::view(std::as_bytes(std::span(image)));
    if (view) {
      split_and_merge(view->encoding(), *view, "int main() { return abababab; }  // " + std::string(200, 'a'));
      static_cast<void>(view->verify());
    }
  };
  use();
  if (image.size() >= sizeof(BpeImageHeader)) {
    BpeImageHeader header;
    std::memcpy(&header, image.data(), sizeof header);
    header.magic = BpeImageHeader::kMagic;
    header.version = BpeImageHeader::kVersion;
    header.blob_bytes = image.size() - sizeof header - std::uint64_t{header.slot_count} * sizeof(std::uint64_t);
    std::memcpy(image.data(), &header, sizeof header);
    header.header_checksum = bpe_hash({image.data(), offsetof(BpeImageHeader, header_checksum)});
    std::memcpy(image.data(), &header, sizeof header);
    use();
  }
}

}  // namespace
}  // namespace repomap

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0) {
    repomap::count_text(input);
  } else {
    repomap::count_with_image(input);
  }
  return 0;
}
