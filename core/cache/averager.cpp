// SPDX-License-Identifier: Apache-2.0
#include "core/cache/averager.hpp"

#include <cstdint>

#include "core/base/byte_codec.hpp"
#include "core/cache/store_transaction.hpp"

namespace repomap {
namespace {

struct Sum {
  double total = 0.0;
  std::uint64_t count = 0;

  std::optional<double> mean() const {
    return count == 0 ? std::nullopt : std::optional(total / static_cast<double>(count));
  }
};

Result<Sum> decode_sum(const std::optional<StoredEntry>& entry, const CacheKey& key) {
  if (!entry) {
    return Sum{};
  }
  const auto* bytes = std::get_if<std::string>(&entry->value);
  ByteReader reader(bytes == nullptr ? std::string_view() : std::string_view(*bytes));
  Sum sum;
  sum.total = reader.read_double();
  sum.count = reader.read_u64();
  if (!reader.is_finished()) {
    return fail(ErrorCode::kCorrupt, key.to_display() + " is not the sum of an averager");
  }
  return sum;
}

std::string encode_sum(const Sum& sum) {
  ByteWriter writer;
  writer.add_double(sum.total);
  writer.add_u64(sum.count);
  return writer.take();
}

}  // namespace

Status Averager::add(double number) {
  return store_->transact([&](StoreTransaction& transaction) -> Status {
    REPOMAP_ASSIGN(const auto entry, transaction.get(key_));
    REPOMAP_ASSIGN(Sum sum, decode_sum(entry, key_));
    sum.total += number;
    ++sum.count;
    EntryOptions options;
    options.tags = settings_.tags;
    if (settings_.ttl) {
      options.expires = store_->clock().now() + *settings_.ttl;
    }
    return transaction.set(key_, encode_sum(sum), options);
  });
}

Result<std::optional<double>> Averager::get() {
  REPOMAP_ASSIGN(const auto entry, store_->get(key_));
  REPOMAP_ASSIGN(const Sum sum, decode_sum(entry, key_));
  return sum.mean();
}

Result<std::optional<double>> Averager::pop() {
  return store_->transact([&](StoreTransaction& transaction) -> Result<std::optional<double>> {
    REPOMAP_ASSIGN(const auto entry, transaction.pop(key_));
    REPOMAP_ASSIGN(const Sum sum, decode_sum(entry, key_));
    return sum.mean();
  });
}

}  // namespace repomap
