# assay_import_library(NAME [LIBS...])
#   The target NAME for an installed library without a CMake package. LIBS are what
#   it calls: a static library does not bring them.
function(assay_import_library name)
  find_library(${name}_library ${name} REQUIRED)
  add_library(${name} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION ${${name}_library}
    INTERFACE_LINK_LIBRARIES "${ARGN}")
endfunction()

# assay_precompile(NAME KIND HEADER)
#   Compiles HEADER, which includes what nearly each file of the KIND does, once: with the
#   first target, for all. g++ alone: fuzzing, by clang, shows where an #include is missing.
function(assay_precompile name kind header)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    return()
  endif()
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
  get_property(first GLOBAL PROPERTY ASSAY_FIRST_${kind})
  if(first)
    target_precompile_headers(${name} REUSE_FROM ${first})
  else()
    set_property(GLOBAL PROPERTY ASSAY_FIRST_${kind} ${name})
    target_precompile_headers(${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${PROJECT_SOURCE_DIR}/${header}>)
  endif()
endfunction()

# assay_library(NAME SOURCES ... [LIBS ...] [PUBLIC_LIBS ...])
#   A static library of one folder. LIBS are private: a header never shows them.
function(assay_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS;PUBLIC_LIBS" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC assay_options ${arg_PUBLIC_LIBS} PRIVATE ${arg_LIBS})
  if(ASSAY_SANITIZE)  # the optimizer warns of nonsense in precompiled std::string
    assay_precompile(${name} library cmake/library_headers.h)
  endif()
endfunction()

# `./dev test` runs most tests under the sanitizers alone, and builds for either just what is run.
add_custom_target(release_tests)
add_custom_target(asan_tests)

# assay_test(NAME SOURCES ... LIBS ... [BARE])
#   A Catch2 program and the ctest of the same name. It links just what is listed. BARE: what
#   it tests is another thing, or takes too long, under the sanitizers; it runs without, too.
function(assay_test name)
  cmake_parse_arguments(arg "BARE" "" "SOURCES;LIBS" ${ARGN})
  if(NOT BUILD_TESTING)
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE assay_options ${arg_LIBS} Catch2::Catch2WithMain)
  target_compile_definitions(${name} PRIVATE ASSAY_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  # Half of what compiling takes were the tests' own expectations; nothing gains by fast ones.
  target_compile_options(${name} PRIVATE -O0 -U_FORTIFY_SOURCE)
  if(ASSAY_SANITIZE)  # a fifth of what compiling a test costs; the libraries are watched for these
    target_compile_options(${name} PRIVATE -fno-sanitize=null,vptr,alignment)
  endif()
  assay_precompile(${name} test cmake/test_headers.h)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS "unit;sanitized" TIMEOUT 300)
  if(arg_BARE)
    set_tests_properties(${name} PROPERTIES LABELS unit)
    add_dependencies(release_tests ${name})
  endif()
  add_dependencies(asan_tests ${name})
endfunction()

# assay_fuzz(NAME SOURCES ... LIBS ... [CORPUS dir...] [DICT file] [MUTATOR name])
#   A libFuzzer target with ASSAY_FUZZ; otherwise the same code with a main that
#   replays the seeds, run by ctest. CORPUS is relative to corpus/; inputs that are
#   no sample files stand in tests/fuzzing/seeds/NAME. MUTATOR names the
#   tests/fuzzing/custom_NAME.cpp that changes inputs by their structure.
function(assay_fuzz name)
  cmake_parse_arguments(arg "" "DICT;MUTATOR" "SOURCES;LIBS;CORPUS" ${ARGN})
  if(NOT BUILD_TESTING)
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  if(NOT TARGET fuzz_targets)
    add_custom_target(fuzz_targets)
  endif()
  add_dependencies(fuzz_targets ${name})
  add_dependencies(asan_tests ${name})
  target_link_libraries(${name} PRIVATE assay_options ${arg_LIBS})
  if(ASSAY_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    if(arg_MUTATOR)
      target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzzing/custom_${arg_MUTATOR}.cpp)
      target_link_libraries(${name} PRIVATE fuzz_mutators)
    endif()
  else()
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support/replay_main.cpp)
  endif()
  list(TRANSFORM arg_CORPUS PREPEND ${PROJECT_SOURCE_DIR}/corpus/)
  set(own_seeds ${PROJECT_SOURCE_DIR}/tests/fuzzing/seeds/${name})
  if(EXISTS ${own_seeds})
    list(APPEND arg_CORPUS ${own_seeds})
  endif()
  if(arg_DICT)
    set(dict ${CMAKE_CURRENT_SOURCE_DIR}/${arg_DICT})
  endif()
  # `./dev fuzz` reads this list: target, dictionary, seed folders. No commas: they would
  # part the arguments of the generator expression that writes it.
  list(JOIN arg_CORPUS ":" seeds)
  set_property(GLOBAL APPEND PROPERTY ASSAY_FUZZ_TARGETS "$<TARGET_FILE:${name}>|${dict}|${seeds}")
  if(ASSAY_FUZZ)
    add_test(NAME ${name} COMMAND ${name} -runs=0 ${arg_CORPUS})
  else()
    add_test(NAME ${name} COMMAND ${name} ${arg_CORPUS})
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "fuzz-replay;sanitized" TIMEOUT 300)
endfunction()

# assay_add_format(NAME SOURCES ... [LIBS ...] [FORMATS ...] [TESTS ...]
#                  [MUTATOR name] [CORPUS dir...])
#   One folder of formats/: library assay_format_NAME, tests NAME_test.cpp (and
#   TESTS), fuzz target NAME_fuzz.cpp over corpus/NAME with NAME.dict.
#   FORMATS names sibling folders whose headers this one uses, CORPUS further seeds.
function(assay_add_format name)
  cmake_parse_arguments(arg "" "MUTATOR" "SOURCES;LIBS;FORMATS;TESTS;CORPUS" ${ARGN})
  list(TRANSFORM arg_FORMATS PREPEND assay_format_)
  assay_library(assay_format_${name} SOURCES ${arg_SOURCES} LIBS ${arg_LIBS}
    PUBLIC_LIBS assay_core ${arg_FORMATS})
  assay_test(format_${name}_test SOURCES ${name}_test.cpp ${arg_TESTS}
    LIBS assay_format_${name})
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${name}_fuzz.cpp)
    set(dict "")
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${name}.dict)
      set(dict ${name}.dict)
    endif()
    assay_fuzz(${name}_fuzz SOURCES ${name}_fuzz.cpp LIBS assay_format_${name}
      CORPUS ${name} ${arg_CORPUS} DICT ${dict} MUTATOR ${arg_MUTATOR})
  endif()
endfunction()

# assay_embed(TARGET SYMBOL FILE)
#   Puts the bytes of FILE into TARGET as `extern "C" const char SYMBOL[]` and
#   `extern "C" const char SYMBOL_end[]`. FILE may be made by the build.
function(assay_embed target symbol file)
  set(asm ${CMAKE_CURRENT_BINARY_DIR}/embed_${symbol}.S)
  file(CONFIGURE OUTPUT ${asm} CONTENT [[
.section .rodata
.balign 16
.globl @symbol@
.globl @symbol@_end
@symbol@:
.incbin "@file@"
@symbol@_end:
.byte 0
.section .note.GNU-stack,"",%progbits
]] @ONLY)
  set_source_files_properties(${asm} PROPERTIES OBJECT_DEPENDS ${file})
  target_sources(${target} PRIVATE ${asm})
endfunction()
