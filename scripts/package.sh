#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes the Debian package in build-deb/.
set -euo pipefail
cd -- "${BASH_SOURCE[0]%/*}/.."
scripts/setup.sh package
cmake -S . -B build-deb -G Ninja -DCMAKE_BUILD_TYPE=Release -DREPOMAP_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr
ninja -C build-deb
cd build-deb
cpack -G DEB
ls -l -- *.deb
