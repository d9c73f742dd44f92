// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace repomap {

/// 128 bits that tell contents apart: XXH3-128. Not cryptographic: who can choose both contents can make them collide.
struct Digest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend bool operator==(const Digest&, const Digest&) = default;
  friend auto operator<=>(const Digest&, const Digest&) = default;
};

Digest digest_of(std::string_view bytes);

/// XXH3-64: for checksums and hash tables, where 64 bits are enough.
std::uint64_t hash64_of(std::string_view bytes);

/// The digest of bytes that come in pieces: equal to digest_of() of all of them in a row. Used by one thread.
class DigestBuilder {
 public:
  DigestBuilder();
  ~DigestBuilder();
  DigestBuilder(DigestBuilder&& other) noexcept;
  DigestBuilder& operator=(DigestBuilder&& other) noexcept;

  void add(std::string_view bytes);
  Digest digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// 32 hexadecimal digits, high part first.
std::string to_hex(const Digest& digest);

}  // namespace repomap
