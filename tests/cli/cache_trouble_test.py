# SPDX-License-Identifier: Apache-2.0
"""A cache that is damaged, foreign, read-only or nowhere: every request is answered all the same, and the user told."""
import os
import shutil
import sqlite3
import unittest

from program import ProgramTest

DONE, FAILED, WRONG_USAGE, NOTHING_FOUND = 0, 1, 2, 3
USED = ["tags", "maps", "scan", "repo_scan"]
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


class CacheTrouble(ProgramTest):
    def setUp(self):
        super().setUp()
        self.cache = self.environment["REPO_MAP_CACHE_DIR"]
        for i in range(8):
            self.write(f"file_{i}.c", f"int callee_{i}(int a);\nint caller_{i}(void)\n{{\n  return callee_{i}({i});\n}}\n")
        for name in os.listdir(self.tree):
            os.utime(os.path.join(self.tree, name), (1_600_000_000, 1_600_000_000))
        self.expected = self.run_program("map", "--no-cache")[0]

    def database(self, kind):
        return os.path.join(self.cache, "v1", kind, "cache.db")

    def content(self, kind):
        with open(self.database(kind), "rb") as file:
            return file.read()

    def drop_log(self, kind):
        for end in ("-wal", "-shm"):
            if os.path.exists(self.database(kind) + end):
                os.remove(self.database(kind) + end)

    def execute(self, kind, *statements):
        connection = sqlite3.connect(self.database(kind))
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def fill(self):
        self.run_program("map")
        for kind in USED:
            self.execute(kind)  # what is in the log is in the database then

    def map_again(self):
        """What a request says on stderr, which must give the right map."""
        out, err = self.run_program("map")
        self.assertEqual(out, self.expected)
        return err.decode()

    def stats(self, kind):
        return self.json("cache", "stats", "--kind", kind)["kinds"][0]

    def test_what_is_no_database_is_put_aside_and_built_anew(self):
        self.fill()
        for kind in USED:
            self.drop_log(kind)
            with open(self.database(kind), "wb") as file:
                file.write(b"not a database " * 1000)
        text = self.map_again()
        self.assertEqual(text.count("was put into"), len(USED), text)
        for kind in USED:
            self.assertEqual(self.stats(kind)["quarantined"], 1, kind)
        self.assertEqual(self.map_again(), "")
        self.run_program("cache", "check")

    def test_a_cut_off_database_is_put_aside_and_built_anew(self):
        self.fill()
        for kind in USED:
            self.drop_log(kind)
            os.truncate(self.database(kind), 5000)
        self.map_again()
        self.run_program("cache", "check", "--repair")
        self.assertEqual(self.map_again(), "")
        self.run_program("cache", "check")

    def test_a_damaged_entry_is_found_by_check_and_mended(self):
        self.fill()
        self.execute("tags", "UPDATE entries SET value = zeroblob(length(value)) WHERE id = 1")
        out, err = self.run_program("cache", "check", status=FAILED)
        self.assertRegex(out.decode(), r"(?m)^bad tags +entry: ")
        self.assertIn("--repair", err.decode())
        document = self.json("cache", "check", "--kind", "tags", status=FAILED)
        self.assertEqual(list(document), ["root", "kinds"])
        self.assertEqual(list(document["kinds"][0]), ["kind", "entries", "problems", "error"])
        [problem] = document["kinds"][0]["problems"]
        self.assertEqual((list(problem), problem["problem"]), (["problem", "detail", "repaired"], "entry"))
        self.assertIn("(repaired)", self.run_program("cache", "check", "--repair")[0].decode())
        self.assertEqual(self.json("cache", "check", "--kind", "tags")["kinds"][0]["problems"], [])
        self.assertEqual(self.map_again(), "")

    def test_a_damaged_entry_is_never_used(self):
        self.fill()
        for kind in USED:
            self.execute(kind, "UPDATE entries SET value = zeroblob(length(value))")
        self.assertEqual(self.map_again(), "")
        self.run_program("cache", "check")

    def test_a_store_of_another_program_or_version_is_left_as_it_is(self):
        self.fill()
        self.execute("tags", "PRAGMA user_version = 99")
        self.execute("maps", "PRAGMA application_id = 7")
        before = {kind: self.content(kind) for kind in ("tags", "maps")}
        text = self.map_again()
        self.assertIn("left as it is", text)
        for kind, content in before.items():
            self.assertEqual(self.content(kind), content, kind)
        document = self.json("cache", "check", "--kind", "tags", "--kind", "scan", status=FAILED)
        self.assertIn("format 99", document["kinds"][0]["error"])
        self.assertEqual(document["kinds"][1]["error"], "")
        for command in ("clear", "expire", "cull"):
            _, err = self.run_program("cache", command, "--kind", "tags", status=FAILED)
            self.assertIn("left as it is", err.decode())
        self.assertIn("left as it is", self.run_program("cache", "stats", status=FAILED)[1].decode())
        self.environment["REPO_MAP_RESOURCE_DIR"] = self.work
        [check] = [check for check in self.json("doctor", status=FAILED)["checks"] if check["name"] == "cache"]
        self.assertFalse(check["ok"])
        self.assertIn("left as it is", check["detail"])

    def test_a_place_where_nothing_can_be_made_is_named_once(self):
        for place in ("/proc/repomap-cache", os.path.join(self.write("a_file", root=self.work).decode(), "below")):
            self.environment["REPO_MAP_CACHE_DIR"] = place
            text = self.map_again()
            self.assertEqual(text.count("\n"), 1, text)
            self.assertIn(place.rsplit("/", 1)[0], text)
            self.environment["REPO_MAP_RESOURCE_DIR"] = self.work
            self.assertIn("nothing new is kept on disk", self.run_program("doctor", status=FAILED)[0].decode())
            del self.environment["REPO_MAP_RESOURCE_DIR"]

    def test_without_a_home_the_cache_is_in_memory(self):
        del self.environment["REPO_MAP_CACHE_DIR"]
        for home in ("", None):
            self.environment.pop("HOME", None)
            if home is not None:
                self.environment["HOME"] = home
            text = self.map_again()
            self.assertIn("no home directory", text)
            self.assertEqual(text.count("\n"), 1, text)
            _, err = self.run_program("cache", "clear")
            self.assertIn("no cache on disk", err.decode())
        self.assertEqual(sorted(os.listdir(self.work)), ["home", "tree"])

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"), "needs root, to be somebody else")
    def test_a_read_only_cache_is_used_and_not_written(self):
        self.fill()
        for directory, _, names in os.walk(self.work):
            os.chmod(directory, 0o555)
            for name in names:
                os.chmod(os.path.join(directory, name), 0o444)
        out, err = self.run_program("map", "-v", prefix=NOBODY)
        self.assertEqual(out, self.expected)
        self.assertRegex(err.decode(), r"cache: [1-9]\d* of \d+ look-ups found")
        self.assertIn("tags", self.run_program("cache", "stats", prefix=NOBODY)[0].decode())
        self.assertIn("file_0.c", self.run_program("cache", "inspect", prefix=NOBODY)[0].decode())
        _, err = self.run_program("cache", "clear", prefix=NOBODY, status=FAILED)
        self.assertIn("read", err.decode())
        _, err = self.run_program("cache", "evict", "file:file_0.c", prefix=NOBODY, status=FAILED)
        self.assertIn("tags", err.decode())

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"), "needs root, to be somebody else")
    def test_a_cache_of_somebody_else_is_not_touched(self):
        self.fill()
        for directory in (self.work, self.home, self.tree):
            os.chmod(directory, 0o755)
        out, err = self.run_program("map", prefix=NOBODY)
        self.assertEqual(out, self.expected)
        self.assertIn("ermission denied", err.decode())


if __name__ == "__main__":
    unittest.main()
