# SPDX-License-Identifier: Apache-2.0
#
# The tree-sitter core and the grammars: which there are, where their sources lie, how they are compiled.
# Versions are pinned in package.json, package-lock.json and cmake/crates.txt; scripts/setup.sh fetches them.

set(REPOMAP_NODE_MODULES "${PROJECT_SOURCE_DIR}/node_modules" CACHE PATH "Where npm ci has put the packages")
set(REPOMAP_CRATES "${PROJECT_SOURCE_DIR}/.crates" CACHE PATH "Where the crates of cmake/crates.txt are unpacked")
set(REPOMAP_PREBUILT_GRAMMARS "" CACHE PATH "Take the compiled grammars from here instead of building them")
set(REPOMAP_GRAMMARS_BINARY_DIR "${PROJECT_BINARY_DIR}/grammars")

# <our language id> | <package> | <directory of parser.c inside it> | <symbol behind tree_sitter_>
# A package is an npm package, or a crate of cmake/crates.txt when it starts with "crate:".
set(REPOMAP_GRAMMARS
  "bash|tree-sitter-bash|src|bash"
  "c|tree-sitter-c|src|c"
  "clojure|tree-sitter-clojure-orchard|src|clojure_orchard"
  "cmake|crate:tree-sitter-cmake|src|cmake"
  "commonlisp|tree-sitter-commonlisp|src|commonlisp"
  "cpp|tree-sitter-cpp|src|cpp"
  "csharp|tree-sitter-c-sharp|src|c_sharp"
  "css|tree-sitter-css|src|css"
  "dart|tree-sitter-dart|src|dart"
  "elisp|tree-sitter-elisp|src|elisp"
  "elixir|tree-sitter-elixir|src|elixir"
  "elm|@elm-tooling/tree-sitter-elm|src|elm"
  "erlang|crate:tree-sitter-erlang|src|erlang"
  "go|tree-sitter-go|src|go"
  "groovy|tree-sitter-groovy|src|groovy"
  "haskell|tree-sitter-haskell|src|haskell"
  "hcl|@tree-sitter-grammars/tree-sitter-hcl|src|hcl"
  "html|tree-sitter-html|src|html"
  "java|tree-sitter-java|src|java"
  "javascript|tree-sitter-javascript|src|javascript"
  "json|tree-sitter-json|src|json"
  "julia|tree-sitter-julia|src|julia"
  "kotlin|@tree-sitter-grammars/tree-sitter-kotlin|src|kotlin"
  "lua|@tree-sitter-grammars/tree-sitter-lua|src|lua"
  "make|tree-sitter-make|src|make"
  "markdown|@tree-sitter-grammars/tree-sitter-markdown|tree-sitter-markdown/src|markdown"
  "markdown_inline|@tree-sitter-grammars/tree-sitter-markdown|tree-sitter-markdown-inline/src|markdown_inline"
  "nix|tree-sitter-nix|src|nix"
  "objc|tree-sitter-objc|src|objc"
  "ocaml|tree-sitter-ocaml|grammars/ocaml/src|ocaml"
  "ocaml_interface|tree-sitter-ocaml|grammars/interface/src|ocaml_interface"
  "perl|tree-sitter-perl|src|perl"
  "php|tree-sitter-php|php/src|php"
  "powershell|tree-sitter-powershell|src|powershell"
  "proto|crate:tree-sitter-proto|src|proto"
  "python|tree-sitter-python|src|python"
  "r|@davisvaughan/tree-sitter-r|src|r"
  "ruby|tree-sitter-ruby|src|ruby"
  "rust|tree-sitter-rust|src|rust"
  "scala|tree-sitter-scala|src|scala"
  "solidity|tree-sitter-solidity|src|solidity"
  "sql|@derekstride/tree-sitter-sql|src|sql"
  "svelte|@tree-sitter-grammars/tree-sitter-svelte|src|svelte"
  "swift|tree-sitter-swift|src|swift"
  "toml|@tree-sitter-grammars/tree-sitter-toml|src|toml"
  "tsx|tree-sitter-typescript|tsx/src|tsx"
  "typescript|tree-sitter-typescript|typescript/src|typescript"
  "xml|@tree-sitter-grammars/tree-sitter-xml|xml/src|xml"
  "yaml|@tree-sitter-grammars/tree-sitter-yaml|src|yaml"
  "zig|@tree-sitter-grammars/tree-sitter-zig|src|zig")

# Stops the configuration with what to do when a fetched source is not there.
function(repomap_require_source path)
  if(NOT EXISTS "${path}")
    message(FATAL_ERROR "${path} is missing: run scripts/setup.sh, which fetches the pinned sources")
  endif()
endfunction()

# The tree-sitter C library, as a static library that only parsers/ links.
function(repomap_add_tree_sitter_core)
  set(lib "${REPOMAP_NODE_MODULES}/tree-sitter/vendor/tree-sitter/lib")
  repomap_require_source("${lib}/src/lib.c")
  add_library(tree_sitter_core STATIC "${lib}/src/lib.c")
  target_include_directories(tree_sitter_core SYSTEM PUBLIC $<BUILD_INTERFACE:${lib}/include>)
  target_include_directories(tree_sitter_core PRIVATE "${lib}/src")
  target_compile_definitions(tree_sitter_core PRIVATE _POSIX_C_SOURCE=200112L _DEFAULT_SOURCE)
  target_compile_options(tree_sitter_core PRIVATE -O3 -w -fvisibility=hidden)
  set_target_properties(tree_sitter_core PROPERTIES C_STANDARD 11 C_CLANG_TIDY "")
