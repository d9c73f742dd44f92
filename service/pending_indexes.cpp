// SPDX-License-Identifier: Apache-2.0
#include "service/pending_indexes.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "core/base/byte_codec.hpp"
#include "core/base/log.hpp"

namespace repomap {
namespace {

constexpr std::uint8_t kFormatVersion = 1;

std::string encode(const FileSelection& selection) {
  ByteWriter writer;
  writer.add_u8(kFormatVersion);
  writer.add_u8(selection.submodules == SubmodulePolicy::kEnter ? 1 : 0);
  writer.add_string(selection.root);
  return writer.take();
}

std::optional<FileSelection> decode(std::string_view bytes) {
  ByteReader reader(bytes);
  const bool is_known = reader.read_u8() == kFormatVersion;
  FileSelection selection;
  selection.submodules = reader.read_u8() == 1 ? SubmodulePolicy::kEnter : SubmodulePolicy::kSkip;
  selection.root = reader.read_string();
  return is_known && reader.is_finished() ? std::optional(std::move(selection)) : std::nullopt;
}

void note(const Status& status) {
  if (!status) {
    log_warning(fmt::format("what is being indexed cannot be remembered: {}", status.error().message));
  }
}

}  // namespace

PendingIndexes::PendingIndexes(ShardedStore* store) {
  if (store == nullptr) {
    return;
  }
  if (auto deque = Deque::open(store->shard(0), "index")) {
    deque_ = std::move(*deque);
  } else {
    note(std::unexpected(deque.error()));
  }
}

void PendingIndexes::add(const FileSelection& selection) {
  if (deque_) {
    note(deque_->append(encode(selection)));
  }
}

void PendingIndexes::remove(const FileSelection& selection) {
  if (!deque_) {
    return;
  }
  // Every process that was killed over it has left it once.
  const std::string value = encode(selection);
  auto removed = deque_->remove(value);
  while (removed && *removed) {
    removed = deque_->remove(value);
  }
  if (!removed) {
    note(std::unexpected(removed.error()));
  }
}

std::vector<FileSelection> PendingIndexes::all() {
  std::vector<FileSelection> selections;
  if (!deque_) {
    return selections;
  }
  const auto items = deque_->items();
  if (!items) {
    note(std::unexpected(items.error()));
    return selections;
  }
  for (const std::string& item : std::set<std::string>(items->begin(), items->end())) {
    if (auto selection = decode(item)) {
      selections.push_back(std::move(*selection));
    }
  }
  return selections;
}

}  // namespace repomap
