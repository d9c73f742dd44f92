// SPDX-License-Identifier: Apache-2.0
#include "parsers/dense_language.hpp"

#include <algorithm>
#include <cstring>

// The layout of TSLanguage: the header that the core library and every generated parser share.
extern "C" {
#include <parser.h>
}

namespace repomap {
namespace {

/// How much of TSLanguage a grammar of that ABI version really has; its object ends there.
std::size_t language_bytes(std::uint32_t abi_version) {
  constexpr std::uint32_t kVersionWithPrimaryStates = 14;
  constexpr std::uint32_t kVersionWithReservedWords = 15;
  if (abi_version >= kVersionWithReservedWords) {
    return sizeof(TSLanguage);
  }
  return abi_version >= kVersionWithPrimaryStates ? offsetof(TSLanguage, name)
                                                  : offsetof(TSLanguage, primary_state_ids);
}

/// Expands one short list: groups of (value, count, symbol…), the first of a symbol counting.
void expand_state(const std::uint16_t* data, std::uint16_t* row) {
  const std::uint16_t group_count = *data++;
  for (std::uint16_t group = 0; group < group_count; ++group) {
    const std::uint16_t value = *data++;
    const std::uint16_t symbol_count = *data++;
    for (std::uint16_t i = 0; i < symbol_count; ++i) {
      const std::uint16_t symbol = *data++;
      if (row[symbol] == 0) {
        row[symbol] = value;
      }
    }
  }
}

}  // namespace

DenseLanguage::DenseLanguage(const TSLanguage* original) : original_(original) {
  const std::size_t symbols = original->symbol_count;
  const std::size_t states = original->state_count;
  const std::size_t large_states = original->large_state_count;
  if (states <= large_states || states * symbols * sizeof(std::uint16_t) > kMaxTableBytes) {
    return;
  }
  table_.resize(states * symbols);
  std::copy_n(original->parse_table, large_states * symbols, table_.begin());
  for (std::size_t state = large_states; state < states; ++state) {
    const std::uint32_t index = original->small_parse_table_map[state - large_states];
    expand_state(original->small_parse_table + index, table_.data() + state * symbols);
  }
  dense_ = std::make_unique<TSLanguage>();
  std::memset(dense_.get(), 0, sizeof(TSLanguage));
  std::memcpy(dense_.get(), original, language_bytes(original->abi_version));
  dense_->parse_table = table_.data();
  dense_->large_state_count = original->state_count;
}

DenseLanguage::~DenseLanguage() = default;

const TSLanguage* DenseLanguage::get() const { return dense_ ? dense_.get() : original_; }

}  // namespace repomap
