# SPDX-License-Identifier: Apache-2.0
# Several sources of a target are compiled as one, since nearly all of the time goes into the headers of others, which are
# then read once for all of them: always in the tests, whose targets have few sources; elsewhere with REPOMAP_UNITY, for
# builds from nothing, as scripts/check.sh makes them; while one edits it costs time. Included after all targets.

# What has a local name that another source of its target has too, so that they do not compile as one.
file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/compiled_alone.txt compiled_alone REGEX "^[^#]")
list(TRANSFORM compiled_alone PREPEND ${PROJECT_SOURCE_DIR}/)

# A property of a source holds in the directories of the targets that it is set for.
function(repomap_directories directory all)
  get_property(subdirectories DIRECTORY ${directory} PROPERTY SUBDIRECTORIES)
  set(found ${directory})
  foreach(subdirectory ${subdirectories})
    repomap_directories(${subdirectory} below)
    list(APPEND found ${below})
  endforeach()
  set(${all} ${found} PARENT_SCOPE)
endfunction()

repomap_directories(${PROJECT_SOURCE_DIR} directories)
set_source_files_properties(${compiled_alone} DIRECTORY ${directories} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
