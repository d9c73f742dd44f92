// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "core/base/mutex.hpp"
#include "service/protocol/lsp_peer.hpp"

namespace repomap {

/// A client that keeps what it is told, and answers when the test says so. Thread-safe.
class FakeLspPeer final : public LspPeer {
 public:
  struct Message {
    std::string method;
    Json params;
  };

  void notify(const std::string& method, Json params) override {
    MutexLock lock(mutex_);
    notified_.push_back({method, std::move(params)});
    changed_.notify_all();
  }

  void request(const std::string& method, Json params, AnswerSink on_answer) override {
    MutexLock lock(mutex_);
    requests_.push_back({method, std::move(params)});
    waiting_.push_back(std::move(on_answer));
    changed_.notify_all();
  }

  void cancel(const Json& id) override {
    MutexLock lock(mutex_);
    cancelled_.push_back(id);
  }

  void watch_process(pid_t process) override {
    MutexLock lock(mutex_);
    watched_ = process;
  }

  void stop() override {
    MutexLock lock(mutex_);
    is_stopped_ = true;
  }

  /// Answers what was asked and not answered.
  void answer_all(const RpcResult& answer) {
    std::vector<AnswerSink> sinks;
    {
      MutexLock lock(mutex_);
      sinks.swap(waiting_);
    }
    for (const AnswerSink& sink : sinks) {
      sink(answer);
    }
  }

  /// Waits until so many notifications of that method have come; false after a minute.
  bool wait_for_notifications(const std::string& method, std::size_t count) {
    MutexLock lock(mutex_);
    return wait_locked([&]() REQUIRES(mutex_) { return count_locked(notified_, method) >= count; });
  }

  bool wait_for_requests(const std::string& method, std::size_t count) {
    MutexLock lock(mutex_);
    return wait_locked([&]() REQUIRES(mutex_) { return count_locked(requests_, method) >= count; });
  }

  bool has_notification(const std::string& method) const {
    MutexLock lock(mutex_);
    return count_locked(notified_, method) > 0;
  }

  std::vector<Json> progress_values() const {
    MutexLock lock(mutex_);
    std::vector<Json> values;
    for (const Message& message : notified_) {
      if (message.method == "$/progress") {
        values.push_back(message.params["value"]);
      }
    }
    return values;
  }

  std::vector<std::string> asked() const {
    MutexLock lock(mutex_);
    std::vector<std::string> methods;
    std::ranges::transform(requests_, std::back_inserter(methods), &Message::method);
    return methods;
  }

  Json asked_params(std::size_t index) const {
    MutexLock lock(mutex_);
    return requests_.at(index).params;
  }

  std::vector<Json> cancelled() const {
    MutexLock lock(mutex_);
    return cancelled_;
  }

  pid_t watched() const {
    MutexLock lock(mutex_);
    return watched_;
  }

  bool is_stopped() const {
    MutexLock lock(mutex_);
    return is_stopped_;
  }

 private:
  static std::size_t count_locked(const std::vector<Message>& messages, const std::string& method) {
    return static_cast<std::size_t>(
        std::ranges::count_if(messages, [&](const Message& message) { return message.method == method; }));
  }

  template <typename Condition>
  bool wait_locked(const Condition& condition) REQUIRES(mutex_) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!condition() && std::chrono::steady_clock::now() < give_up) {
      changed_.wait_for(mutex_, std::chrono::milliseconds(100));
    }
    return condition();
  }

  mutable Mutex mutex_;
  CondVar changed_;
  std::vector<Message> notified_ GUARDED_BY(mutex_);
  std::vector<Message> requests_ GUARDED_BY(mutex_);
  std::vector<AnswerSink> waiting_ GUARDED_BY(mutex_);
  std::vector<Json> cancelled_ GUARDED_BY(mutex_);
  pid_t watched_ GUARDED_BY(mutex_) = 0;
  bool is_stopped_ GUARDED_BY(mutex_) = false;
};

}  // namespace repomap
