// SPDX-License-Identifier: Apache-2.0
#include "core/cache/lease_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <list>
#include <map>
#include <set>
#include <utility>

#include "core/base/mutex.hpp"
#include "core/base/per_process.hpp"
#include "core/cache/disk_store.hpp"
#include "core/cache/lease_rows.hpp"
#include "core/cache/store_snapshot.hpp"

// An attempt first reads the rows of the name. Only when those that are over (expired, or of a dead process) leave room
// does it write: it removes them and inserts its own in one transaction, which counts again. So waiting costs no
// writes.
//
// Who has to wait joins the line of the name; only the first in line makes attempts. It waits for the release when
// threads of this process hold the lease, and asks again after a pause where another process does.

namespace repomap {
namespace {

using detail::LeaseRow;
using detail::LeaseRows;

constexpr std::chrono::nanoseconds kFirstPause = std::chrono::milliseconds(1);
constexpr std::chrono::nanoseconds kLongestPause = std::chrono::milliseconds(50);
constexpr std::chrono::nanoseconds kLongestTimeout = std::chrono::hours(24 * 365);

std::int64_t to_us(Clock::WallTime time) { return time.time_since_epoch().count(); }
Clock::WallTime from_us(std::int64_t us) { return Clock::WallTime(std::chrono::microseconds(us)); }

bool is_over(const LeaseRow& row, std::int64_t now_us) {
  if (row.expires_us <= now_us) {
    return true;
  }
  const auto owner = decode_process_identity(row.owner);
  return !owner || liveness_of(*owner) == Liveness::kDead;
}

/// What came of asking for a lease.
struct Attempt {
  std::optional<Lease> lease;
  bool is_held_here = true;               ///< those in the way were all taken through this table
  std::int64_t first_end_us = INT64_MAX;  ///< when the first of them expires
};

Result<std::vector<LeaseRow>> read_rows(DiskStore& store, std::string_view name) {
  REPOMAP_ASSIGN(StoreSnapshot snapshot, store.snapshot());
  return LeaseRows(snapshot.database()).of_name(name);
}

std::unexpected<Error> not_owner(const Lease& lease) {
  return fail(ErrorCode::kPermissionDenied,
              fmt::format("lease {} of \"{}\" is no longer held by this owner", lease.fence, lease.name));
}

Status erase_over(LeaseRows& rows, const std::vector<LeaseRow>& over) {
  for (const LeaseRow& row : over) {
    REPOMAP_ASSIGN(const auto present, rows.of_fence(row.fence));
    const bool is_as_seen = present && present->expires_us == row.expires_us;  // else it was renewed meanwhile
    REPOMAP_TRY(is_as_seen ? rows.erase(row.fence) : Status());
  }
  return {};
}

/// Removes the rows that are over and inserts that of the request, if there is room then; gives its fence.
Result<std::optional<std::int64_t>> replace_rows(SqliteDatabase& database, const LeaseRequest& request,
                                                 const std::vector<LeaseRow>& over, std::int64_t end_us) {
  LeaseRows rows(database);
  REPOMAP_TRY(erase_over(rows, over));
  REPOMAP_ASSIGN(const auto left, rows.of_name(request.name));
  if (left.size() >= request.permits) {
    return std::optional<std::int64_t>();
  }
  LeaseRow row;
  row.permits = request.permits;
  row.owner = encode_process_identity(this_process());
  row.thread = request.owner == LeaseOwner::kThread ? static_cast<std::int64_t>(this_thread_number()) : 0;
  row.depth = 1;
  row.expires_us = end_us;
  REPOMAP_ASSIGN(const std::int64_t fence, rows.insert(request.name, row));
  return std::optional(fence);
}

}  // namespace

/// Those of this process who wait for a lease of one name, in their order. Guarded by the mutex of Waiting.
struct Line {
  std::list<std::uint64_t> tickets;
  CondVar changed;
};

/// All who wait in this process.
struct Waiting {
  Mutex mutex;
  std::map<std::string, std::shared_ptr<Line>, std::less<>> lines GUARDED_BY(mutex);
  std::uint64_t last_ticket GUARDED_BY(mutex) = 0;
  std::uint64_t releases GUARDED_BY(mutex) = 0;
  std::set<std::int64_t> held_fences GUARDED_BY(mutex);
};

struct LeaseTable::State {
  explicit State(DiskStore& store_in) : store(store_in), clock(store_in.clock()) {}

  DiskStore& store;
  const Clock& clock;
  std::atomic<std::uint64_t> attempts = 0;

  PerProcess<Waiting> waiting;

