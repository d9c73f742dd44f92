# SPDX-License-Identifier: Apache-2.0
"""The cache as users see it: what it saves, what its commands show and remove, and what they say of wrong usage."""
import base64
import os
import re
import shutil
import sqlite3
import unittest

from program import ProgramTest

DONE, FAILED, WRONG_USAGE, NOTHING_FOUND = 0, 1, 2, 3
KINDS = ["tags", "maps", "trees", "graph", "query", "scan", "repo_scan", "runtime", "queue", "index"]
DURABLE = {"queue", "index"}
TIER = ["tier", "items", "bytes", "limit_bytes", "hits", "misses", "hit_rate", "puts", "evictions", "errors", "skipped",
        "get_us", "put_us", "trouble"]
ENTRY = ["kind", "key", "bytes", "tags", "stored", "accessed", "accesses", "expires", "file"]


class CacheTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.cache = self.environment["REPO_MAP_CACHE_DIR"]
        self.write("lib.c", "int add_numbers(int a, int b)\n{\n  return a + b;\n}\n")
        self.write("main.c", "int add_numbers(int, int);\nint main(void)\n{\n  return add_numbers(1, 2);\n}\n")
        self.settle()

    def settle(self):
        """Makes all files so old that their stat proves that they are unchanged."""
        for directory, _, names in os.walk(self.tree):
            for name in names:
                os.utime(os.path.join(directory, name), (1_600_000_000, 1_600_000_000))

    def parsed(self, *arguments):
        """How many files a run of `index` has parsed, and how many it knew."""
        document = self.json("index", *arguments)
        return document["parsed"], document["reused"]

    def disk_items(self, *arguments):
        """By kind, how many entries there are on disk."""
        return {kind["kind"]: sum(tier["items"] for tier in kind["tiers"] if tier["tier"] == "disk")
                for kind in self.json("cache", "stats", *arguments)["kinds"]}

    def layout(self):
        """The directory in which the kinds lie."""
        return os.path.join(self.cache, "v1")


class Use(CacheTest):
    def test_index_says_what_it_has_done_and_a_second_run_parses_nothing(self):
        document = self.json("index")
        self.assertEqual(list(document), ["files", "parsed", "reused", "skipped", "tags", "seconds", "bytes"])
        self.assertEqual((document["files"], document["parsed"], document["reused"]), (2, 2, 0))
        self.assertGreater(document["tags"], 2)
        self.assertEqual(self.parsed(), (0, 2))
        self.assertRegex(self.run_program("index")[0].decode(), r"^2 files in .*: 0 parsed .*2 known")

    def test_index_lists_what_it_has_skipped(self):
        self.write("nul.c", b"int a;\0\n")
        skipped = self.json("index")["skipped"]
        self.assertEqual([(file["path"], file["reason"]) for file in skipped], [("nul.c", "binary")])

    def test_the_same_map_comes_from_the_cache(self):
        first = self.json("map")
        again, err = self.run_program("map", "-v")
        self.assertEqual(again.decode(), first["text"])
        self.assertRegex(err.decode(), r"cache: [1-9]\d* of \d+ look-ups found")

    def test_every_command_that_reads_files_tells_with_v_what_the_cache_gave(self):
        self.run_program("index")
        for arguments in (["tags"], ["symbols", "add"], ["defs", "main"], ["refs", "add_numbers"], ["outline", "lib.c"],
                          ["tree", "lib.c", "--lines", "3"], ["index"]):
            self.assertIn("look-ups found", self.run_program(*arguments, "-v")[1].decode(), arguments)
            self.assertNotIn("look-ups found", self.run_program(*arguments)[1].decode(), arguments)

    def test_another_content_gives_another_map(self):
        self.run_program("map")
        self.write("lib.c", "int multiply_numbers(int a, int b)\n{\n  return a * b;\n}\n")
        for mode in ("auto", "files", "always"):
            text = self.run_program("map", "--refresh", mode)[0].decode()
            self.assertIn("multiply_numbers", text, mode)

    def test_manual_refresh_keeps_the_map_until_another_mode_is_asked_for(self):
        before = self.run_program("map", "--refresh", "manual")[0].decode()
        self.write("lib.c", "int multiply_numbers(int a, int b)\n{\n  return a * b;\n}\n")
        document = self.json("map", "--refresh", "manual")
        self.assertEqual(document["text"], before)
        self.assertIn("not compared with the files", document["notices"][0])
        self.assertIn("multiply_numbers", self.run_program("map")[0].decode())

    def test_without_cache_nothing_is_kept_and_nothing_taken_from_disk(self):
        self.run_program("map", "--no-cache")
        self.assertFalse(os.path.exists(self.cache))
        self.run_program("index")
        self.assertEqual(self.parsed("--no-cache"), (2, 0))

    def test_the_default_place_is_that_of_xdg_and_private(self):
        del self.environment["REPO_MAP_CACHE_DIR"]
        self.run_program("index")
        place = os.path.join(self.home, ".cache/repomap")
        self.assertEqual(self.parsed(), (0, 2))
        for directory, _, names in os.walk(place):
            self.assertEqual(os.stat(directory).st_mode & 0o077, 0, directory)
            for name in names:
                self.assertEqual(os.stat(os.path.join(directory, name)).st_mode & 0o077, 0, name)
        self.environment["XDG_CACHE_HOME"] = os.path.join(self.home, "xdg")
        self.run_program("index")
        self.assertTrue(os.path.isdir(os.path.join(self.home, "xdg/repomap")))

    def test_work_trees_of_a_repository_share_what_was_parsed(self):
        self.git("init", "-q")
        self.git("add", ".")
        self.git("commit", "-qm", "one")
        self.run_program("index")
        other = os.path.join(self.work, "other")
        self.git("worktree", "add", "-q", other)
        self.assertEqual(self.json("index", other)["parsed"], 0)

    def test_branches_share_what_was_parsed(self):
        self.git("init", "-q")
        self.git("add", ".")
        self.git("commit", "-qm", "one")
        self.git("checkout", "-qb", "other")
        self.write("lib.c", "int other_function(void) { return 1; }\n")
        self.git("commit", "-qam", "two")
        self.assertEqual(self.json("index")["parsed"], 2)
        self.git("checkout", "-q", "main")
        self.assertEqual(self.json("index")["parsed"], 1)
        for branch in ("other", "main"):
            self.git("checkout", "-q", branch)
            self.assertEqual(self.json("index")["parsed"], 0, branch)


