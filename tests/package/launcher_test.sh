#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# launcher_test.sh SOURCE_DIRECTORY: the launcher starts a built program without a set-up, notices a newer source, and
# passes on arguments and status. A copy of the launcher runs with a stand-in for set-up and program.
set -euo pipefail
source_directory=$1
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
tree="$work/a tree"
mkdir -p "$tree"/{scripts,build/bin,core,parsers,ranking,watcher,service,cli,cmake}
cp "$source_directory/repomap" "$tree/"
touch "$tree/CMakeLists.txt" "$tree/package-lock.json" "$tree/core/a.cpp"
# shellcheck disable=SC2016  # for the script that this writes
printf '#!/bin/bash\necho "set-up $1" >&2\ntouch "%s/build/.built"\n' "$tree" >"$tree/scripts/setup.sh"
printf '#!/bin/bash\nprintf "<%%s>" "$@"\nexit 3\n' >"$tree/build/bin/repomap"
chmod +x "$tree/scripts/setup.sh" "$tree/build/bin/repomap"

# expect_run SET-UP-MESSAGE COMMAND…: what the set-up says, and that the program got its arguments and its status out.
expect_run() {
  local expected=$1 status=0 output
  shift
  output=$("$@" map "two words" 2>"$work/stderr") || status=$?
  if [[ $output != "<map><two words>" || $status != 3 || $(cat "$work/stderr") != "$expected" ]]; then
    echo "'$*': status $status, stdout '$output', stderr '$(cat "$work/stderr")', expected set-up message '$expected'"
    exit 1
  fi
}

expect_run "set-up runtime" "$tree/repomap"
expect_run "" "$tree/repomap"
touch -d '+1 minute' "$tree/core/a.cpp"
expect_run "set-up runtime" "$tree/repomap"
touch -d '-1 minute' "$tree/core/a.cpp"
ln -s "$tree/repomap" "$work/link"
expect_run "" "$work/link"
cd "$tree"
expect_run "" ./repomap
expect_run "" bash repomap

printf '#!/bin/bash\nexit 1\n' >"$tree/scripts/setup.sh"
rm "$tree/build/.built"
if ./repomap map >"$work/stdout"; then
  echo "a failed set-up was followed by a run"
  exit 1
fi
[[ ! -s $work/stdout ]]
