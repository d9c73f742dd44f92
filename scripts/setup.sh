#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Brings the tree to the point where the program (scripts/setup.sh runtime) or the program and its tests
# (scripts/setup.sh test) are built in build/. Each step first looks whether it has anything to do, so a second run costs
# only a null build. "package" stops when the sources and what scripts/package.sh needs are there.
#
# All messages go to stderr: one line per step, and a step that fails is named together with its log. Exit: 0 or 1.
set -uo pipefail

here=${BASH_SOURCE[0]%/*}
root=$(cd -- "$here/.." && pwd)
build=$root/build
log=$build/setup.log
purpose=${1:-runtime}
# shellcheck source=scripts/packages.sh
source "$root/scripts/packages.sh"

say() { printf 'repomap set-up: %s\n' "$*" >&2; }

# fail STEP MESSAGE…: the last lines of the log, then what went wrong.
fail() {
  local step=$1
  shift
  if [[ -s $log ]]; then
    tail -n 25 "$log" >&2
  fi
  say "FAILED at step '$step': $*"
  exit 1
}

# On a terminal, shows the newest line of its input in place.
show_last_line() {
  if [[ -t 2 ]]; then
    awk '{ printf "\r\033[K  %.100s", $0; fflush() } END { printf "\r\033[K" }' >&2
  else
    cat >/dev/null
  fi
}

# logged COMMAND…: the command's output goes to the log. Its status.
logged() {
  printf '\n== %s\n' "$*" >>"$log"
  "$@" 2>&1 </dev/null | tee -a "$log" | show_last_line
}

# run STEP COMMAND…: the same; a failure ends the set-up.
run() {
  local step=$1
  shift
  logged "$@" || fail "$step" "'$*' ended with status $?; the whole log is $log"
}

# missing_packages NAME…: those of the Debian packages that are not installed.
missing_packages() {
  local installed name
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null)
  for name in "$@"; do
    grep -qx "installed $name" <<<"$installed" || printf '%s ' "$name"
  done
}

# as_root COMMAND…: through sudo where we are not root.
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif [[ -t 2 ]]; then
    sudo -- "$@"
  else
    sudo -n -- "$@"
  fi
}

install_packages() {
  local wanted=("${runtime_packages[@]}") missing
  [[ $purpose == test ]] && wanted+=("${test_packages[@]}")
  [[ $purpose == check ]] && wanted+=("${test_packages[@]}" "${check_packages[@]}")
  [[ $purpose == package ]] && wanted+=("${package_packages[@]}")
  command -v node >/dev/null || wanted+=(nodejs)
  command -v npm >/dev/null || wanted+=(npm)
  crates_are_there || command -v cargo >/dev/null || wanted+=(cargo)
  if ! command -v dpkg-query >/dev/null; then
    say "packages: no dpkg here, so taking for granted what these Debian packages hold: ${wanted[*]}"
    return
  fi
  read -ra missing <<<"$(missing_packages "${wanted[@]}")"
  ((${#missing[@]} == 0)) && return
  local command="apt-get install -y --no-install-recommends ${missing[*]}"
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    fail packages "this needs root and there is no sudo; as root, run:  $command"
  fi
  say "packages: installing ${missing[*]}"
  logged as_root apt-get update || say "packages: apt-get update failed, trying with the lists that are there"
  # shellcheck disable=SC2086  # the command is a list of plain words
  logged as_root env DEBIAN_FRONTEND=noninteractive $command ||
    fail packages "could not install them; run this as root and see what it says:  $command"
}

# The stamp is a copy of the lock file inside node_modules, which npm ci itself removes first. What only tests need is
# left out of all other purposes; where it is there already, it stays.
install_npm_packages() {
  local stamp=$root/node_modules/.repomap-package-lock.json omitted=()
  cmp -s "$root/package-lock.json" "$stamp" && return
  if [[ $purpose == runtime || $purpose == package ]]; then
    stamp=$root/node_modules/.repomap-runtime-lock.json
    cmp -s "$root/package-lock.json" "$stamp" && return
    omitted=(--omit=dev)
  fi
  say "npm ci: fetching the tree-sitter core, the grammars and the token ranks"
  run "npm ci" env -C "$root" npm ci --no-progress --loglevel=error "${omitted[@]}"
  cp "$root/package-lock.json" "$stamp" || fail "npm ci" "cannot write $stamp"
}

# crate_pins: the lines "name version sha256" of the pin file.
crate_pins() { grep -v '^#' "$root/cmake/crates.txt"; }

crates_are_there() {
  local name version sha256
  while read -r name version sha256; do
    [[ $(cat "$root/.crates/$name-$version/.sha256" 2>/dev/null) == "$sha256" ]] || return 1
  done < <(crate_pins)
}

# A throw-away package that depends on the pinned crates. Their own dependencies are never compiled; they are pinned to
# releases whose manifests the cargo of Debian 12 can read.
write_scratch_package() {
  local directory=$1
  mkdir -p "$directory"
  : >"$directory/lib.rs"
  {
    printf '[package]\nname = "scratch"\nversion = "0.0.0"\nedition = "2018"\n[lib]\npath = "lib.rs"\n[dependencies]\n'
    crate_pins | awk '{ printf "%s = \"=%s\"\n", $1, $2 }'
    printf 'cc = "=1.2.1"\nshlex = "=1.3.0"\ntree-sitter-language = "=0.1.5"\n'
  } >"$directory/Cargo.toml"
}

# Cargo before 1.68 would clone the whole package index unless told to use the sparse one, then still unstable.
cargo_fetch() {
  local directory=$1 minor
  minor=$(cargo --version | sed -n 's/^cargo 1\.\([0-9]*\).*/\1/p')
  if ((${minor:-99} < 68)); then
    export RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_SPARSE_REGISTRY=true
  fi
  run crates cargo fetch --manifest-path "$directory/Cargo.toml"
}

