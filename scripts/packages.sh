# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034  # the arrays are read by the scripts that source this file
#
# The Debian packages that each purpose needs. Node, npm and cargo are taken from apt only where no other is installed.

runtime_packages=(ca-certificates cmake g++ git ninja-build pkg-config
  libboost-dev libcli11-dev libfmt-dev libgit2-dev libpcre2-dev libspdlog-dev libsqlite3-dev libtomlplusplus-dev
  libxxhash-dev libzstd-dev
  nlohmann-json3-dev)

test_packages=(libbenchmark-dev libgtest-dev neovim python3 python3-networkx python3-venv universal-ctags vim-tiny)

check_packages=(clang-19 clang-format-19 libclang-rt-19-dev llvm-19)

package_packages=(dpkg-dev file)
