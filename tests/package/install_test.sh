#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# install_test.sh BUILD_DIRECTORY CXX_COMPILER: installs into a temporary directory, finds every part there, moves the
# whole, builds programs against the library and runs them and the installed repomap on a small project.
set -euo pipefail
build=$1
compiler=$2
here=$(cd -- "${BASH_SOURCE[0]%/*}" && pwd)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
unset REPO_MAP_RESOURCE_DIR
export REPO_MAP_CACHE_DIR=$work/cache REPO_MAP_DAEMON=off

expect() {
  if ! grep -q -- "$1" "$2"; then
    printf 'expected "%s" in:\n' "$1"
    cat "$2"
    exit 1
  fi
}

cmake --install "$build" --prefix "$work/first" >"$work/install.log"
mv "$work/first" "$work/prefix"
prefix=$work/prefix
for part in bin/repomap 'lib*/repomap/grammars/c.so' 'lib*/repomap/grammars/manifest.tsv' share/repomap/queries/c.scm \
  share/repomap/data/o200k_base.bpe 'lib*/librepomap_service.a' include/repomap/service/service.hpp \
  share/man/man1/repomap.1 share/bash-completion/completions/repomap share/zsh/vendor-completions/_repomap \
  share/fish/vendor_completions.d/repomap.fish lib/systemd/user/repomap.service lib/systemd/user/repomap.socket share/doc/repomap/copyright share/doc/repomap/third-party-licences; do
  compgen -G "$prefix/$part" >/dev/null || compgen -G "$prefix/${part/lib\*/lib/*}" >/dev/null || {
    echo "not installed: $part"
    exit 1
  }
done
if grep -rlI --include='*.cmake' --include='*.tsv' -- "$build" "$prefix"; then
  echo "the files above name the build directory"
  exit 1
fi

mkdir -p "$work/project"
printf 'int add_numbers(int a, int b) { return a + b; }\n' >"$work/project/add.c"
printf 'int add_numbers(int a, int b);\nint main(void) { return add_numbers(1, 2); }\n' >"$work/project/main.c"
"$prefix/bin/repomap" map "$work/project" >"$work/map.txt"
expect add_numbers "$work/map.txt"

cmake -S "$here/consumer" -B "$work/consumer" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$prefix" \
  -DCMAKE_INSTALL_PREFIX="$prefix" >"$work/consumer.log" 2>&1 || { cat "$work/consumer.log"; exit 1; }
cmake --build "$work/consumer" --target install >"$work/consumer.log" 2>&1 || { cat "$work/consumer.log"; exit 1; }
"$prefix/bin/consumer" "$work/project" >"$work/consumer.txt"
expect add_numbers "$work/consumer.txt"

# The example of docs/CACHE.md.
cmake -S "$here/../../docs/examples/embed_cache" -B "$work/embed" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_PREFIX_PATH="$prefix" >"$work/embed.log" 2>&1 || { cat "$work/embed.log"; exit 1; }
cmake --build "$work/embed" >"$work/embed.log" 2>&1 || { cat "$work/embed.log"; exit 1; }
"$work/embed/embed_cache" "$work/words" "$work/project/add.c" >"$work/embed.txt"
expect "11 words, counted" "$work/embed.txt"
"$work/embed/embed_cache" "$work/words" "$work/project/add.c" >"$work/embed.txt"
expect "11 words, from the cache" "$work/embed.txt"
expect "disk *1 hits" "$work/embed.txt"
