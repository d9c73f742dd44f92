// SPDX-License-Identifier: Apache-2.0
#include "core/cache/memoizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <span>

#include "core/base/byte_codec.hpp"
#include "core/base/mutex.hpp"

// A value that is missing is computed by whoever enters its key into `flights`; the others of this process wait there.
// The one then takes the lease of the key, which waits for other processes, and looks again: the value may have come
// meanwhile. An early recomputation enters the same map, but when it gives up it leaves no outcome, and who has waited
// for it starts over.
//
// A stored value is a varint, the microseconds that computing it took, and what was computed.

namespace repomap {
namespace {

struct StoredValue {
  std::string value;
  std::chrono::microseconds cost{};
  std::optional<Clock::WallTime> expires;
};

std::string encode_stored(std::chrono::microseconds cost, std::string_view value) {
  ByteWriter writer;
  writer.add_varint(static_cast<std::uint64_t>(std::max<std::int64_t>(cost.count(), 0)));
  writer.add_raw(value);
  return writer.take();
}

std::optional<StoredValue> decode_stored(const CacheEntry& entry) {
  constexpr std::uint64_t kLongestCostUs = std::uint64_t{1} << 56U;
  ByteReader reader(*entry.value);
  const std::uint64_t cost_us = reader.read_bounded(kLongestCostUs);
  if (reader.has_failed()) {
    return std::nullopt;
  }
  return StoredValue{std::string(reader.rest()), std::chrono::microseconds(cost_us), entry.expires};
}

double random_of_thread() {
  thread_local std::mt19937_64 generator{std::random_device{}()};
  return 1.0 - std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

std::string lease_name(const CacheKey& key) { return "memo:" + key.encoded(); }

}  // namespace

/// One computation that others of this process may wait for. Guarded by the mutex of the state.
struct Flight {
  CondVar finished;
  bool is_finished = false;
  std::optional<Result<std::string>> outcome;  ///< nothing: an early recomputation that gave up
};

struct Memoizer::State {
  State(MemoSurroundings surroundings_in, MemoSettings settings_in)
      : surroundings(std::move(surroundings_in)), settings(std::move(settings_in)) {}

  // Fixed after construction.
  const MemoSurroundings surroundings;
  const MemoSettings settings;

  // Has its own synchronisation.
  std::atomic<std::uint64_t> hits = 0;
  std::atomic<std::uint64_t> misses = 0;
  std::atomic<std::uint64_t> computations = 0;
  std::atomic<std::uint64_t> failures = 0;
  std::atomic<std::uint64_t> early = 0;
  std::atomic<std::uint64_t> storage_errors = 0;

  Mutex mutex;
  CondVar task_ended;
  std::map<CacheKey, std::shared_ptr<Flight>> flights GUARDED_BY(mutex);
  std::set<CacheKey> scheduled GUARDED_BY(mutex);  ///< early recomputations that the executor still has
  std::size_t running_tasks GUARDED_BY(mutex) = 0;
  bool is_closed GUARDED_BY(mutex) = false;

  std::optional<StoredValue> look_up(const CacheKey& key);
  void store(const CacheKey& key, std::chrono::microseconds cost, const std::string& value);
  std::optional<Lease> take_lease(const CacheKey& key, std::chrono::nanoseconds timeout);
  void give_back(const std::optional<Lease>& lease);
  bool is_due_early(const StoredValue& stored) const;
  Result<std::string> run(const CacheKey& key, const Compute& compute);
  Result<std::string> compute_alone(const CacheKey& key, const Compute& compute);
  std::optional<Result<std::string>> join(const CacheKey& key, const Compute& compute);
  void finish(const CacheKey& key, Flight& flight, std::optional<Result<std::string>> outcome);
  void schedule(const std::shared_ptr<State>& self, const CacheKey& key, const Compute& compute,
                Clock::WallTime expires);
  void recompute(const CacheKey& key, const Compute& compute, Clock::WallTime expires);
};

Status MemoSettings::validate() const {
  if (early_beta < 0.0 || !std::isfinite(early_beta)) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("early_beta is {}, must be 0 or more", early_beta));
  }
  if (early_beta > 0.0 && !ttl) {
    return fail(ErrorCode::kInvalidArgument, "early_beta needs a ttl: what never expires is never computed early");
  }
  return {};
}

std::optional<StoredValue> Memoizer::State::look_up(const CacheKey& key) {
  const auto found = surroundings.values->get_many(std::span(&key, 1));
  if (!found) {
    ++storage_errors;
    return std::nullopt;
  }
  const auto& entry = found->front();
  if (!entry || (entry->expires && *entry->expires <= surroundings.clock->now())) {
    return std::nullopt;
  }
  return decode_stored(*entry);
}

void Memoizer::State::store(const CacheKey& key, std::chrono::microseconds cost, const std::string& value) {
  if (settings.ttl && settings.ttl->count() <= 0) {
    return;
  }
  CacheEntry entry;
  entry.value = std::make_shared<const std::string>(encode_stored(cost, value));
  entry.tags = settings.tags;
  if (settings.ttl) {
    entry.expires = surroundings.clock->now() + *settings.ttl;
  }
  const CacheItem item{key, std::move(entry)};
  if (!surroundings.values->put_many(std::span(&item, 1))) {
    ++storage_errors;
  }
}

std::optional<Lease> Memoizer::State::take_lease(const CacheKey& key, std::chrono::nanoseconds timeout) {
  LeaseRequest request;
  request.name = lease_name(key);
  request.ttl = settings.lease_ttl;
  request.timeout = timeout;
  auto lease = surroundings.leases->acquire(request);
  if (!lease) {
    ++storage_errors;
    return std::nullopt;
  }
  return std::move(*lease);
}