# unpack_crate NAME VERSION SHA256: from cargo's cache to .crates/NAME-VERSION, if its digest is the pinned one.
unpack_crate() {
  local name=$1 version=$2 sha256=$3 target=$root/.crates/$1-$2 crate
  for crate in "${CARGO_HOME:-$HOME/.cargo}"/registry/cache/*/"$name-$version.crate"; do
    [[ $(sha256sum "$crate" 2>/dev/null) == "$sha256 "* ]] || continue
    rm -rf -- "$target"
    mkdir -p "$root/.crates"
    run crates tar -xzf "$crate" -C "$root/.crates"
    printf '%s\n' "$sha256" >"$target/.sha256"
    return
  done
  fail crates "no $name-$version.crate with the pinned SHA-256 $sha256 in cargo's cache"
}

install_crates() {
  local scratch name version sha256
  crates_are_there && return
  say "crates: fetching $(crate_pins | wc -l) grammars that only crates.io has"
  scratch=$(mktemp -d) || fail crates "no temporary directory"
  write_scratch_package "$scratch"
  cargo_fetch "$scratch"
  rm -rf -- "$scratch"
  while read -r name version sha256; do
    unpack_crate "$name" "$version" "$sha256"
  done < <(crate_pins)
}

# A virtual environment, build/check-tools.
install_check_tools() {
  local pins=$root/scripts/check_tools.txt tools=$build/check-tools
  cmp -s "$pins" "$tools/.pins" && return
  say "check tools: fetching clang-tidy"
  run "check tools" python3 -m venv --clear "$tools"
  run "check tools" "$tools/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$pins"
  cp "$pins" "$tools/.pins" || fail "check tools" "cannot write $tools"
}

configure() {
  local tests=OFF options=()
  [[ $purpose == test || $purpose == check ]] && tests=ON
  if [[ -f $build/build.ninja ]]; then
    [[ $tests == OFF ]] && return
    grep -q '^REPOMAP_TESTS:BOOL=ON' "$build/CMakeCache.txt" && return
  fi
  if command -v ccache >/dev/null; then
    options+=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  say "configure: cmake, Release, tests $tests"
  run configure cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DREPOMAP_TESTS=$tests "${options[@]}"
}

# Reads ninja's lines "[done/total] …" and shows them: in place on a terminal, else every tenth of the way.
show_progress() {
  local in_place=0
  [[ -t 2 ]] && in_place=1
  awk -v in_place="$in_place" '
    match($0, /^\[[0-9]+\/[0-9]+\]/) {
      split(substr($0, 2, RLENGTH - 2), n, "/")
      if (in_place) { printf "\r\033[Krepomap set-up: build %d of %d", n[1], n[2]; shown = 1; fflush() }
      else if (n[2] > 9 && int(n[1] * 10 / n[2]) > tenth) {
        tenth = int(n[1] * 10 / n[2]); printf "repomap set-up: build %d of %d\n", n[1], n[2]; fflush()
      }
    }
    END { if (shown) printf "\r\033[K" }' >&2
}

build_targets() {
  local target=repomap_runtime started=$SECONDS
  [[ $purpose == test || $purpose == check ]] && target=all
  if ninja -C "$build" -n "$target" 2>/dev/null | grep -q 'no work to do'; then
    return
  fi
  say "build: compiling with $(nproc) jobs (minutes the first time, seconds later)"
  printf '\n== build\n' >>"$log"
  ninja -C "$build" -j "$(nproc)" "$target" 2>&1 </dev/null | tee -a "$log" | show_progress ||
    fail build "ninja ended with an error; the whole log is $log"
  say "build: done in $((SECONDS - started)) s"
}

main() {
  case $purpose in
    runtime | test | check | package) ;;
    *) say "unknown purpose '$purpose': runtime, test, check or package"; exit 1 ;;
  esac
  mkdir -p "$build" || { say "FAILED: cannot write to $build"; exit 1; }
  exec 9>"$build/.lock"
  if ! flock -n 9; then
    say "waiting for another set-up of this tree"
    flock 9
  fi
  : >"$log"
  install_packages
  install_npm_packages
  install_crates
  [[ $purpose == check ]] && install_check_tools
  [[ $purpose == package ]] && return
  # Taken before the build, so that a source saved meanwhile is newer than the stamp.
  : >"$build/.built.next"
  configure
  build_targets
  mv -f "$build/.built.next" "$build/.built"
}

main