  bool is_held_here(std::int64_t fence);
  Result<Attempt> attempt(const LeaseRequest& request);
  Result<Attempt> take(const LeaseRequest& request, const std::vector<LeaseRow>& over);
  Result<std::optional<Lease>> nest(const LeaseRequest& request);
  Result<std::optional<Lease>> wait_in_line(const LeaseRequest& request, std::chrono::nanoseconds deadline);
  Result<std::optional<Lease>> wait_as_first(const LeaseRequest& request, std::chrono::nanoseconds deadline,
                                             Line& line);
  void pause(const Attempt& attempt, std::uint64_t seen_releases, std::chrono::nanoseconds longest, Line& line);
  Result<bool> give_back(const Lease& lease);
};

/// Whether the lease was taken through this table, so that its release will be heard of here.
bool LeaseTable::State::is_held_here(std::int64_t fence) {
  Waiting& all = waiting.get();
  const MutexLock lock(all.mutex);
  return all.held_fences.contains(fence);
}

/// The rows of the name are split into those that are over and those in the way, which the attempt describes.
Result<Attempt> LeaseTable::State::attempt(const LeaseRequest& request) {
  ++attempts;
  const std::int64_t now_us = to_us(clock.now());
  REPOMAP_ASSIGN(const auto rows, read_rows(store, request.name));
  std::vector<LeaseRow> over;
  Attempt result;
  std::uint32_t held = 0;
  for (const LeaseRow& row : rows) {
    if (is_over(row, now_us)) {
      over.push_back(row);
      continue;
    }
    if (row.permits != request.permits) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is held with {} permits, asked for with {}",
                                                           request.name, row.permits, request.permits));
    }
    ++held;
    result.is_held_here = result.is_held_here && is_held_here(row.fence);
    result.first_end_us = std::min(result.first_end_us, row.expires_us);
  }
  return held < request.permits ? take(request, over) : result;
}

Result<Attempt> LeaseTable::State::take(const LeaseRequest& request, const std::vector<LeaseRow>& over) {
  const std::int64_t end_us = to_us(clock.now() + request.ttl);
  const auto fence = store.transact(
      [&](StoreTransaction& transaction) { return replace_rows(transaction.database(), request, over, end_us); });
  if (!fence && fence.error().code != ErrorCode::kBusy) {
    return std::unexpected(fence.error());
  }
  if (!fence || !*fence) {
    return Attempt{std::nullopt, false};  // another was quicker; ask again soon
  }
  Waiting& all = waiting.get();
  const MutexLock lock(all.mutex);
  all.held_fences.insert(**fence);
  return Attempt{Lease{request.name, **fence, 1, from_us(end_us)}};
}

/// The lease once more, if the calling thread holds it.
Result<std::optional<Lease>> LeaseTable::State::nest(const LeaseRequest& request) {
  const auto is_mine = [&](const LeaseRow& row) {
    return row.thread == static_cast<std::int64_t>(this_thread_number()) &&
           row.owner == encode_process_identity(this_process());
  };
  REPOMAP_ASSIGN(const auto rows, read_rows(store, request.name));
  const auto found = std::ranges::find_if(rows, is_mine);
  if (found == rows.end()) {
    return std::optional<Lease>();
  }
  Lease lease{request.name, found->fence, static_cast<std::uint32_t>(found->depth) + 1, clock.now() + request.ttl};
  bool is_taken = false;
  REPOMAP_TRY(store.transact([&](StoreTransaction& transaction) -> Status {
    LeaseRows present(transaction.database());
    REPOMAP_ASSIGN(const auto row, present.of_fence(lease.fence));
    is_taken = row.has_value();  // not if it had expired and another process took it
    return is_taken ? present.update(lease.fence, lease.depth, to_us(lease.expires)) : Status();
  }));
  return is_taken ? std::optional(lease) : std::nullopt;
}

/// Returns when somebody of this process releases a lease, when one in the way expires, or after a while.
void LeaseTable::State::pause(const Attempt& attempt, std::uint64_t seen_releases, std::chrono::nanoseconds longest,
                              Line& line) {
  Waiting& all = waiting.get();
  const MutexLock lock(all.mutex);
  if (!attempt.is_held_here) {
    if (all.releases == seen_releases) {
      line.changed.wait_for(all.mutex, longest);
    }
    return;
  }
  // The clock may be moved by hand, and wakes nobody then: look at it now and then. The store is left alone.
  const auto end = clock.monotonic() + longest;
  while (all.releases == seen_releases && clock.monotonic() < end && to_us(clock.now()) < attempt.first_end_us) {
    const auto until_expiry = from_us(attempt.first_end_us) - clock.now();
    const auto rest = std::min<std::chrono::nanoseconds>(end - clock.monotonic(), until_expiry);
    line.changed.wait_for(all.mutex, std::clamp(rest, std::chrono::nanoseconds(0), kLongestPause));
  }
}

Result<std::optional<Lease>> LeaseTable::State::wait_as_first(const LeaseRequest& request,
                                                              std::chrono::nanoseconds deadline, Line& line) {
  std::chrono::nanoseconds pause_length = kFirstPause;
  while (true) {
    std::uint64_t seen_releases = 0;
    {
      Waiting& all = waiting.get();
      const MutexLock lock(all.mutex);
      seen_releases = all.releases;
    }
    REPOMAP_ASSIGN(auto result, attempt(request));
    const auto rest = deadline - clock.monotonic();
    if (result.lease || rest <= std::chrono::nanoseconds(0)) {
      return std::move(result.lease);
    }
    pause(result, seen_releases, result.is_held_here ? rest : std::min(rest, pause_length), line);
    pause_length = result.is_held_here ? kFirstPause : std::min(pause_length * 2, kLongestPause);
  }
}