class Care(CacheTest):
    def test_stats_have_the_documented_keys_for_every_kind_in_order(self):
        self.run_program("map")
        document = self.json("cache", "stats")
        self.assertEqual(list(document), ["root", "memory", "kinds"])
        self.assertEqual(list(document["memory"]), ["configured_bytes", "budget_bytes", "used_bytes", "state"])
        self.assertLessEqual(document["memory"]["budget_bytes"], document["memory"]["configured_bytes"])
        self.assertEqual(document["root"], self.cache)
        self.assertEqual([kind["kind"] for kind in document["kinds"]], KINDS)
        for kind in document["kinds"]:
            self.assertEqual(list(kind), ["kind", "directory", "policy", "expirations", "damaged", "quarantined",
                                          "error", "tiers"])
            for tier in kind["tiers"]:
                self.assertEqual(list(tier), TIER)
        items = self.disk_items()
        self.assertEqual((items["tags"], items["repo_scan"], items["maps"]), (2, 1, 1))

    def test_stats_count_hits_over_processes(self):
        self.run_program("map")
        self.write("lib.c", "int multiply_numbers(int a, int b)\n{\n  return a * b;\n}\n")
        for _ in range(3):
            self.run_program("map")
        [maps] = self.json("cache", "stats", "--kind", "maps")["kinds"]
        disk = maps["tiers"][-1]
        self.assertGreaterEqual(disk["hits"], 2)
        self.assertGreaterEqual(disk["misses"], 2)
        self.assertAlmostEqual(disk["hit_rate"], disk["hits"] / (disk["hits"] + disk["misses"]))

    def test_stats_are_a_table_for_people_without_colours_in_a_pipe(self):
        self.run_program("map")
        text = self.run_program("cache", "stats")[0].decode()
        self.assertTrue(text.startswith(self.cache + "\n\n"))
        self.assertNotIn("\x1b", text)
        for kind in KINDS:
            self.assertRegex(text, rf"(?m)^{kind} ")
        rows = text.rstrip("\n").split("\n")[2:]
        self.assertEqual(rows[0].split()[:4], ["kind", "entries", "size", "limit"])

    def test_looking_makes_nothing(self):
        for command in ("stats", "check", "expire", "cull", "clear", "migrate"):
            self.run_program("cache", command)
        self.run_program("cache", "inspect", status=NOTHING_FOUND)
        self.assertFalse(os.path.exists(self.cache), os.listdir(self.home))

    def test_inspect_lists_filters_and_orders(self):
        self.run_program("map")
        document = self.json("cache", "inspect", "--kind", "tags", "--kind", "repo_scan")
        self.assertEqual(list(document), ["found", "bytes", "entries"])
        self.assertEqual(document["found"], 3)
        self.assertEqual([list(entry) for entry in document["entries"]], [ENTRY] * 3)
        self.assertEqual({entry["kind"] for entry in document["entries"]}, {"tags", "repo_scan"})
        self.assertEqual(document["bytes"], sum(entry["bytes"] for entry in document["entries"]))
        of_lib = self.json("cache", "inspect", "file:lib.c", "--kind", "tags,scan")["entries"]
        self.assertTrue(of_lib and all("file:lib.c" in entry["tags"] for entry in of_lib))
        largest = [entry["bytes"] for entry in self.json("cache", "inspect", "--order", "largest")["entries"]]
        self.assertEqual(largest, sorted(largest, reverse=True))
        limited = self.json("cache", "inspect", "--limit", "1")
        self.assertEqual(len(limited["entries"]), 1)
        self.assertGreater(limited["found"], 3)
        text = self.run_program("cache", "inspect", "--kind", "tags")[0].decode()
        self.assertIn("file:lib.c", text)
        self.assertEqual(self.json("cache", "inspect", "zzz", status=NOTHING_FOUND)["entries"], [])

    def test_get_shows_the_entry_of_a_key_that_inspect_has_shown(self):
        self.run_program("map")
        keys = self.run_program("cache", "inspect", "--keys", "--limit", "0")[0].decode().splitlines()
        self.assertEqual(len(keys), sum(self.disk_items().values()))
        for key in keys:
            [entry] = self.json("cache", "get", key)["entries"]
            self.assertEqual(list(entry), ENTRY + ["value"])
            self.assertEqual(entry["key"], key)
            raw = self.run_program("cache", "get", key, "--kind", entry["kind"], "--raw")[0]
            self.assertEqual(base64.b64decode(entry["value"]), raw)
            self.assertIn(entry["kind"], self.run_program("cache", "get", key)[0].decode())

    def test_get_of_what_is_not_there_and_of_what_is_no_key(self):
        self.run_program("map")
        self.assertIn('no entry has the key "zzz", 7', self.message("cache", "get", '"zzz", 7', status=NOTHING_FOUND))
        self.assertEqual(self.json("cache", "get", "42", status=NOTHING_FOUND)["entries"], [])
        for text in ("zzz", '"open', "#12", "1,,2", ""):
            self.assertIn("is no part of a key", self.message("cache", "get", text, status=WRONG_USAGE), text)

    def test_evicting_a_file_makes_it_new(self):
        self.run_program("map")
        document = self.json("cache", "evict", "file:lib.c")
        self.assertEqual(list(document), ["root", "removed", "kinds"])
        self.assertEqual(list(document["kinds"][0]), ["kind", "removed", "bytes_before", "bytes_after", "error"])
        removed = {kind["kind"]: kind["removed"] for kind in document["kinds"]}
        self.assertEqual((removed["tags"], removed["maps"], removed["repo_scan"]), (1, 1, 1))
        self.assertEqual(document["removed"], sum(removed.values()))
        self.assertEqual(self.parsed(), (1, 1))
        self.assertEqual(self.parsed(), (0, 2))

    def test_evicting_of_one_kind_leaves_the_others(self):
        self.run_program("map")
        before = self.disk_items()
        text = self.run_program("cache", "evict", "file:lib.c", "--kind", "tags")[0].decode()
        self.assertIn("tags       1 entry removed", text)
        self.assertEqual(self.disk_items(), before | {"tags": 1})
        self.assertEqual(self.run_program("cache", "evict", "file:none.c")[0], b"nothing to remove\n")

    def test_clear_says_what_it_has_removed(self):
        self.run_program("map")
        before = sum(self.disk_items().values())
        text = self.run_program("cache", "clear")[0].decode()
        self.assertRegex(text, rf"(?m)^{before} entries removed, .* of disk space freed$")
        self.assertEqual(sum(self.disk_items().values()), 0)
        self.assertEqual(self.parsed(), (2, 0))

    def test_queue_and_index_are_removed_by_force_only(self):
        self.run_program("index")
        for command in (["clear"], ["expire"], ["cull"], ["evict", "x"]):
            text = self.message("cache", *command, "--kind", "queue", status=WRONG_USAGE)
            self.assertIn("--force", text)
            self.run_program("cache", *command, "--kind", "index", "--force")
            touched = {kind["kind"] for kind in self.json("cache", *command)["kinds"]}
            self.assertEqual(touched, set(KINDS) - DURABLE, command)
            touched = {kind["kind"] for kind in self.json("cache", *command, "--force")["kinds"]}
            self.assertEqual(touched, set(KINDS), command)

    def test_expire_removes_what_is_over(self):
        self.environment["REPO_MAP_CACHE_TAGS_TTL"] = "1"
        self.run_program("index")
        database = os.path.join(self.layout(), "tags/cache.db")
        connection = sqlite3.connect(database)
        connection.execute("UPDATE entries SET expires_us = 1000 WHERE id = 1")
        connection.commit()
        connection.close()
        removed = self.json("cache", "expire")["kinds"]
        self.assertEqual({kind["kind"]: kind["removed"] for kind in removed if kind["removed"]}, {"tags": 1})

    def test_cull_brings_a_kind_within_its_limit(self):
        for i in range(40):
            self.write(f"src/large_{i}.c", "".join(f"int name_{i}_{j}(void) {{ return {j}; }}\n" for j in range(3000)))
        self.run_program("index")
        limit = {"REPO_MAP_CACHE_TAGS_SIZE_MB": "1"}
        self.environment |= limit
        [tags] = self.json("cache", "cull", "--kind", "tags")["kinds"]
        self.assertGreater(tags["removed"], 0)
        self.assertGreater(tags["bytes_before"], tags["bytes_after"])
        [tags] = self.json("cache", "stats", "--kind", "tags")["kinds"]
        self.assertEqual(tags["tiers"][-1]["limit_bytes"], 1 << 20)
        # What SQLite needs besides the entries counts as bytes, and not against the limit.
        self.assertLessEqual(tags["tiers"][-1]["bytes"], (1 << 20) + (1 << 18))

    def test_explain_says_of_each_stage_what_was_found_and_what_has_changed(self):
        stages = self.json("cache", "explain", "lib.c")
        self.assertEqual(list(stages), ["path", "stages"])
        self.assertEqual([list(stage) for stage in stages["stages"]], [["stage", "hit", "changed", "detail", "cost_us"]] * 3)
        self.assertEqual([stage["hit"] for stage in stages["stages"]], [False] * 3)
        self.run_program("map")
        stages = self.json("cache", "explain", "lib.c")["stages"]
        self.assertEqual([stage["stage"] for stage in stages], ["scan", "tags", "graph"])
        self.assertEqual([stage["hit"] for stage in stages[:2]], [True] * 2, stages)
        self.write("lib.c", "int multiply_numbers(int a, int b) { return a * b; }\n")
        stages = self.json("cache", "explain", "lib.c")["stages"]
        self.assertEqual([(stage["hit"], stage["changed"]) for stage in stages[:2]],
                         [(False, ["inputs"]), (False, ["inputs"])])
        text = self.run_program("cache", "explain", "lib.c")[0].decode()
        self.assertRegex(text, r"(?m)^tags +MISS +inputs ")
        self.assertEqual(len(self.json("cache", "explain", "lib.c", "--kind", "tags")["stages"]), 1)
        self.assertIn("did you mean lib.c?", self.message("cache", "explain", "lob.c", status=FAILED))

    def test_explain_finds_the_symbols_of_a_repository_that_is_large_enough_to_store_them(self):
        for i in range(100):
            self.write(f"src/file_{i}.c", f"int callee_{i}(int a);\nint caller_{i}(void) {{ return callee_{i}({i}); }}\n")
        self.settle()
        self.run_program("map")
        graph = self.json("cache", "explain", "lib.c")["stages"][2]
        self.assertEqual((graph["stage"], graph["hit"]), ("graph", True), graph)

    def test_warm_makes_the_next_map_a_hit(self):
        document = self.json("cache", "warm")
        self.assertEqual(list(document)[-1], "map_tokens")
        self.assertEqual(document["parsed"], 2)
        self.run_program("map")
        [maps] = self.json("cache", "stats", "--kind", "maps")["kinds"]
        self.assertEqual((maps["tiers"][-1]["items"], maps["tiers"][-1]["hits"]), (1, 1))

    def test_migrate_moves_an_older_layout_and_leaves_a_newer_one(self):
        self.run_program("index")
        items = self.disk_items()
        os.rename(self.layout(), os.path.join(self.cache, "v0"))
        shutil.copytree(os.path.join(self.cache, "v0"), os.path.join(self.cache, "v9"))
        document = self.json("cache", "migrate", "--dry-run")
        self.assertEqual(list(document), ["root", "dry_run", "layouts"])
        self.assertEqual([layout["layout"] for layout in document["layouts"]], ["v0", "v9"])
        self.assertEqual(list(document["layouts"][0]), ["layout", "path", "removed", "kinds"])
        self.assertFalse(os.path.exists(self.layout()))
        old, new = self.json("cache", "migrate")["layouts"]
        self.assertTrue(old["removed"])
        self.assertEqual({kind["kind"]: kind["moved"] for kind in old["kinds"] if kind["moved"]},
                         {kind: count for kind, count in items.items() if count})
        self.assertFalse(new["removed"])
        self.assertTrue(all("newer version" in kind["error"] for kind in new["kinds"]))
        self.assertEqual(sorted(os.listdir(self.cache)), ["v1", "v9"])
        self.assertEqual(self.parsed(), (0, 2))
        self.assertEqual(self.run_program("cache", "migrate")[0].decode().splitlines()[0], os.path.join(self.cache, "v9"))

    def test_wrong_usage_of_the_commands_says_what_to_do(self):
        cases = {
            ("cache",): "a command is needed; repomap cache --help",
            ("cache", "stat"): 'no command named "stat"; did you mean stats?; repomap cache --help lists them',
            ("cache", "stats", "--kind", "tag"): "did you mean tags?",
            ("cache", "stats", "--kind"): "--kind",
            ("cache", "stats", "--jsn"): "no option --jsn; did you mean --json?; repomap cache stats --help",
            ("cache", "stats", "x"): '"x" is one argument too many',
            ("cache", "evict"): "TAG is required",
            ("cache", "get"): "KEY is required",
            ("cache", "explain"): "PATH is required",
            ("cache", "inspect", "--order", "largst"): "did you mean largest?",
            ("map", "--refresh", "atuo"): "did you mean auto?",
        }
        for arguments, expected in cases.items():
            text = self.message(*arguments, status=WRONG_USAGE)
            self.assertIn(expected, text, arguments)
            self.assertEqual(text.count("\n"), 1, text)


