// SPDX-License-Identifier: Apache-2.0
#include "cli/install_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

namespace repomap::cli {
namespace {

/// An error of an entry, with the file in it. What cannot be used is the file, and no argument.
std::unexpected<Error> in_file(const std::string& path, const Error& error) {
  const bool is_file_wrong = error.code == ErrorCode::kInvalidArgument;
  return fail(is_file_wrong ? ErrorCode::kCorrupt : error.code, fmt::format("{}:{}", path, error.message));
}

/// A text without the containers that were made for an entry, as far as they are empty, innermost first.
Result<std::string> without_empty(std::string text, const std::vector<JsoncPath>& made) {
  for (const JsoncPath& path : std::views::reverse(made)) {
    REPOMAP_ASSIGN(const auto document, parse_jsonc(text));
    REPOMAP_ASSIGN(const JsoncValue* value, find_jsonc(text, document, path));
    const bool is_empty = value != nullptr && value->items.empty() && value->end - value->begin == 2;
    if (is_empty) {
      REPOMAP_ASSIGN(text, erase_jsonc_member(text, path));
    }
  }
  return text;
}

/// What the file is without the entries.
Result<std::string> text_without(const ClientTarget& target, const std::string& text,
                                 const std::optional<InstallReceipt>& receipt) {
  if (receipt) {
    if (auto before = undo_receipt(*receipt, text)) {
      return *before;
    }
  }
  std::string rest = text;
  for (const ClientEntryPtr& entry : target.entries) {
    REPOMAP_ASSIGN(rest, entry->take(rest, receipt ? receipt->overwritten : std::nullopt));
  }
  return receipt ? without_empty(std::move(rest), receipt->made) : rest;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

/// Whether nothing is left of a file that was made for the entries.
bool is_left_empty(std::string_view text, const std::optional<InstallReceipt>& receipt) {
  if (!receipt) {
    return text.empty();
  }
  std::string packed(text);
  std::erase_if(packed, [](char letter) { return is_blank(std::string_view(&letter, 1)); });
  return receipt->has_made_file && (packed.empty() || packed == "{}");
}

/// Whether an entry of a target is in a text. Errors: those of ClientEntry::find(), with the file in it.
Result<bool> holds_ours(const ClientTarget& target, const std::string& text) {
  bool is_there = false;
  for (const ClientEntryPtr& entry : target.entries) {
    const auto presence = entry->find(text);
    if (!presence) {
      return in_file(target.path, presence.error());
    }
    is_there = is_there || *presence == Presence::kOurs;
  }
  return is_there;
}

/// Puts the entries of a target into `text`, and writes down in `receipt` what was made and what was written over.
Status put_entries(const ClientTarget& target, Overwrite overwrite, std::string& text, InstallReceipt& receipt) {
  for (const ClientEntryPtr& entry : target.entries) {
    auto foreign = entry->find_foreign(text);
    auto edit = entry->put(text, overwrite);
    if (!edit || !foreign) {
      return in_file(target.path, edit ? foreign.error() : edit.error());
    }
    text = std::move(edit->text);
    if (*foreign) {
      receipt.overwritten = std::move(*foreign);
    }
    std::ranges::copy_if(edit->made, std::back_inserter(receipt.made), [&](const JsoncPath& path) {
      return std::ranges::find(receipt.made, path) == receipt.made.end();
    });
  }
  return {};
}

}  // namespace

std::vector<std::string> installed_paths(const ClientTarget& target) {
  std::vector<std::string> paths = {target.path};
  paths.insert(paths.end(), target.others.begin(), target.others.end());
  std::erase_if(paths, [&](const std::string& path) {
    const auto file = read_install_file(path);
    return !file || !file->text || !holds_ours(target, *file->text).value_or(false);
  });
  return paths.empty() ? std::vector<std::string>{target.path} : paths;
}

Result<InstallPlan> plan_install(const ClientTarget& target, Overwrite overwrite) {
  InstallPlan plan;
  plan.new_mode = target.new_mode;
  REPOMAP_ASSIGN(plan.file, read_install_file(target.path));
  const std::string before = plan.file.text.value_or("");
  // A receipt of what is not there any more says nothing of the file that is.
  REPOMAP_ASSIGN(const bool is_there, holds_ours(target, before));
  const auto old_receipt = is_there ? load_receipt(target.path) : std::nullopt;
  InstallReceipt made = old_receipt.value_or(InstallReceipt{});
  plan.after = before;
  REPOMAP_TRY(put_entries(target, overwrite, plan.after, made));
  if (plan.after == before && plan.file.text) {
    plan.receipt = old_receipt;
    return plan;
  }
  const auto rest = text_without(target, before, old_receipt);
  if (!rest) {
    return in_file(target.path, rest.error());
  }
  plan.change = plan.file.text ? InstallChange::kChanged : InstallChange::kMade;
  plan.receipt = make_receipt(target.path, *rest, plan.after);
  plan.receipt->made = std::move(made.made);
  plan.receipt->overwritten = std::move(made.overwritten);
  plan.receipt->has_made_file = !plan.file.text || made.has_made_file;
  return plan;
}

Result<InstallPlan> plan_uninstall(const ClientTarget& target) {
  InstallPlan plan;
  REPOMAP_ASSIGN(plan.file, read_install_file(target.path));
  const std::string before = plan.file.text.value_or("");
  plan.after = before;
  const auto receipt = load_receipt(target.path);
  // What nothing was put into, and what does not even name us, need not be understood.
  if (!receipt && !before.contains("repomap")) {
    return plan;
  }
  REPOMAP_ASSIGN(const bool is_there, holds_ours(target, before));
  if (!is_there) {
    return plan;
  }
  auto rest = text_without(target, before, receipt);
  if (!rest) {
    return in_file(target.path, rest.error());
  }
  plan.after = std::move(*rest);
  plan.change = is_left_empty(plan.after, receipt) ? InstallChange::kRemoved : InstallChange::kChanged;
  return plan;
}

Status apply_plan(const InstallPlan& plan, std::string& notice) {
  // What is written over is nowhere else.
  const bool is_needed = plan.change != InstallChange::kNone && plan.receipt && plan.receipt->overwritten;
  REPOMAP_TRY(is_needed ? save_receipt(*plan.receipt) : Status());
  switch (plan.change) {
    case InstallChange::kNone: return {};
    case InstallChange::kRemoved: REPOMAP_TRY(remove_install_file(plan.file)); break;
    case InstallChange::kMade:
    case InstallChange::kChanged: REPOMAP_TRY(write_install_file(plan.file, plan.after, plan.new_mode)); break;
  }
  const Status kept = is_needed ? Status() : plan.receipt ? save_receipt(*plan.receipt) : drop_receipt(plan.file.path);
  if (!kept) {
    notice =
        fmt::format("{}: done, but how to undo it to the byte is not kept: {}", plan.file.path, kept.error().message);
  }
  return {};
}

std::string_view install_change_name(InstallChange change) {
  switch (change) {
    case InstallChange::kMade: return "made";
    case InstallChange::kChanged: return "changed";
    case InstallChange::kRemoved: return "removed";
    case InstallChange::kNone: break;
  }
  return "none";
}

}  // namespace repomap::cli
