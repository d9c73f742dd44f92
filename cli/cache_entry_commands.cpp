// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/cache_command.hpp"
#include "cli/quantities.hpp"
#include "cli/text_table.hpp"
#include "cli/visible_text.hpp"
#include "core/base/clock.hpp"
#include "service/cache_key_text.hpp"
#include "service/protocol/base64.hpp"

namespace repomap::cli {
namespace {

struct GetOptions : CacheOptions {
  std::string key;
  bool raw = false;
};

struct InspectOptions : CacheOptions {
  std::string text;
  std::string order = "newest";
  std::size_t limit = 50;
  bool keys_only = false;
};

struct FoundEntry {
  CacheKind kind;
  CacheFinding finding;
};

std::string joined_tags(const EntrySummary& summary) {
  std::string tags;
  for (const CacheTag& tag : summary.tags) {
    tags += (tags.empty() ? "" : " ") + visible(tag.label);
  }
  return tags;
}

/// "3 h ago", "in 5 min".
std::string relative_time(Clock::WallTime time) {
  const auto age = system_clock().now() - time;
  return age.count() >= 0 ? age_text(age) + " ago" : "in " + age_text(age);
}

/// The first bytes as `hexdump -C` shows them.
std::string hex_lines(std::string_view bytes) {
  constexpr std::size_t kPerLine = 16;
  constexpr std::size_t kMaxBytes = 8 * kPerLine;
  std::string lines;
  for (std::size_t begin = 0; begin < std::min(bytes.size(), kMaxBytes); begin += kPerLine) {
    std::string hex;
    std::string text;
    for (const char c : bytes.substr(begin, kPerLine)) {
      const auto byte = static_cast<unsigned char>(c);
      hex += fmt::format("{:02x} ", byte);
      text += byte >= 0x20 && byte < 0x7f ? c : '.';
    }
    lines += fmt::format("    {:06x}  {:<48} {}\n", begin, hex, text);
  }
  return lines + (bytes.size() > kMaxBytes ? "    …  --raw prints all of it\n" : "");
}

void print_finding(const Context& context, const FoundEntry& entry) {
  const EntrySummary& summary = entry.finding.summary;
  const auto line = [&context](std::string_view name, const std::string& value) {
    context.out.print("{} {}\n", context.paint(Paint::kDim, fmt::format("{:<8}", name)), value);
  };
  line("kind", context.paint(Paint::kName, cache_kind_name(entry.kind)));
  line("key", visible(summary.key.to_display()));
  line("size", fmt::format("{}, {} in the store{}", bytes_text(entry.finding.value.size()),
                           bytes_text(summary.size_bytes), summary.has_file ? ", in a file of its own" : ""));
  line("tags", joined_tags(summary));
  line("stored", fmt::format("{} ({})", time_text(summary.stored), relative_time(summary.stored)));
  line("expires", summary.expires ? fmt::format("{} ({})", time_text(*summary.expires), relative_time(*summary.expires))
                                  : "never");
  line("value", "");
  context.out.write(hex_lines(entry.finding.value));
}

Json finding_to_json(const FoundEntry& entry) {
  Json json = to_json(entry.kind, entry.finding.summary);
  json["value"] = base64_text(entry.finding.value);
  return json;
}

void print_findings(const Context& context, const GetOptions& options, const std::vector<FoundEntry>& found) {
  if (context.options.json) {
    Json entries = Json::array();
    std::ranges::transform(found, std::back_inserter(entries), finding_to_json);
    print_document(context.out, {{"entries", std::move(entries)}});
    return;
  }
  for (const FoundEntry& entry : found) {
    if (options.raw) {
      context.out.write(entry.finding.value);
      return;
    }
    print_finding(context, entry);
  }
}

int run_get(Context& context, const GetOptions& options) {
  const auto key = cache_key_from_text(options.key);
  if (!key) {
    return report_failure(context, key.error());
  }
  static_cast<void>(cache_root(context));
  CacheCare care(context.service().caches());
  std::vector<FoundEntry> found;
  int status = kNothingFound;
  for (const CacheKind kind : chosen_kinds(options)) {
    auto finding = care.get(kind, *key);
    if (!finding) {
      status = report_failure(context, finding.error());
    } else if (*finding) {
      found.push_back({kind, std::move(**finding)});
    }
  }
  print_findings(context, options, found);
  if (found.empty() && status == kNothingFound) {
    print_error(context.paint_error, fmt::format("no entry has the key {}", visible(key->to_display())));
  }
  return found.empty() ? status : kDone;
}

CacheOrder order_of(const std::string& name) {
  return name == "largest" ? CacheOrder::kLargest : name == "oldest" ? CacheOrder::kOldest : CacheOrder::kNewest;
}

void print_table(const Context& context, const CacheListing& listing) {
  TextTable table({{"kind", TextTable::Align::kLeft},
                   {"size"},
                   {"stored"},
                   {"expires"},
                   {"key", TextTable::Align::kLeft},
                   {"tags", TextTable::Align::kLeft}});
  for (const CacheListEntry& entry : listing.entries) {
    const EntrySummary& summary = entry.summary;
    const bool is_over = summary.expires && *summary.expires <= system_clock().now();
    table.add_row({{std::string(cache_kind_name(entry.kind)), Paint::kName},
                   {bytes_text(summary.size_bytes)},
                   {relative_time(summary.stored)},
                   {summary.expires ? relative_time(*summary.expires) : "", is_over ? Paint::kBad : Paint::kDim},
                   {visible(summary.key.to_display())},
                   {joined_tags(summary), Paint::kPath}});
  }
  table.print(context.out, context.paint);
}

void print_listing(const Context& context, const CacheListing& listing) {
  print_table(context, listing);
  context.out.flush();
  const bool is_all = listing.entries.size() == listing.found;
  print_message(context.paint_error(
      Paint::kDim,
      fmt::format("{}, {} of values{}\n", counted(listing.found, "entry", "entries"), bytes_text(listing.size_bytes),
                  is_all ? "" : fmt::format("; {} shown, --limit 0 shows all", listing.entries.size()))));
}

void print_json(const Context& context, const CacheListing& listing) {
  Json json;
  json["found"] = listing.found;
  json["bytes"] = listing.size_bytes;
  json["entries"] = Json::array();
  for (const CacheListEntry& entry : listing.entries) {
    json["entries"].push_back(to_json(entry.kind, entry.summary));
  }
  print_document(context.out, json);
}

int run_inspect(Context& context, const InspectOptions& options) {
  static_cast<void>(cache_root(context));
  CacheCare care(context.service().caches());
  const CacheListing listing =
      care.inspect({chosen_kinds(options), options.text, order_of(options.order), options.limit});
  if (context.options.json) {
    print_json(context, listing);
  } else if (options.keys_only) {
    for (const CacheListEntry& entry : listing.entries) {
      context.out.print("{}\n", entry.summary.key.to_display());
    }
  } else if (listing.found > 0) {
    print_listing(context, listing);
  }
  context.out.flush();
  for (const std::string& trouble : listing.troubles) {
    print_error(context.paint_error, visible(trouble));
  }
  if (!listing.troubles.empty()) {
    return kFailed;
  }
  if (listing.found == 0) {
    print_error(context.paint_error, "no such entry");
  }
  return listing.found == 0 ? kNothingFound : kDone;
}

}  // namespace

void add_cache_entry_commands(Commands& commands, CLI::App& group) {
  auto inspect_options = std::make_shared<InspectOptions>();
  CLI::App& inspect =
      commands.add({"inspect", "List entries: key, size, age, expiry, tags",
                    "  repomap cache inspect --kind maps\n"
                    "  repomap cache inspect file: --order largest --limit 5\n"
                    "  repomap cache inspect lang:c --kind tags --json",
                    Needs::kRepository, &group},
                   [inspect_options](Context& context) { return run_inspect(context, *inspect_options); });
  add_text(inspect, "TEXT", inspect_options->text, "Only entries with this in their key or in one of their tags");
  add_kind_option(inspect, *inspect_options);
  add_text(inspect, "--order", inspect_options->order, "newest, oldest or largest first (newest)")
      .check(one_of({"newest", "oldest", "largest"}))
      ->type_name("ORDER");
  inspect.add_option("--limit", inspect_options->limit, "At most so many (0: all)")
      ->type_name("N")
      ->capture_default_str();
  inspect.add_flag("--keys", inspect_options->keys_only, "Print the keys alone, one a line");

  auto get_options = std::make_shared<GetOptions>();
  CLI::App& get = commands.add(
      {"get", "Show the entry of a key",
       "  repomap cache get \"$(repomap cache inspect --kind tags --keys --limit 1)\"", Needs::kRepository, &group},
      [get_options](Context& context) { return run_get(context, *get_options); });
  add_text(get, "KEY", get_options->key, "The key, as `repomap cache inspect` shows it").required();
  add_kind_option(get, *get_options);
  get.add_flag("--raw", get_options->raw,
               "Print the bytes of the value, of the first kind that has it, and nothing else");
}

}  // namespace repomap::cli
