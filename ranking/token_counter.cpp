// SPDX-License-Identifier: Apache-2.0
#include "ranking/token_counter.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

#include "core/base/file_system.hpp"
#include "core/base/mapped_file.hpp"
#include "ranking/bpe_image.hpp"
#include "ranking/bpe_merge.hpp"
#include "ranking/pretoken_utf8.hpp"
#include "ranking/pretokenizer.hpp"

namespace repomap {
namespace {

class CharacterCounter final : public TokenCounter {
 public:
  std::size_t count(std::string_view text) const override {
    constexpr std::size_t kCharactersPerToken = 4;
    return (count_code_points(text) + kCharactersPerToken - 1) / kCharactersPerToken;
  }
};

/// The counts of the words of one text that are no token: identifiers come again and again, and merging them is most of
/// the work (measured: 15 % off the whole, from 1 KB to 4 MB of Go). Direct-mapped and small, so that it costs short
/// texts nothing. Entries point into the text, so a hit is compared byte for byte. Used by one call on its stack.
class WordCache {
 public:
  /// The count of `word`, by count(word) where it is not known. REQUIRES: `word` outlives the cache.
  template <typename Count>
  std::size_t get(std::string_view word, const Count& count) {
    Entry& entry = entries_[bpe_hash(word) % kEntries];
    if (entry.word != word) {
      entry = {.word = word, .count = count(word)};
    }
    return entry.count;
  }

 private:
  static constexpr std::size_t kEntries = 1024;
  struct Entry {
    std::string_view word;
    std::size_t count = 0;
  };
  std::array<Entry, kEntries> entries_;
};

class BpeCounter final : public TokenCounter {
 public:
  BpeCounter(MappedFile file, const BpeImage& image) : file_(std::move(file)), image_(image) {}

  std::size_t count(std::string_view text) const override {
    const std::optional<std::string> repaired = repair_utf8(text);
    return count_valid(repaired ? *repaired : text);
  }

 private:
  std::size_t count_valid(std::string_view text) const {
    const BpeEncoding encoding = image_.encoding();
    WordCache cache;
    std::size_t tokens = 0;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = pretoken_end(encoding, text, begin);
      tokens += count_word(text.substr(begin, end - begin), cache);
      begin = end;
    }
    return tokens;
  }

  std::size_t count_word(std::string_view word, WordCache& cache) const {
    if (word.size() == 1 || image_.rank(word) != BpeImage::kNoRank) {
      return 1;
    }
    return cache.get(word, [this](std::string_view missed) { return count_merged_tokens(image_, missed); });
  }

  MappedFile file_;  // the bytes that image_ views
  BpeImage image_;
};

Result<std::unique_ptr<TokenCounter>> open_bpe_counter(BpeEncoding encoding, const std::string& path) {
  REPOMAP_ASSIGN(MappedFile file, MappedFile::open(path));
  const Result<BpeImage> image = BpeImage::view(file.bytes());
  if (!image) {
    return fail(image.error().code, fmt::format("{}: {}", path, image.error().message));
  }
  if (image->encoding() != encoding) {
    return fail(ErrorCode::kUnsupported, fmt::format("{}: the image is of another encoding", path));
  }
  return std::make_unique<BpeCounter>(std::move(file), *image);
}

}  // namespace

Result<std::unique_ptr<TokenCounter>> open_token_counter(Tokenizer tokenizer, const std::string& data_directory) {
  if (tokenizer == Tokenizer::kChars4) {
    return std::make_unique<CharacterCounter>();
  }
  const BpeEncoding encoding = tokenizer == Tokenizer::kO200kBase ? BpeEncoding::kO200kBase : BpeEncoding::kCl100kBase;
  return open_bpe_counter(encoding, join_path(data_directory, fmt::format("{}.bpe", tokenizer_name(tokenizer))));
}

}  // namespace repomap
