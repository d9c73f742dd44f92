// SPDX-License-Identifier: Apache-2.0
#include "cli/install_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "cli/hook_input.hpp"
#include "cli/install_diff.hpp"
#include "cli/install_receipt.hpp"

namespace repomap::cli {
namespace {

/// A test with a directory of its own.
class InstallFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "install-XXXXXX";
    directory_ = ::mkdtemp(name.data());
    ::setenv("XDG_STATE_HOME", (directory_ + "/state").c_str(), 1);
  }
  void TearDown() override {
    ::unsetenv("XDG_STATE_HOME");
    std::filesystem::remove_all(directory_);
  }

  std::string place(const std::string& name) const { return directory_ + "/" + name; }

  static void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

  static std::string read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(directory_), std::filesystem::directory_iterator()));
  }

  std::string directory_;
};

TEST_F(InstallFiles, MakesDirectoriesAndTheFile) {
  const auto file = read_install_file(place("a/b/c.json"));
  ASSERT_TRUE(file);
  EXPECT_FALSE(file->text);
  ASSERT_TRUE(write_install_file(*file, "{}", 0600));
  EXPECT_EQ(read(place("a/b/c.json")), "{}");
  struct stat found{};
  ASSERT_EQ(::stat(place("a/b/c.json").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777U, 0600U);
}

TEST_F(InstallFiles, DoesNotWriteOverWhatAnotherProgramHasWritten) {
  write(place("a"), "one");
  const auto file = read_install_file(place("a"));
  ASSERT_TRUE(file);
  write(place("a"), "two");
  const auto written = write_install_file(*file, "three", 0600);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kBusy);
  EXPECT_FALSE(remove_install_file(*file));
  EXPECT_EQ(read(place("a")), "two");
  EXPECT_EQ(entries(), 1U) << "no temporary file is left";
}

TEST_F(InstallFiles, DoesNotWriteOverAFileThatWasMadeMeanwhile) {
  const auto file = read_install_file(place("a"));
  ASSERT_TRUE(file);
  write(place("a"), "theirs");
  EXPECT_FALSE(write_install_file(*file, "ours", 0600));
  EXPECT_EQ(read(place("a")), "theirs");
}

TEST_F(InstallFiles, ReadsNoDirectoryAndNoLinkToNothing) {
  std::filesystem::create_directory(place("a"));
  std::filesystem::create_symlink("nothing", place("b"));
  EXPECT_FALSE(read_install_file(place("a")));
  EXPECT_FALSE(read_install_file(place("b")));
  write(place("c"), "");
  EXPECT_FALSE(read_install_file(place("c/d"))) << "a file is no directory";
}

TEST_F(InstallFiles, AReceiptBringsTheBytesBack) {
  const std::string before = "one\r\n\xFFtwo\n";
  const std::string after = "one\r\nnew\xFFtwo\n";
  InstallReceipt receipt = make_receipt(place("x"), before, after);
  receipt.made = {{"a"}, {"a", "b"}};
  ASSERT_TRUE(save_receipt(receipt));
  const auto loaded = load_receipt(place("x"));
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->made, receipt.made);
  EXPECT_EQ(undo_receipt(*loaded, after), before);
  EXPECT_EQ(undo_receipt(*loaded, after + " "), std::nullopt);
  ASSERT_TRUE(drop_receipt(place("x")));
  EXPECT_FALSE(load_receipt(place("x")));
}

TEST_F(InstallFiles, ADamagedReceiptIsNone) {
  ASSERT_TRUE(save_receipt(make_receipt(place("x"), "a", "b")));
  for (const auto& entry : std::filesystem::directory_iterator(place("state/repomap/install"))) {
    write(entry.path(), "{\"path\": 3}");
  }
  EXPECT_FALSE(load_receipt(place("x")));
}

TEST(InstallDiff, ShowsOneHunkWithContext) {
  EXPECT_EQ(unified_diff("f", {"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n"}),
            "--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
  EXPECT_EQ(unified_diff("f", {"a", "a\nb"}),
            "--- f\n+++ f\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n"
            "\\ No newline at end of file\n");
  EXPECT_EQ(unified_diff("f", {"", "a\n", true, false}), "--- /dev/null\n+++ f\n@@ -0,0 +1,1 @@\n+a\n");
  EXPECT_EQ(unified_diff("f", {"a\n", "a\n"}), "");
}

TEST(HookInput, CutsALongPromptBetweenCharacters) {
  std::string prompt;
  for (int i = 0; i < 8000; ++i) {
    prompt += "é";
  }
  const auto input = parse_hook_input("{\"cwd\": \"/a\", \"prompt\": \"" + prompt + "\"}");
  ASSERT_TRUE(input);
  EXPECT_EQ(input->directory, "/a");
  EXPECT_EQ(input->prompt, prompt.substr(0, 8192));
}

TEST(HookInput, TellsCommandsFromPrompts) {
  for (const char* prompt : {"", " \n\t", "/clear", "  /compact now", "!ls", "# note", "/"}) {
    EXPECT_FALSE(is_worth_a_map(prompt)) << prompt;
  }
  for (const char* prompt : {"fix it", "/usr/include/stdio.h is missing", " a"}) {
    EXPECT_TRUE(is_worth_a_map(prompt)) << prompt;
  }
}

TEST(HookInput, LeavesCommonWordsOut) {
  EXPECT_EQ(words_to_look_up("ok, thanks!"), "");
  EXPECT_EQ(words_to_look_up(" Please  fix the\nFileWatcher, and ok() too."), "fix FileWatcher, ok() too.");
  EXPECT_EQ(words_to_look_up(" ... "), "");
  EXPECT_EQ(words_to_look_up("okay_name of"), "okay_name");
}

}  // namespace
}  // namespace repomap::cli