endfunction()

# The directory and the version of a package of the table.
function(repomap_locate_package package directory_variable version_variable)
  if(package MATCHES "^crate:(.+)$")
    set(name "${CMAKE_MATCH_1}")
    file(STRINGS "${PROJECT_SOURCE_DIR}/cmake/crates.txt" pin REGEX "^${name} ")
    string(REGEX REPLACE "^[^ ]+ ([^ ]+) .*$" "\\1" version "${pin}")
    set(directory "${REPOMAP_CRATES}/${name}-${version}")
  else()
    set(directory "${REPOMAP_NODE_MODULES}/${package}")
    repomap_require_source("${directory}/package.json")
    file(READ "${directory}/package.json" manifest)
    string(JSON version GET "${manifest}" version)
  endif()
  set(${directory_variable} "${directory}" PARENT_SCOPE)
  set(${version_variable} "${version}" PARENT_SCOPE)
endfunction()

# One shared object, <build>/grammars/<id>.so, that exports nothing but tree_sitter_<symbol>.
function(repomap_add_grammar id source_directory symbol)
  repomap_require_source("${source_directory}/parser.c")
  set(sources "${source_directory}/parser.c")
  foreach(scanner scanner.c scanner.cc)
    if(EXISTS "${source_directory}/${scanner}")
      list(APPEND sources "${source_directory}/${scanner}")
    endif()
  endforeach()
  # A version script, because the older generated parsers do not mark their entry as visible.
  set(exports "${CMAKE_CURRENT_BINARY_DIR}/${id}.map")
  file(CONFIGURE OUTPUT "${exports}" CONTENT "{ global: tree_sitter_${symbol}; local: *; };\n")
  add_library(grammar_${id} MODULE ${sources})
  target_include_directories(grammar_${id} PRIVATE "${source_directory}")
  target_compile_options(grammar_${id} PRIVATE -O2 -w)
  target_link_options(grammar_${id} PRIVATE "-Wl,--version-script=${exports}" -Wl,--no-undefined)
  set_target_properties(grammar_${id} PROPERTIES
    C_STANDARD 11 C_CLANG_TIDY "" CXX_CLANG_TIDY "" LINK_DEPENDS "${exports}"
    PREFIX "" OUTPUT_NAME "${id}" LIBRARY_OUTPUT_DIRECTORY "${REPOMAP_GRAMMARS_BINARY_DIR}" EXCLUDE_FROM_ALL OFF)
  install(TARGETS grammar_${id} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/repomap/grammars")
endfunction()

# Every grammar of the table, the target repomap_grammars that builds them all, and grammars/manifest.tsv, whose lines
# are "<id> TAB <symbol> TAB <package> TAB <version>".
function(repomap_add_grammars)
  add_custom_target(repomap_grammars)
  if(REPOMAP_PREBUILT_GRAMMARS)
    file(CREATE_LINK "${REPOMAP_PREBUILT_GRAMMARS}" "${REPOMAP_GRAMMARS_BINARY_DIR}" SYMBOLIC)
    return()
  endif()
  set(manifest "")
  foreach(row IN LISTS REPOMAP_GRAMMARS)
    string(REPLACE "|" ";" columns "${row}")
    list(GET columns 0 id)
    list(GET columns 1 package)
    list(GET columns 2 subdirectory)
    list(GET columns 3 symbol)
    repomap_locate_package("${package}" directory version)
    repomap_add_grammar(${id} "${directory}/${subdirectory}" ${symbol})
    add_dependencies(repomap_grammars grammar_${id})
    string(APPEND manifest "${id}\ttree_sitter_${symbol}\t${package}\t${version}\n")
  endforeach()
  file(CONFIGURE OUTPUT "${REPOMAP_GRAMMARS_BINARY_DIR}/manifest.tsv" CONTENT "${manifest}" @ONLY)
  install(FILES "${REPOMAP_GRAMMARS_BINARY_DIR}/manifest.tsv" DESTINATION "${CMAKE_INSTALL_LIBDIR}/repomap/grammars")
endfunction()

# Writes the licences of all fetched sources that end up in the binaries into one file.
function(repomap_collect_grammar_licences output)
  set(packages "tree-sitter" "js-tiktoken")
  foreach(row IN LISTS REPOMAP_GRAMMARS)
    string(REGEX REPLACE "^[^|]*\\|([^|]*)\\|.*$" "\\1" package "${row}")
    list(APPEND packages "${package}")
  endforeach()
  list(REMOVE_DUPLICATES packages)
  file(WRITE "${output}.next" "Third-party sources that repomap is built from\n")
  foreach(package IN LISTS packages)
    repomap_locate_package("${package}" directory version)
    file(GLOB licence "${directory}/LICENSE*")
    set(text "")
    if(licence)
      list(GET licence 0 licence)
      file(READ "${licence}" text)
    else()
      file(READ "${directory}/package.json" manifest)
      string(JSON text GET "${manifest}" license)
    endif()
    file(APPEND "${output}.next" "\n\n==== ${package} ${version}\n\n${text}")
  endforeach()
  file(COPY_FILE "${output}.next" "${output}" ONLY_IF_DIFFERENT)
endfunction()
