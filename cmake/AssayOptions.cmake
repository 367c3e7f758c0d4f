# One interface target carries the language level, the warnings and the sanitizers.

option(ASSAY_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(ASSAY_FUZZ "Link the fuzz targets with libFuzzer (clang only)" OFF)
option(ASSAY_COVERAGE "Instrument for llvm-cov (clang only)" OFF)

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(assay_options INTERFACE)
target_compile_features(assay_options INTERFACE cxx_std_23)
target_include_directories(assay_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(assay_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror -fno-strict-aliasing>
  # A designated initialiser leaves the other members at their defaults on purpose.
  $<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-field-initializers>
  # g++ 12 sees overlaps and uninitialised bytes in std::string and std::optional that are not
  # there (GCC bugs 105329, 105651, 105562) once it optimises; ASan and UBSan watch instead.
  $<$<AND:$<COMPILE_LANG_AND_ID:CXX,GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict;-Wno-maybe-uninitialized>
  # std::stable_sort of libstdc++ 12 calls what C++17 deprecated; clang tells of it in our files.
  $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wno-deprecated-declarations>
  # Reports must be the same from any checkout directory.
  $<$<COMPILE_LANGUAGE:CXX>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.>)
if(NOT ASSAY_SANITIZE)
  target_compile_options(assay_options INTERFACE
    # Nothing here is a shared library: functions may be inlined although others could see them.
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-semantic-interposition>
    $<$<COMPILE_LANGUAGE:CXX>:-fstack-protector-strong>
    $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CONFIG:Release>>:-D_FORTIFY_SOURCE=2>)
  # 21,000 addresses to move at each start, and each file can mean two starts.
  target_link_options(assay_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wl,-z,pack-relative-relocs>)
endif()
if(ASSAY_SANITIZE)
  set(sanitizers address,undefined)
  target_compile_options(assay_options INTERFACE -fsanitize=${sanitizers} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_link_options(assay_options INTERFACE -fsanitize=${sanitizers})
endif()
if(ASSAY_FUZZ)
  target_compile_options(assay_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(ASSAY_COVERAGE)
  target_compile_options(assay_options INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(assay_options INTERFACE -fprofile-instr-generate)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # It keeps what was compiled with precompiled headers only when told to.
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()