class Settings(CacheTest):
    def test_doctor_shows_where_the_cache_is_and_what_is_in_force(self):
        self.environment |= {"REPO_MAP_RESOURCE_DIR": self.work, "REPO_MAP_CACHE_MAPS_TTL": "60"}
        document = self.json("doctor", status=FAILED)
        [check] = [check for check in document["checks"] if check["name"] == "cache"]
        self.assertTrue(check["ok"], check)
        self.assertIn(self.cache, check["detail"])
        self.assertEqual([kind["kind"] for kind in document["cache"]["kinds"]], KINDS)
        maps = document["cache"]["kinds"][1]
        self.assertEqual((maps["ttl_seconds"], document["cache"]["kinds"][0]["ttl_seconds"]), (60, 0))
        values = {value["key"]: value for value in document["settings"]}
        self.assertEqual(values["cache.maps.ttl"]["origin"], "REPO_MAP_CACHE_MAPS_TTL")
        self.assertEqual(values["cache.dir"]["origin"], "REPO_MAP_CACHE_DIR")
        self.assertIn("maps", self.run_program("doctor", status=FAILED)[0].decode())

    def test_a_cache_in_the_repository_is_refused(self):
        self.environment["REPO_MAP_CACHE_DIR"] = os.path.join(self.tree, "cache")
        self.assertIn("inside the repository", self.message("map", status=WRONG_USAGE))
        self.assertFalse(os.path.exists(os.path.join(self.tree, "cache")))

    def test_durable_kinds_cannot_be_told_to_forget(self):
        self.environment["REPO_MAP_CACHE_QUEUE_TTL"] = "60"
        self.assertIn("cannot be computed again", self.message("map", status=WRONG_USAGE))


if __name__ == "__main__":
    unittest.main()
