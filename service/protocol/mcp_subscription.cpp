// SPDX-License-Identifier: Apache-2.0
#include "service/protocol/mcp_subscription.hpp"

#include <map>
#include <set>
#include <utility>

#include "core/base/mutex.hpp"

namespace repomap {

/// Where changes go: nowhere yet, and then to the channel.
class McpSubscription::Outlet {
 public:
  Outlet(std::shared_ptr<McpChannel> channel, Json meta) : channel_(std::move(channel)), meta_(std::move(meta)) {}

  /// Several events of one generation are one change.
  void take(const std::string& uri, std::uint64_t generation) EXCLUDES(mutex_) {
    {
      MutexLock lock(mutex_);
      if (const auto known = generations_.find(uri);
          generation != 0 && known != generations_.end() && known->second == generation) {
        return;
      }
      generations_[uri] = generation;
      if (!is_open_) {
        waiting_.insert(uri);
        return;
      }
    }
    send(uri);
  }

  void open() EXCLUDES(mutex_) {
    std::set<std::string> waiting;
    {
      MutexLock lock(mutex_);
      is_open_ = true;
      waiting.swap(waiting_);
    }
    for (const std::string& uri : waiting) {
      send(uri);
    }
  }

 private:
  void send(const std::string& uri) {
    Json params;
    if (!meta_.is_null()) {
      params["_meta"] = meta_;
    }
    params["uri"] = uri;
    channel_->notify("notifications/resources/updated", std::move(params));
  }

  const std::shared_ptr<McpChannel> channel_;
  const Json meta_;
  Mutex mutex_;
  bool is_open_ GUARDED_BY(mutex_) = false;
  std::set<std::string> waiting_ GUARDED_BY(mutex_);
  std::map<std::string, std::uint64_t> generations_ GUARDED_BY(mutex_);
};

McpSubscription::McpSubscription(EventSource& events, std::shared_ptr<McpChannel> channel,
                                 const std::vector<Resource>& resources, const Json& meta)
    : events_(events), outlet_(std::make_shared<Outlet>(std::move(channel), meta)) {
  for (const Resource& resource : resources) {
    subscriptions_.push_back(
        events_.subscribe(resource.root, [outlet = outlet_, resource](const RepositoryEvent& event) {
          if (event.kind == RepositoryEvent::Kind::kChanged && event.root == resource.root) {
            outlet->take(resource.uri, event.generation);
          }
        }));
  }
}

McpSubscription::~McpSubscription() {
  for (const std::uint64_t subscription : subscriptions_) {
    events_.unsubscribe(subscription);
  }
}

void McpSubscription::begin() { outlet_->open(); }

}  // namespace repomap
