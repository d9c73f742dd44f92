// SPDX-License-Identifier: Apache-2.0
#include "core/cache/throttle.hpp"

#include <algorithm>
#include <optional>

#include "core/base/byte_codec.hpp"
#include "core/cache/store_transaction.hpp"

namespace repomap {
namespace {

struct Bucket {
  std::int64_t filled_us = 0;  ///< when `tokens` was right
  double tokens = 0.0;         ///< below 0: taken in advance
};

Result<Bucket> decode_bucket(const StoredEntry& entry, const CacheKey& key) {
  const auto* bytes = std::get_if<std::string>(&entry.value);
  ByteReader reader(bytes == nullptr ? std::string_view() : std::string_view(*bytes));
  Bucket bucket;
  bucket.filled_us = reader.read_signed();
  bucket.tokens = reader.read_double();
  if (!reader.is_finished()) {
    return fail(ErrorCode::kCorrupt, key.to_display() + " is not the bucket of a throttle");
  }
  return bucket;
}

std::string encode_bucket(const Bucket& bucket) {
  ByteWriter writer;
  writer.add_signed(bucket.filled_us);
  writer.add_double(bucket.tokens);
  return writer.take();
}

/// The bucket as it is at `now_us`.
Bucket refilled(Bucket bucket, std::int64_t now_us, const ThrottleRate& rate) {
  const auto period_us = static_cast<double>(std::chrono::microseconds(rate.period).count());
  const auto elapsed_us = static_cast<double>(std::max<std::int64_t>(now_us - bucket.filled_us, 0));
  bucket.tokens = std::min<double>(rate.count, bucket.tokens + elapsed_us * rate.count / period_us);
  bucket.filled_us = now_us;
  return bucket;
}

/// How long until the bucket is at 0.
std::chrono::nanoseconds debt_of(const Bucket& bucket, const ThrottleRate& rate) {
  const std::chrono::duration<double, std::nano> period = rate.period;
  return std::chrono::ceil<std::chrono::microseconds>(period * std::max(-bucket.tokens, 0.0) / rate.count);
}

}  // namespace

Status ThrottleRate::validate() const {
  return count > 0 && period.count() > 0 ? Status()
                                         : fail(ErrorCode::kInvalidArgument, "a throttle needs calls and a period");
}

Result<Throttle> Throttle::open(DiskStore& store, CacheKey key, ThrottleRate rate) {
  REPOMAP_TRY(rate.validate());
  return Throttle(store, std::move(key), rate);
}

Result<bool> Throttle::try_acquire(std::chrono::nanoseconds longest) {
  std::chrono::nanoseconds wait{};
  const Status taken = store_->transact([&](StoreTransaction& transaction) -> Status {
    const std::int64_t now_us = store_->clock().now().time_since_epoch().count();
    REPOMAP_ASSIGN(const auto entry, transaction.get(key_));
    Bucket bucket{now_us, static_cast<double>(rate_.count)};
    if (entry) {
      REPOMAP_ASSIGN(bucket, decode_bucket(*entry, key_));
    }
    bucket = refilled(bucket, now_us, rate_);
    bucket.tokens -= 1.0;
    wait = debt_of(bucket, rate_);
    return wait <= longest ? transaction.set(key_, encode_bucket(bucket)) : Status();
  });
  REPOMAP_TRY(taken);
  if (wait > longest) {
    return false;
  }
  if (wait > std::chrono::nanoseconds(0)) {
    store_->clock().sleep_for(wait);
  }
  return true;
}

Status Throttle::acquire() {
  REPOMAP_TRY(try_acquire(std::chrono::nanoseconds::max()));
  return {};
}

}  // namespace repomap
