// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/daemon_access.hpp"
#include "cli/index_output.hpp"
#include "cli/json_output.hpp"
#include "cli/quantities.hpp"
#include "cli/visible_text.hpp"
#include "core/base/mutex.hpp"
#include "service/protocol/answer_json.hpp"
#include "service/protocol/remote_backend.hpp"
#include "service/protocol/request_json.hpp"
#include "service/protocol/status_json.hpp"

namespace repomap::cli {
namespace {

std::string paths_text(const std::vector<std::string>& paths) {
  constexpr std::size_t kShown = 4;
  if (std::ranges::find(paths, "") != paths.end()) {
    return "everything looked at again";
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(paths.size(), kShown); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", visible(paths[i]));
  }
  return paths.size() > kShown ? fmt::format("{} and {} more", text, paths.size() - kShown) : text;
}

void print_change(const Context& context, const RepositoryEvent& event) {
  const std::string now = time_text(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
  if (context.options.json) {
    Json json;
    json["time"] = now;
    json["root"] = event.root;
    json["generation"] = event.generation;
    json["paths"] = event.paths;
    print_json_line(context.out, json);
    return;
  }
  context.out.print("{}  {} {}  {}\n", context.paint(Paint::kDim, now), context.paint(Paint::kDim, "generation"),
                    event.generation, context.paint(Paint::kPath, paths_text(event.paths)));
  context.out.flush();
}

void print_beginning(const Context& context, const IndexAnswer& answer) {
  if (context.options.json) {
    print_json_line(context.out, index_document(answer));
    return;
  }
  print_summary(context, answer);
  report_files(context, answer.report);
  context.out.flush();
}

/// What the first answer has already is not told again.
bool is_news(const RepositoryEvent& event, const IndexAnswer& beginning) {
  return event.generation > beginning.report.freshness.generation;
}

FileSelection watched_files(const Context& context) { return {context.root, {}, context.settings.settings.submodules}; }

/// Changes on their way from the threads of a service to the one that prints them.
class PendingChanges {
 public:
  void add(const RepositoryEvent& event) EXCLUDES(mutex_) {
    if (event.kind == RepositoryEvent::Kind::kChanged) {
      MutexLock lock(mutex_);
      events_.push_back(event);
      is_filled_.notify_one();
    }
  }

  /// Waits for one.
  RepositoryEvent next() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    while (events_.empty()) {
      is_filled_.wait(mutex_);
    }
    RepositoryEvent event = std::move(events_.front());
    events_.pop_front();
    return event;
  }

 private:
  Mutex mutex_;
  CondVar is_filled_;
  std::deque<RepositoryEvent> events_ GUARDED_BY(mutex_);
};

/// Returns only if it fails.
Status watch_in_process(const Context& context) {
  PendingChanges changes;
  REPOMAP_ASSIGN(const auto service, open_service(context.settings.settings, context.root, WatchPolicy::kOn));
  service->subscribe([&changes](const RepositoryEvent& event) { changes.add(event); });
  auto answer = [&] {
    ProgressBar bar("indexing");
    return service->index(watched_files(context),
                          {.progress = [&bar](std::size_t done, std::size_t total) { bar.update(done, total); }});
  }();
  REPOMAP_TRY(answer);
  print_beginning(context, *answer);
  for (;;) {
    const RepositoryEvent event = changes.next();
    if (is_news(event, *answer)) {
      print_change(context, event);
    }
  }
}

/// Tells of changes as the daemon does. Used by one thread.
class RemoteWatch {
 public:
  RemoteWatch(const Context& context, DaemonClient& client, std::string settings)
      : context_(context), client_(client), settings_(std::move(settings)) {}

  /// Returns only if it fails.
  Status run() {
    REPOMAP_TRY(client_.call("subscribe", Json::object({{"root", context_.root}}), {}));
    REPOMAP_ASSIGN(beginning_, index());
    print_beginning(context_, beginning_);
    for (const RepositoryEvent& event : early_) {
      show(event);
    }
    for (;;) {
      REPOMAP_ASSIGN(const auto notification, client_.next_notification({}));
      if (notification) {
        REPOMAP_TRY(take(*notification));
      }
    }
  }

 private:
  Json params(Completeness completeness, ProgressPolicy progress) const {
    RequestTerms terms;
    terms.settings = settings_;
    terms.completeness = completeness;
    terms.progress = progress;
    Json json = to_params(watched_files(context_));
    add_terms(json, terms);
    return json;
  }

  Result<IndexAnswer> index() {
    ProgressBar bar("indexing");
    DaemonClient::Wait wait;
    wait.on_notification = [&](const std::string& method, const Json& values) {
      const auto progress = progress_from_json(values);
      auto event = event_from_json(method, values);
      if (method == "$/progress" && progress) {
        bar.update(progress->done, progress->total);
      } else if (event && event->kind == RepositoryEvent::Kind::kChanged) {
        early_.push_back(std::move(*event));
      }
    };
    REPOMAP_ASSIGN(const Json answer,
                   client_.call("index", params(Completeness::kWhole, ProgressPolicy::kNotify), wait));
    return index_answer_from_json(answer);
  }

  Status take(const DaemonClient::Notification& notification) {
    const auto event = event_from_json(notification.method, notification.params);
    if (!event) {
      return {};
    }
    if (event->kind == RepositoryEvent::Kind::kChanged) {
      show(*event);
    } else if (event->kind == RepositoryEvent::Kind::kUnloaded) {
      // What is not in memory is not watched.
      REPOMAP_TRY(client_.call("warm", params(Completeness::kPartial, ProgressPolicy::kSilent), {}));
    }
    return {};
  }

  void show(const RepositoryEvent& event) const {
    if (is_news(event, beginning_)) {
      print_change(context_, event);
    }
  }

  const Context& context_;
  DaemonClient& client_;
  const std::string settings_;
  IndexAnswer beginning_;
  std::vector<RepositoryEvent> early_;  // that came before the repository was indexed
};

int run_watch(Context& context) {
  if (!context.options.no_daemon) {
    if (auto client = context.daemon.connect()) {
      const auto ended = RemoteWatch(context, *client, context.daemon.fingerprint()).run();
      if (ended.error().code != ErrorCode::kUnavailable) {
        return report_failure(context, ended.error());
      }
      context.daemon.note_failure(ended.error());
    }
    if (context.options.verbosity > 0) {
      report_work(context);
    }
  }
  return report_failure(context, watch_in_process(context).error());
}

}  // namespace

void add_watch_command(Commands& commands) {
  CLI::App& command = commands.add({"watch", "Bring the caches up to date, and show each batch of changes until Ctrl-C",
                                    "  repomap watch                    the repository around here\n"
                                    "  repomap watch ~/src/project --json\n"
                                    "  repomap watch --no-daemon        watch in this process",
                                    Needs::kRepository, nullptr, Answerer::kNobody},
                                   run_watch);
  add_root_argument(commands, command);
}

}  // namespace repomap::cli
