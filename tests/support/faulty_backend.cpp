// SPDX-License-Identifier: Apache-2.0
#include "tests/support/faulty_backend.hpp"

namespace repomap {

void FaultyBackend::fail_all(ErrorCode code, FaultMoment moment) {
  MutexLock lock(mutex_);
  fault_ = Fault{.only = std::nullopt, .code = code, .moment = moment};
}

void FaultyBackend::fail_only(BackendOperation operation, ErrorCode code) {
  MutexLock lock(mutex_);
  fault_ = Fault{.only = operation, .code = code};
}

void FaultyBackend::heal() {
  MutexLock lock(mutex_);
  fault_.reset();
}

void FaultyBackend::set_before(Hook hook) {
  MutexLock lock(mutex_);
  before_ = std::move(hook);
}

void FaultyBackend::set_after(Hook hook) {
  MutexLock lock(mutex_);
  after_ = std::move(hook);
}

std::optional<FaultyBackend::Fault> FaultyBackend::start(BackendOperation operation) {
  ++calls_[static_cast<std::size_t>(operation)];
  Hook hook;
  {
    MutexLock lock(mutex_);
    hook = before_;
  }
  if (hook) {
    hook(operation);
  }
  MutexLock lock(mutex_);
  return fault_ && fault_->only.value_or(operation) == operation ? fault_ : std::nullopt;
}

void FaultyBackend::finish(BackendOperation operation) {
  Hook hook;
  {
    MutexLock lock(mutex_);
    hook = after_;
  }
  if (hook) {
    hook(operation);
  }
}

template <typename Answer, typename Work>
Answer FaultyBackend::run(BackendOperation operation, const Work& work) {
  const std::optional<Fault> fault = start(operation);
  if (fault && fault->moment == FaultMoment::kBefore) {
    return fail(fault->code, "the backend fails on demand");
  }
  Answer answer = work();
  finish(operation);
  if (fault) {
    return fail(fault->code, "the backend fails on demand, with its work done");
  }
  return answer;
}

Result<std::vector<std::optional<CacheEntry>>> FaultyBackend::get_many(std::span<const CacheKey> keys) {
  return run<Result<std::vector<std::optional<CacheEntry>>>>(BackendOperation::kGet,
                                                             [&] { return inner_->get_many(keys); });
}

Status FaultyBackend::put_many(std::span<const CacheItem> items) {
  return run<Status>(BackendOperation::kPut, [&] { return inner_->put_many(items); });
}

Result<std::size_t> FaultyBackend::erase(std::span<const CacheKey> keys) {
  return run<Result<std::size_t>>(BackendOperation::kErase, [&] { return inner_->erase(keys); });
}

Result<std::size_t> FaultyBackend::evict(std::span<const CacheTag> tags) {
  return run<Result<std::size_t>>(BackendOperation::kEvict, [&] { return inner_->evict(tags); });
}

Result<std::size_t> FaultyBackend::clear() {
  return run<Result<std::size_t>>(BackendOperation::kClear, [&] { return inner_->clear(); });
}

}  // namespace repomap
