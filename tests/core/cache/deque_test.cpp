// SPDX-License-Identifier: Apache-2.0
#include "core/cache/deque.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "core/base/log.hpp"
#include "core/base/task_pool.hpp"
#include "core/cache/store_transaction.hpp"
#include "tests/support/open_store.hpp"
#include "tests/support/temporary_tree.hpp"

namespace repomap {
namespace {

using Items = std::vector<std::string>;

class DequeTest : public testing::Test {
 protected:
  Deque open(const std::string& name = "d") { return Deque::open(*store, name).value(); }

  Deque open_with(const Items& items) {
    Deque deque = open();
    const std::vector<std::string_view> views(items.begin(), items.end());
    EXPECT_TRUE(deque.extend(views));
    return deque;
  }

  /// Cuts every value file of the store short.
  void damage_files() const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(tree.root())) {
      const std::string path = entry.path();
      if (entry.is_regular_file() && path.find("cache.db") == std::string::npos && entry.file_size() > 100) {
        std::filesystem::resize_file(entry.path(), 40);
      }
    }
  }

  TemporaryTree tree;
  std::unique_ptr<DiskStore> store = open_durable_store(tree.path("store"));
};

TEST_F(DequeTest, AppendsAndPopsAtBothEnds) {
  Deque deque = open();
  EXPECT_EQ(deque.pop().value(), std::nullopt);
  EXPECT_EQ(deque.pop_left().value(), std::nullopt);
  EXPECT_EQ(deque.peek().value(), std::nullopt);
  ASSERT_TRUE(deque.append("b"));
  ASSERT_TRUE(deque.append("c"));
  ASSERT_TRUE(deque.append_left("a"));
  EXPECT_EQ(deque.items().value(), (Items{"a", "b", "c"}));
  EXPECT_EQ(deque.peek().value(), "c");
  EXPECT_EQ(deque.peek_left().value(), "a");
  EXPECT_EQ(deque.pop_left().value(), "a");
  EXPECT_EQ(deque.pop().value(), "c");
  EXPECT_EQ(deque.size().value(), 1U);
}

TEST_F(DequeTest, ExtendsInOrderAndToTheLeftInReverse) {
  Deque deque = open_with({"a", "b"});
  const std::vector<std::string_view> values = {"x", "y"};
  ASSERT_TRUE(deque.extend_left(values));
  EXPECT_EQ(deque.items().value(), (Items{"y", "x", "a", "b"}));
}

TEST_F(DequeTest, SurvivesReopening) {
  ASSERT_TRUE(open_with({"a", "b"}).set_max_length(5));
  store.reset();
  store = open_durable_store(tree.path("store"));
  Deque deque = open();
  EXPECT_EQ(deque.items().value(), (Items{"a", "b"}));
  EXPECT_EQ(deque.max_length().value(), 5U);
}

