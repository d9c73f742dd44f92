// SPDX-License-Identifier: Apache-2.0
#include "parsers/language_spec.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace repomap {
namespace {

using Names = std::vector<std::string>;

LanguageSpec language(std::string name, Names extensions, Names file_names = {}, Names interpreters = {}) {
  LanguageSpec spec;
  spec.grammar = name;
  spec.name = std::move(name);
  spec.extensions = std::move(extensions);
  spec.file_names = std::move(file_names);
  spec.interpreters = std::move(interpreters);
  return spec;
}

LanguageSpec with_grammar(LanguageSpec spec, std::string grammar) {
  spec.grammar = std::move(grammar);
  return spec;
}

LanguageSpec with_symbol(LanguageSpec spec, std::string symbol) {
  spec.symbol = std::move(symbol);
  return spec;
}

LanguageSpec with_separator(LanguageSpec spec, std::string separator) {
  spec.scope_separator = std::move(separator);
  return spec;
}

Names bash_file_names() {
  return {".bashrc", ".bash_profile", ".bash_aliases", ".bash_logout", ".profile", "PKGBUILD", "APKBUILD"};
}

Names json_file_names() { return {".babelrc", ".eslintrc", ".prettierrc", ".jshintrc"}; }

Names ruby_file_names() {
  return {"Rakefile", "Gemfile", "Guardfile", "Vagrantfile", "Capfile",  "Brewfile",  "Podfile",
          "Fastfile", "Appfile", "Berksfile", "Dangerfile",  "Thorfile", "Puppetfile"};
}

std::vector<LanguageSpec> programming_languages() {
  return {
      language("bash", {".sh", ".bash", ".zsh", ".ksh", ".bats", ".ebuild", ".eclass"}, bash_file_names(),
               {"sh", "bash", "dash", "zsh", "ksh", "ash"}),
      language("c", {".c", ".h"}),
      with_symbol(language("clojure", {".clj", ".cljs", ".cljc", ".edn", ".bb"}, {}, {"clojure", "bb"}),
                  "tree_sitter_clojure_orchard"),
      language("commonlisp", {".lisp", ".lsp", ".cl", ".asd"}, {}, {"sbcl", "clisp"}),
      with_separator(language("cpp", {".cc", ".cpp", ".cxx", ".c++", ".C", ".hh", ".hpp", ".hxx", ".h++", ".H", ".inl",
                                      ".ipp", ".tcc", ".tpp", ".txx", ".ixx", ".cppm", ".cu", ".cuh"}),
                     "::"),
      with_symbol(language("csharp", {".cs", ".csx"}), "tree_sitter_c_sharp"),
      language("dart", {".dart"}),
      language("elisp", {".el"}, {".emacs", "Cask"}),
      language("elixir", {".ex", ".exs"}, {}, {"elixir"}),
      language("elm", {".elm"}),
      with_separator(language("erlang", {".erl", ".hrl", ".escript"}, {"rebar.config"}, {"escript"}), ":"),
      language("go", {".go"}),
      language("groovy", {".groovy", ".gradle", ".gvy"}, {"Jenkinsfile"}, {"groovy"}),
      language("haskell", {".hs", ".hs-boot"}, {}, {"runghc", "runhaskell"}),
      language("java", {".java"}),
      language("javascript", {".js", ".mjs", ".cjs", ".es6"}, {"Jakefile"}, {"node", "nodejs"}),
      with_grammar(language("jsx", {".jsx"}), "javascript"),
      language("julia", {".jl"}, {}, {"julia"}),
      language("kotlin", {".kt", ".kts"}, {}, {"kotlin"}),
      language("lua", {".lua", ".rockspec", ".wlua"}, {".luacheckrc"}, {"lua", "luajit", "texlua"}),
      language("objc", {".m", ".mm"}),
      language("ocaml", {".ml"}, {}, {"ocaml", "ocamlrun"}),
      language("ocaml_interface", {".mli"}),
      with_separator(language("perl", {".pl", ".pm", ".t", ".psgi"}, {"cpanfile"}, {"perl"}), "::"),
      with_separator(language("php", {".php", ".phtml", ".php3", ".php4", ".php5", ".php7", ".phps"}, {}, {"php"}),
                     "::"),
      language("powershell", {".ps1", ".psm1", ".psd1"}, {}, {"pwsh"}),
      language("python", {".py", ".pyi", ".pyw", ".pyx", ".pxd"}, {"SConstruct", "SConscript", "wscript"}, {"python"}),
      language("r", {".r", ".R"}, {".Rprofile"}, {"Rscript"}),
      with_separator(
          language("ruby", {".rb", ".rake", ".gemspec", ".ru", ".rbw", ".podspec"}, ruby_file_names(), {"ruby"}), "::"),
      with_separator(language("rust", {".rs"}), "::"),
      language("scala", {".scala", ".sc", ".sbt"}, {}, {"scala"}),
      language("solidity", {".sol"}),
      language("swift", {".swift"}, {}, {"swift"}),
      language("tsx", {".tsx"}),
      language("typescript", {".ts", ".mts", ".cts"}, {}, {"deno", "tsx"}),
      language("zig", {".zig", ".zon"}),
  };
}

/// Of markup, data, configuration, builds and queries.
std::vector<LanguageSpec> description_languages() {
  return {
      language("cmake", {".cmake"}, {"CMakeLists.txt"}),
      language("css", {".css"}),
      language("hcl", {".tf", ".tfvars", ".hcl", ".nomad"}),
      language("html", {".html", ".htm", ".xhtml"}),
      language("json", {".json", ".jsonc", ".json5", ".webmanifest", ".geojson", ".ipynb"}, json_file_names()),
      language("make", {".mk", ".mak"}, {"Makefile", "makefile", "GNUmakefile", "Kbuild", "BSDmakefile"}, {"make"}),
      language("markdown", {".md", ".markdown", ".mkd", ".mdown"}),
      language("markdown_inline", {}),
      language("nix", {".nix"}),
      language("proto", {".proto"}),
      language("sql", {".sql", ".ddl", ".psql", ".pgsql"}),
      language("svelte", {".svelte"}),
      language("toml", {".toml"}, {"Pipfile"}),
      language("xml", {".xml", ".xsd", ".xsl", ".xslt", ".wsdl", ".svg", ".plist", ".xaml", ".csproj", ".fsproj",
                       ".vbproj", ".vcxproj", ".nuspec", ".props", ".targets"}),
      language("yaml", {".yaml", ".yml"}, {".clang-format", ".clang-tidy"}),
  };
}

}  // namespace

std::vector<LanguageSpec> built_in_languages() {
  std::vector<LanguageSpec> specs = programming_languages();
  std::ranges::move(description_languages(), std::back_inserter(specs));
  std::ranges::sort(specs, {}, &LanguageSpec::name);
  return specs;
}

}  // namespace repomap