void Memoizer::State::give_back(const std::optional<Lease>& lease) {
  // Refused if the computation took longer than the lease: then it is another's by now.
  if (lease && !surroundings.leases->release(*lease)) {
    ++storage_errors;
  }
}

bool Memoizer::State::is_due_early(const StoredValue& stored) const {
  if (settings.early_beta <= 0.0 || !surroundings.executor || !stored.expires) {
    return false;
  }
  const double random = surroundings.random ? surroundings.random() : random_of_thread();
  const double lead_us = -static_cast<double>(stored.cost.count()) * settings.early_beta * std::log(random);
  const auto rest = *stored.expires - surroundings.clock->now();
  return lead_us >= static_cast<double>(std::chrono::duration_cast<std::chrono::microseconds>(rest).count());
}

Result<std::string> Memoizer::State::run(const CacheKey& key, const Compute& compute) {
  ++computations;
  const auto start = surroundings.clock->monotonic();
  Result<std::string> value = compute();
  const auto cost = surroundings.clock->monotonic() - start;
  if (value) {
    store(key, std::chrono::duration_cast<std::chrono::microseconds>(cost), *value);
  } else {
    ++failures;
  }
  return value;
}

Result<std::string> Memoizer::State::compute_alone(const CacheKey& key, const Compute& compute) {
  std::optional<Lease> lease;
  if (surroundings.leases != nullptr) {
    lease = take_lease(key, settings.patience);
  }
  Result<std::string> value;
  if (auto stored = look_up(key)) {
    value = std::move(stored->value);
  } else {
    value = run(key, compute);
  }
  give_back(lease);
  return value;
}

void Memoizer::State::finish(const CacheKey& key, Flight& flight, std::optional<Result<std::string>> outcome) {
  const MutexLock lock(mutex);
  flight.outcome = std::move(outcome);
  flight.is_finished = true;
  flights.erase(key);
  flight.finished.notify_all();
}

std::optional<Result<std::string>> Memoizer::State::join(const CacheKey& key, const Compute& compute) {
  auto flight = std::make_shared<Flight>();
  {
    const MutexLock lock(mutex);
    const auto [position, is_mine] = flights.try_emplace(key, flight);
    if (!is_mine) {
      flight = position->second;
      while (!flight->is_finished) {
        flight->finished.wait(mutex);
      }
      return flight->outcome;
    }
  }
  Result<std::string> value = compute_alone(key, compute);
  finish(key, *flight, value);
  return value;
}

/// Starts an early recomputation, unless one is on its way. The mark in `scheduled` goes when the task does, run or
/// not.
void Memoizer::State::schedule(const std::shared_ptr<State>& self, const CacheKey& key, const Compute& compute,
                               Clock::WallTime expires) {
  {
    const MutexLock lock(mutex);
    if (flights.contains(key) || !scheduled.insert(key).second) {
      return;
    }
  }
  const std::weak_ptr<State> weak = self;
  const std::shared_ptr<void> mark(nullptr, [weak, key](void*) {
    if (const auto state = weak.lock()) {
      const MutexLock lock(state->mutex);
      state->scheduled.erase(key);
    }
  });
  surroundings.executor([weak, mark, key, compute, expires] {
    if (const auto state = weak.lock()) {
      state->recompute(key, compute, expires);
    }
  });
}

/// Replaces the value that expires at `expires`, unless another has come in its place.
void Memoizer::State::recompute(const CacheKey& key, const Compute& compute, Clock::WallTime expires) {
  const auto flight = std::make_shared<Flight>();
  {
    const MutexLock lock(mutex);
    if (is_closed || !flights.try_emplace(key, flight).second) {
      return;
    }
    ++running_tasks;
  }
  std::optional<Lease> lease;
  if (surroundings.leases != nullptr) {
    lease = take_lease(key, {});
  }
  std::optional<Result<std::string>> outcome;
  // Without the lease another process is at it; with another expiry it has done it.
  const auto stored = look_up(key);
  const bool is_still_due = !stored || stored->expires == expires;
  if ((lease || surroundings.leases == nullptr) && is_still_due) {
    ++early;
    outcome = run(key, compute);
    if (!*outcome) {
      outcome.reset();
    }
  }
  give_back(lease);
  finish(key, *flight, std::move(outcome));
  const MutexLock lock(mutex);
  --running_tasks;
  task_ended.notify_all();
}

Result<std::unique_ptr<Memoizer>> Memoizer::create(MemoSurroundings surroundings, MemoSettings settings) {
  REPOMAP_TRY(settings.validate());
  return std::unique_ptr<Memoizer>(new Memoizer(std::make_shared<State>(std::move(surroundings), std::move(settings))));
}

Memoizer::Memoizer(std::shared_ptr<State> state) : state_(std::move(state)) {}

Memoizer::~Memoizer() {
  const MutexLock lock(state_->mutex);
  state_->is_closed = true;
  while (state_->running_tasks > 0) {
    state_->task_ended.wait(state_->mutex);
  }
}

Result<std::string> Memoizer::get(const CacheKey& key, const Compute& compute) {
  bool is_counted = false;
  while (true) {
    auto stored = state_->look_up(key);
    if (!is_counted) {
      ++(stored ? state_->hits : state_->misses);
      is_counted = true;
    }
    if (stored) {
      if (state_->is_due_early(*stored)) {
        state_->schedule(state_, key, compute, *stored->expires);
      }
      return std::move(stored->value);
    }
    if (auto value = state_->join(key, compute)) {
      return *std::move(value);
    }
  }
}

MemoStats Memoizer::stats() const {
  return {state_->hits, state_->misses, state_->computations, state_->failures, state_->early, state_->storage_errors};
}

}  // namespace repomap
