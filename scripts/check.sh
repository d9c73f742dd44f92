#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Every check that is not a plain test run: scripts/check.sh [step…]. Without arguments all steps run, also after one has
# failed; the summary at the end names them. Exit 1 if any failed.
#
#   format   clang-format finds nothing to change
#   layers   who includes whom, and the shape of files (also tests of ./test)
#   headers  every header compiles alone
#   tidy     clang-tidy, warnings as errors
#   asan     build with clang++ (-Werror=thread-safety among others), every test under ASan and UBSan
#   tsan     the tests labelled "threads" under TSan
set -uo pipefail
root=$(cd -- "${BASH_SOURCE[0]%/*}/.." && pwd)
cd "$root" || exit 1
jobs=${REPOMAP_TEST_JOBS:-$(nproc)}
compiler=clang++-19
symbolizer=/usr/lib/llvm-19/bin/llvm-symbolizer
export ASAN_SYMBOLIZER_PATH=$symbolizer UBSAN_SYMBOLIZER_PATH=$symbolizer
rooms=(core parsers ranking watcher service cli)

cpp_files() {
  find "${rooms[@]}" tests bench fuzz -name '*.[ch]pp' -print0 2>/dev/null
}

step_format() { cpp_files | xargs -0 -r clang-format-19 --dry-run -Werror; }

step_layers() {
  python3 tests/architecture/layers.py "$root" && python3 tests/architecture/shape.py "$root"
}

# The headers that no build has proven: a .cpp of the same name that includes its header first has compiled it alone.
unproven_headers() {
  local header source
  find "${rooms[@]}" -name '*.hpp' | while read -r header; do
    source=${header%.hpp}.cpp
    [[ $(grep -m 1 '^#include' "$source" 2>/dev/null) == "#include \"$header\"" ]] || printf '%s\0' "$header"
  done
}

# With the include paths that our own translation units use.
step_headers() {
  local flags
  flags=$(python3 - build-tidy/compile_commands.json <<'PYTHON'
import json, re, sys
found = set()
for entry in json.load(open(sys.argv[1], encoding="utf-8")):
    found.update(re.findall(r"-isystem \S+", entry["command"]))
print(" ".join(sorted(found)))
PYTHON
  ) || return 1
  # shellcheck disable=SC2086  # the flags are a list of words
  unproven_headers | xargs -0 -r -n 1 -P "$jobs" \
    "$compiler" -std=c++23 -fsyntax-only -x c++ -Wall -Wextra -Werror -Wno-pragma-once-outside-header -I. $flags
}

step_tidy() { python3 scripts/tidy.py "$root" build-tidy build/check-tools --jobs "$jobs"; }

# configure DIRECTORY SANITIZERS UNITY: the grammars are those of the normal build; they hold no code of ours. UNITY is ON
# to compile several sources as one, which takes a third of the time; OFF tells the tools how each is compiled alone.
configure() {
  local launcher=()
  if command -v ccache >/dev/null; then
    launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  cmake -S . -B "$1" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS="-O1 -g1" -DCMAKE_CXX_COMPILER=$compiler \
    -DREPOMAP_SANITIZE="$2" -DREPOMAP_UNITY="$3" -DREPOMAP_TESTS=ON -DREPOMAP_PREBUILT_GRAMMARS="$root/build/grammars" "${launcher[@]}" \
    >"$root/build/${1##*/}.log" 2>&1 || { cat "$root/build/${1##*/}.log"; return 1; }
}

# run_asan_tests ASAN-OPTIONS CTEST-ARGUMENTS…
run_asan_tests() {
  ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:$1 \
    LSAN_OPTIONS=suppressions="$root/scripts/lsan_suppressions.txt:print_suppressions=0" \
    UBSAN_OPTIONS=print_stacktrace=1 \
    ctest --test-dir build-asan --output-on-failure --parallel "$jobs" "${@:2}"
}

# A leak of libgit2 is told by its whole stack: it keeps no frame pointer, and unwinding by tables is ten times as slow.
step_asan() {
  local status=0
  configure build-asan address,undefined ON || return 1
  ninja -C build-asan -j "$jobs" --quiet || return 1
  run_asan_tests fast_unwind_on_malloc=1 -LE whole_stacks || status=1
  run_asan_tests fast_unwind_on_malloc=0 -L whole_stacks --no-tests=error || status=1
  return $status
}

step_tsan() {
  configure build-tsan thread ON || return 1
  ninja -C build-tsan -j "$jobs" --quiet repomap_thread_tests || return 1
  TSAN_OPTIONS=halt_on_error=1:external_symbolizer_path=$symbolizer \
    ctest --test-dir build-tsan --output-on-failure --parallel "$jobs" -L threads --no-tests=error
}

# What a failed step has found, as far as lines tell it. A log is cut off at its beginning sooner than at its end.
findings() {
  local names='error: |\((Failed|Timeout|SEGFAULT|Subprocess aborted)\)|SUMMARY: '
  grep -E -A 6 ': Failure$|^REPOMAP_SEED=|^(FAIL|ERROR): |^AssertionError' "$1" | head -n 20 | cut -c 1-300
  { grep -E "$names" "$1" || cat "$1"; } | tail -n 25 | cut -c 1-300
}

main() {
  local steps=("$@") failed=() step started
  ((${#steps[@]})) || steps=(format layers headers tidy asan tsan)
  scripts/setup.sh check || exit 1
  configure build-tidy address,undefined OFF || exit 1
  for step in "${steps[@]}"; do
    printf '== check: %s\n' "$step"
    started=$SECONDS
    "step_$step" 2>&1 | tee "build/check-$step.log"
    ((PIPESTATUS[0] == 0)) || failed+=("$step")
    printf '== check: %s took %d s\n' "$step" $((SECONDS - started))
  done
  for step in "${failed[@]}"; do
    printf '== check: %s found\n' "$step"
    findings "build/check-$step.log"
  done
  if ((${#failed[@]})); then
    printf 'check: FAILED: %s\n' "${failed[*]}"
    exit 1
  fi
  printf 'check: all passed: %s\n' "${steps[*]}"
}

main "$@"
