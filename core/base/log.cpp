// SPDX-License-Identifier: Apache-2.0
#include "core/base/log.hpp"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <mutex>
#include <utility>

namespace repomap {
namespace {

using Sink = std::function<void(LogLevel, const std::string&)>;

LogLevel from_spdlog(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::trace:
    case spdlog::level::debug: return LogLevel::kDebug;
    case spdlog::level::info: return LogLevel::kInfo;
    case spdlog::level::warn: return LogLevel::kWarning;
    default: return LogLevel::kError;
  }
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarning: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
    case LogLevel::kOff: return spdlog::level::off;
  }
  return spdlog::level::off;
}

// Standard error, unless a function takes the lines.
class SwitchedSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  void set(Sink taker) {
    const std::lock_guard<std::mutex> lock(mutex_);
    taker_ = std::move(taker);
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (taker_) {
      taker_(from_spdlog(message.level), std::string(message.payload.data(), message.payload.size()));
    } else {
      stderr_.log(message);
    }
  }
  void flush_() override { stderr_.flush(); }

  spdlog::sinks::stderr_sink_mt stderr_;
  Sink taker_;
};

struct Log {
  std::shared_ptr<SwitchedSink> sink = std::make_shared<SwitchedSink>();
  spdlog::logger logger{"repomap", sink};

  Log() {
    logger.set_level(spdlog::level::warn);
    sink->set_pattern("repomap: %l: %v");
  }
};

Log& the_log() {
  static Log log;
  return log;
}

}  // namespace

void log_debug(std::string_view message) { the_log().logger.debug("{}", message); }
void log_info(std::string_view message) { the_log().logger.info("{}", message); }
void log_warning(std::string_view message) { the_log().logger.warn("{}", message); }
void log_error(std::string_view message) { the_log().logger.error("{}", message); }

void set_log_level(LogLevel level) { the_log().logger.set_level(to_spdlog(level)); }

void set_log_sink(std::function<void(LogLevel, const std::string& message)> sink) {
  the_log().sink->set(std::move(sink));
}

}  // namespace repomap