// DQ2
TEST_F(DequeTest, IndexesCountFromBothEnds) {
  Deque deque = open_with({"a", "b", "c"});
  EXPECT_EQ(deque.get(0).value(), "a");
  EXPECT_EQ(deque.get(2).value(), "c");
  EXPECT_EQ(deque.get(-1).value(), "c");
  EXPECT_EQ(deque.get(-3).value(), "a");
  EXPECT_EQ(deque.get(3).value(), std::nullopt);
  EXPECT_EQ(deque.get(-4).value(), std::nullopt);
  ASSERT_TRUE(deque.set(-2, "B"));
  EXPECT_EQ(deque.set(3, "x").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(deque.erase(-4).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(deque.items().value(), (Items{"a", "B", "c"}));
  ASSERT_TRUE(deque.erase(1));
  EXPECT_EQ(deque.items().value(), (Items{"a", "c"}));
}

// DQ2: positions stay contiguous whatever is erased, so an index is arithmetic.
TEST_F(DequeTest, ErasingClosesTheGapFromEitherEnd) {
  for (std::int64_t index = 0; index < 7; ++index) {
    Deque deque = Deque::open(*store, "gap" + std::to_string(index)).value();
    std::deque<std::string> model;
    for (const char* item : {"a", "b", "c", "d", "e", "f", "g"}) {
      ASSERT_TRUE(deque.append(item));
      model.emplace_back(item);
    }
    ASSERT_TRUE(deque.erase(index));
    model.erase(model.begin() + index);
    EXPECT_EQ(deque.items().value(), Items(model.begin(), model.end())) << index;
    for (std::int64_t i = 0; i < 6; ++i) {
      EXPECT_EQ(deque.get(i).value(), model[static_cast<std::size_t>(i)]);
    }
  }
}

// DQ1: the maximal length is stored, and holds for all handles.
TEST_F(DequeTest, MaximalLengthHoldsForEveryHandle) {
  Deque first = open_with({"a", "b", "c", "d"});
  Deque second = open();
  ASSERT_TRUE(first.set_max_length(2));
  EXPECT_EQ(second.items().value(), (Items{"c", "d"}));
  ASSERT_TRUE(second.append("e"));
  EXPECT_EQ(first.items().value(), (Items{"d", "e"}));
  ASSERT_TRUE(second.append_left("x"));
  EXPECT_EQ(first.items().value(), (Items{"x", "d"}));
  ASSERT_TRUE(first.set_max_length(std::nullopt));
  ASSERT_TRUE(second.append("y"));
  EXPECT_EQ(first.size().value(), 3U);
  ASSERT_TRUE(first.set_max_length(0));
  ASSERT_TRUE(second.append("z"));
  EXPECT_EQ(first.size().value(), 0U);
}

// DQ1: two handles never exceed it, in threads of two stores.
TEST_F(DequeTest, MaximalLengthIsNeverExceeded) {
  ASSERT_TRUE(open().set_max_length(5));
  const auto other_store = open_durable_store(tree.path("store"));
  std::atomic<int> wrong = 0;
  TaskPool pool(4);
  pool.run_all(400, [&](std::size_t item, std::size_t) {
    Deque deque = Deque::open(item % 2 == 0 ? *store : *other_store, "d").value();
    wrong += deque.append(std::to_string(item)) ? 0 : 1;
    wrong += deque.size().value() <= 5 ? 0 : 1;
  });
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(open().size().value(), 5U);
}

TEST_F(DequeTest, FindsCountsAndRemovesByValue) {
  Deque deque = open_with({"a", "b", "a", "c", "a"});
  EXPECT_EQ(deque.count("a").value(), 3U);
  EXPECT_TRUE(deque.remove("a").value());
  EXPECT_EQ(deque.items().value(), (Items{"b", "a", "c", "a"}));
  EXPECT_FALSE(deque.remove("x").value());
}

TEST_F(DequeTest, ReversesAndRotates) {
  Deque deque = open_with({"a", "b", "c", "d", "e"});
  ASSERT_TRUE(deque.reverse());
  EXPECT_EQ(deque.items().value(), (Items{"e", "d", "c", "b", "a"}));
  ASSERT_TRUE(deque.rotate(2));
  EXPECT_EQ(deque.items().value(), (Items{"b", "a", "e", "d", "c"}));
  ASSERT_TRUE(deque.rotate(-1));
  EXPECT_EQ(deque.items().value(), (Items{"a", "e", "d", "c", "b"}));
  ASSERT_TRUE(deque.rotate(1'000'003));
  EXPECT_EQ(deque.items().value(), (Items{"d", "c", "b", "a", "e"}));
  EXPECT_EQ(deque.clear().value(), 5U);
  ASSERT_TRUE(deque.rotate(1));
  ASSERT_TRUE(deque.reverse());
  EXPECT_EQ(deque.size().value(), 0U);
}

TEST_F(DequeTest, VisitsBothWaysUntilTold) {
  Deque deque = open_with({"a", "b", "c"});
  Items seen;
  ASSERT_TRUE(deque.visit(DequeOrder::kBackward, [&](const std::string& item) {
    seen.push_back(item);
    return seen.size() < 2;
  }));
  EXPECT_EQ(seen, (Items{"c", "b"}));
}

// DQ3: a copy is a copy.
TEST_F(DequeTest, CopyIsIndependent) {
  const std::string large(5'000, 'L');
  Deque deque = open_with({"a", large});
  ASSERT_TRUE(deque.set_max_length(3));
  Deque copy = deque.copy("e").value();
  EXPECT_EQ(deque.clear().value(), 2U);
  EXPECT_EQ(copy.items().value(), (Items{"a", large}));
  EXPECT_EQ(copy.max_length().value(), 3U);
  EXPECT_EQ(copy.copy("d").error().code, ErrorCode::kInvalidArgument);
}

// DQ3: readers see a rotation or reversal wholly or not at all.
TEST_F(DequeTest, RotationAndReversalAreAtomicForReaders) {
  const Items items = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  open_with(items);
  const auto is_rotation = [](Items seen) {
    if (seen.size() != 10) {
      return false;
    }
    if ((seen[0].front() + 1 - '0') % 10 != seen[1].front() - '0') {
      std::ranges::reverse(seen);
    }
    for (std::size_t i = 0; i < 10; ++i) {
      if (static_cast<std::size_t>(seen[i].front() - '0') !=
          (static_cast<std::size_t>(seen[0].front() - '0') + i) % 10) {
        return false;
      }
    }
    return true;
  };
  std::atomic<int> wrong = 0;
  TaskPool pool(3);
  pool.run_all(600, [&](std::size_t item, std::size_t) {
    Deque deque = open();
    switch (item % 3) {
      case 0: wrong += deque.rotate(3) ? 0 : 1; break;
      case 1: wrong += deque.reverse() ? 0 : 1; break;
      default: wrong += is_rotation(deque.items().value()) ? 0 : 1;
    }
  });
  EXPECT_EQ(wrong, 0);
}

// DQ5: damaged values do not stop peek and pop.
TEST_F(DequeTest, DamagedItemsAreSkipped) {
  set_log_level(LogLevel::kOff);
  Deque deque = open_with({"a", std::string(5'000, 'x'), std::string(6'000, 'y')});
  damage_files();
  EXPECT_FALSE(deque.get(1)) << "by index, damage is an error";
  EXPECT_EQ(deque.peek().value(), "a");
  EXPECT_EQ(deque.peek().value(), "a");
  EXPECT_EQ(deque.size().value(), 1U);
  ASSERT_TRUE(deque.append(std::string(5'000, 'z')));
  damage_files();
  EXPECT_EQ(deque.pop().value(), "a");
  EXPECT_EQ(deque.pop().value(), std::nullopt);
  set_log_level(LogLevel::kWarning);
}

TEST_F(DequeTest, OperationsOfOneTransactionAreUndoneTogether) {
  const std::string large(5'000, 'L');
  Deque deque = open_with({"a", large});
  {
    StoreTransaction transaction = store->begin().value();
    EXPECT_EQ(deque.pop().value(), large);
    EXPECT_EQ(deque.pop().value(), "a");
    ASSERT_TRUE(deque.append("x"));
    EXPECT_EQ(deque.items().value(), Items{"x"});
    transaction.rollback();
  }
  EXPECT_EQ(deque.items().value(), (Items{"a", large}));
}

// W26
TEST_F(DequeTest, NameOfAnotherKindIsRefused) {
  open("d");
  EXPECT_TRUE(store->transact([&](StoreTransaction& transaction) {
    return detail::ensure_queue(transaction.database(), "q", detail::QueueKind::kQueue);
  }));
  EXPECT_EQ(Deque::open(*store, "q").error().code, ErrorCode::kInvalidArgument);
}

/// One random operation on both; what they return is compared.
class DequeComparison {
 public:
  DequeComparison(Deque deque, std::uint64_t seed) : deque_(std::move(deque)), generator_(seed) {}

  void step() {
    const std::string value = random_value();
    switch (below(14)) {
      case 0:
      case 1: append(value); break;
      case 2:
      case 3: append_left(value); break;
      case 4: expect_taken(deque_.pop().value(), model_.empty() ? model_.end() : model_.end() - 1); break;
      case 5: expect_taken(deque_.pop_left().value(), model_.begin()); break;
      case 6: get(); break;
      case 7: set(value); break;
      case 8: erase(); break;
      case 9: remove(value); break;
      case 10: rotate(); break;
      case 11: reverse(); break;
      case 12: set_max_length(); break;
      default: ASSERT_EQ(deque_.size().value(), model_.size());
    }
  }

  void expect_equal() {
    ASSERT_EQ(deque_.items().value(), Items(model_.begin(), model_.end()));
    ASSERT_EQ(deque_.max_length().value(), max_length_);
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return generator_() % bound; }

  /// Few different ones, so that removal by value finds some; one in 16 goes to a file.
  std::string random_value() {
    const std::string value(1, static_cast<char>('a' + below(20)));
    return below(16) == 0 ? value + std::string(1'500, '.') : value;
  }

  /// One in eight points outside.
  std::int64_t random_index() {
    const auto size = static_cast<std::int64_t>(model_.size());
    return static_cast<std::int64_t>(below(static_cast<std::uint64_t>(2 * size + 4))) - size - 2;
  }

  std::optional<std::size_t> offset_of(std::int64_t index) const {
    const auto size = static_cast<std::int64_t>(model_.size());
    return index >= size || index < -size ? std::nullopt
                                          : std::optional(static_cast<std::size_t>((index + size) % size));
  }

  void append(const std::string& value) {
    ASSERT_TRUE(deque_.append(value));
    model_.push_back(value);
    while (max_length_ && model_.size() > *max_length_) {
      model_.pop_front();
    }
  }

  void append_left(const std::string& value) {
    ASSERT_TRUE(deque_.append_left(value));
    model_.push_front(value);
    while (max_length_ && model_.size() > *max_length_) {
      model_.pop_back();
    }
  }

  void expect_taken(const std::optional<std::string>& taken, std::deque<std::string>::iterator expected) {
    ASSERT_EQ(taken.has_value(), expected != model_.end());
    if (taken) {
      ASSERT_EQ(*taken, *expected);
      model_.erase(expected);
    }
  }

  void get() {
    const std::int64_t index = random_index();
    const auto offset = offset_of(index);
    ASSERT_EQ(deque_.get(index).value(), offset ? std::optional(model_[*offset]) : std::nullopt);
  }

  void set(const std::string& value) {
    const std::int64_t index = random_index();
    const auto offset = offset_of(index);
    ASSERT_EQ(deque_.set(index, value).has_value(), offset.has_value());
    if (offset) {
      model_[*offset] = value;
    }
  }

  void erase() {
    const std::int64_t index = random_index();
    const auto offset = offset_of(index);
    ASSERT_EQ(deque_.erase(index).has_value(), offset.has_value());
    if (offset) {
      model_.erase(model_.begin() + static_cast<std::ptrdiff_t>(*offset));
    }
  }

  void remove(const std::string& value) {
    const auto found = std::ranges::find(model_, value);
    ASSERT_EQ(deque_.count(value).value(), static_cast<std::size_t>(std::ranges::count(model_, value)));
    ASSERT_EQ(deque_.remove(value).value(), found != model_.end());
    if (found != model_.end()) {
      model_.erase(found);
    }
  }

  void rotate() {
    const std::int64_t steps = random_index() * 3;
    ASSERT_TRUE(deque_.rotate(steps));
    if (model_.empty()) {
      return;
    }
    const auto size = static_cast<std::int64_t>(model_.size());
    std::ranges::rotate(model_, model_.end() - ((steps % size) + size) % size);
  }

  void reverse() {
    ASSERT_TRUE(deque_.reverse());
    std::ranges::reverse(model_);
  }

  /// Rare and mostly large, so that the deque is seldom short.
  void set_max_length() {
    if (below(10) != 0) {
      return;
    }
    max_length_ = below(2) == 0 ? std::nullopt : std::optional<std::size_t>(below(60));
    ASSERT_TRUE(deque_.set_max_length(max_length_));
    while (max_length_ && model_.size() > *max_length_) {
      model_.pop_front();
    }
  }

  Deque deque_;
  std::mt19937_64 generator_;
  std::deque<std::string> model_;
  std::optional<std::size_t> max_length_;
};

// DQ1, DQ2: 25,000 random operations give what std::deque gives.
TEST_F(DequeTest, RandomOperationsEqualThoseOfADeque) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  DequeComparison comparison(open(), seed);
  for (int round = 0; round < 25'000; ++round) {
    comparison.step();
    ASSERT_FALSE(HasFatalFailure()) << round;
    if (round % 1'000 == 0) {
      comparison.expect_equal();
    }
  }
  comparison.expect_equal();
}

}  // namespace
}  // namespace repomap
