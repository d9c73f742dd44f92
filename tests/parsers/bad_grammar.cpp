// SPDX-License-Identifier: Apache-2.0
// A shared object that looks like grammars which cannot be used.
extern "C" {
#include <parser.h>

const TSLanguage* tree_sitter_abi_99();
const TSLanguage* tree_sitter_null();
}

namespace {

TSLanguage make_language() {
  TSLanguage language{};
  language.abi_version = 99;
  return language;
}

}  // namespace

const TSLanguage* tree_sitter_abi_99() {
  static const TSLanguage kLanguage = make_language();
  return &kLanguage;
}

const TSLanguage* tree_sitter_null() { return nullptr; }