Result<std::optional<Lease>> LeaseTable::State::wait_in_line(const LeaseRequest& request,
                                                             std::chrono::nanoseconds deadline) {
  Waiting& all = waiting.get();
  std::shared_ptr<Line> line;
  std::uint64_t ticket = 0;
  bool is_first = true;
  {
    const MutexLock lock(all.mutex);
    auto& entry = all.lines[request.name];
    entry = entry ? entry : std::make_shared<Line>();
    line = entry;
    ticket = ++all.last_ticket;
    line->tickets.push_back(ticket);
    while (line->tickets.front() != ticket && clock.monotonic() < deadline) {
      const auto rest = deadline - clock.monotonic();
      line->changed.wait_for(all.mutex, std::clamp(rest, std::chrono::nanoseconds(0), kLongestPause));
    }
    is_first = line->tickets.front() == ticket;
  }
  Result<std::optional<Lease>> result = std::optional<Lease>();
  if (is_first) {
    result = wait_as_first(request, deadline, *line);
  }
  const MutexLock lock(all.mutex);
  line->tickets.remove(ticket);
  line->changed.notify_all();
  if (line->tickets.empty()) {
    all.lines.erase(request.name);
  }
  return result;
}

/// Tells whether the lease is over, or else has lost a level.
Result<bool> LeaseTable::State::give_back(const Lease& lease) {
  const std::string self = encode_process_identity(this_process());
  const auto thread = static_cast<std::int64_t>(this_thread_number());
  return store.transact([&](StoreTransaction& transaction) -> Result<bool> {
    LeaseRows rows(transaction.database());
    REPOMAP_ASSIGN(const auto row, rows.of_fence(lease.fence));
    if (!row || row->owner != self || (row->thread != 0 && row->thread != thread)) {
      return not_owner(lease);
    }
    const bool is_last = row->depth == 1;
    REPOMAP_TRY(is_last ? rows.erase(lease.fence) : rows.update(lease.fence, row->depth - 1, row->expires_us));
    return is_last;
  });
}

LeaseTable::LeaseTable(DiskStore& store) : state_(std::make_unique<State>(store)) {}
LeaseTable::~LeaseTable() = default;

Result<std::optional<Lease>> LeaseTable::acquire(const LeaseRequest& request) {
  if (request.permits == 0 || request.ttl.count() <= 0) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("\"{}\": a lease needs a permit and a time to live", request.name));
  }
  if (request.owner == LeaseOwner::kThread) {
    REPOMAP_ASSIGN(auto nested, state_->nest(request));
    if (nested) {
      return nested;
    }
  }
  const auto timeout = std::clamp(request.timeout, std::chrono::nanoseconds(0), kLongestTimeout);
  return state_->wait_in_line(request, state_->clock.monotonic() + timeout);
}

Result<Lease> LeaseTable::renew(const Lease& lease, std::chrono::milliseconds ttl) {
  const std::string self = encode_process_identity(this_process());
  Lease renewed = lease;
  renewed.expires = state_->clock.now() + ttl;
  REPOMAP_TRY(state_->store.transact([&](StoreTransaction& transaction) -> Status {
    LeaseRows rows(transaction.database());
    REPOMAP_ASSIGN(const auto row, rows.of_fence(lease.fence));
    if (!row || row->owner != self) {
      return not_owner(lease);
    }
    renewed.depth = static_cast<std::uint32_t>(row->depth);
    return rows.update(lease.fence, row->depth, to_us(renewed.expires));
  }));
  return renewed;
}

Status LeaseTable::release(const Lease& lease) {
  const Result<bool> is_over = state_->give_back(lease);
  Waiting& all = state_->waiting.get();
  const MutexLock lock(all.mutex);
  if (!is_over || *is_over) {
    all.held_fences.erase(lease.fence);
  }
  ++all.releases;
  const auto line = all.lines.find(lease.name);
  if (line != all.lines.end()) {
    line->second->changed.notify_all();
  }
  REPOMAP_TRY(is_over);
  return {};
}

Result<std::vector<LeaseHolder>> LeaseTable::holders(std::string_view name) const {
  REPOMAP_ASSIGN(const auto rows, read_rows(state_->store, name));
  const std::int64_t now_us = to_us(state_->clock.now());
  std::vector<LeaseHolder> result;
  for (const LeaseRow& row : rows) {
    if (!is_over(row, now_us)) {
      Lease lease{std::string(name), row.fence, static_cast<std::uint32_t>(row.depth), from_us(row.expires_us)};
      result.push_back({std::move(lease), *decode_process_identity(row.owner), static_cast<std::uint64_t>(row.thread)});
    }
  }
  return result;
}

std::uint64_t LeaseTable::attempts() const { return state_->attempts; }

}  // namespace repomap
