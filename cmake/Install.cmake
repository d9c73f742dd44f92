# SPDX-License-Identifier: Apache-2.0
#
# What "cmake --install" and the Debian package hold, besides the grammars and queries (parsers/grammars).

include(CMakePackageConfigHelpers)

install(TARGETS repomap RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_BINARY_DIR}/data/ DESTINATION ${CMAKE_INSTALL_DATADIR}/repomap/data
  FILES_MATCHING PATTERN "*.bpe")

# The library: find_package(repomap) gives repomap::repomap, which brings the rooms below it.
add_library(repomap_library INTERFACE)
target_link_libraries(repomap_library INTERFACE repomap_service)
set_target_properties(repomap_library PROPERTIES EXPORT_NAME repomap)
set_target_properties(tree_sitter_core PROPERTIES OUTPUT_NAME repomap_tree_sitter)
target_compile_features(repomap_options INTERFACE cxx_std_23)
target_include_directories(tree_sitter_core SYSTEM PUBLIC $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/repomap>)
install(TARGETS repomap_library repomap_options repomap_base repomap_model repomap_cache repomap_parsers repomap_ranking
    repomap_watcher repomap_service tree_sitter_core
  EXPORT repomapTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})

set(config_directory ${CMAKE_INSTALL_LIBDIR}/cmake/repomap)
install(EXPORT repomapTargets NAMESPACE repomap:: DESTINATION ${config_directory})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/repomapConfig.cmake.in
  ${PROJECT_BINARY_DIR}/repomapConfig.cmake INSTALL_DESTINATION ${config_directory})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/repomapConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/repomapConfig.cmake ${PROJECT_BINARY_DIR}/repomapConfigVersion.cmake
  DESTINATION ${config_directory})

foreach(room core parsers ranking watcher service)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${room}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/repomap/${room}
    FILES_MATCHING PATTERN "*.hpp" PATTERN "tools" EXCLUDE PATTERN "queries" EXCLUDE PATTERN "grammars" EXCLUDE
    PATTERN "protocol" EXCLUDE)
endforeach()
install(DIRECTORY ${REPOMAP_NODE_MODULES}/tree-sitter/vendor/tree-sitter/lib/include/tree_sitter
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/repomap)

# Documents, manual page, completions. The program itself writes the completions, so they cannot be out of date.
install(FILES ${PROJECT_SOURCE_DIR}/docs/repomap.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(FILES ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
repomap_collect_grammar_licences(${PROJECT_BINARY_DIR}/third-party-licences)
install(FILES ${PROJECT_BINARY_DIR}/third-party-licences DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(completions ${PROJECT_BINARY_DIR}/completions)
foreach(shell bash zsh fish)
  add_custom_command(OUTPUT ${completions}/${shell}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${completions}
    COMMAND repomap completion ${shell} > ${completions}/${shell}
    DEPENDS repomap COMMENT "Writing the ${shell} completion" VERBATIM)
endforeach()
add_custom_target(repomap_completions ALL DEPENDS ${completions}/bash ${completions}/zsh ${completions}/fish)
install(FILES ${completions}/bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME repomap)
install(FILES ${completions}/zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions RENAME _repomap)
install(FILES ${completions}/fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d RENAME repomap.fish)

# Units of the user's service manager, which starts the daemon at the first connection: systemctl --user enable
# --now repomap.socket. The path of the program is that of the configured prefix.
configure_file(${PROJECT_SOURCE_DIR}/packaging/systemd/repomap.service.in ${PROJECT_BINARY_DIR}/repomap.service @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/repomap.service ${PROJECT_SOURCE_DIR}/packaging/systemd/repomap.socket
  DESTINATION lib/systemd/user)

# cpack -G DEB; scripts/package.sh configures the tree for it.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME repomap)
set(CPACK_PACKAGE_VENDOR "repomap")
set(CPACK_PACKAGE_CONTACT "repomap developers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "ranked map of a source repository within a token budget")
set(CPACK_PACKAGE_DESCRIPTION "Shows which definitions of a repository matter most for the work at hand, as an outline of
source lines that fits a number of tokens. Reads fifty languages by tree-sitter grammars.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
include(CPack)
