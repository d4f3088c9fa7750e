# Warnings, sanitizers and the options every target shares.

# AUTO: where the libraries of the tests are installed, so that ./run needs no test packages and shares its build folder with ./test,
# which says ON.
set(ARBEES_BUILD_TESTS AUTO CACHE STRING "Build the tests: ON, OFF, AUTO")
option(ARBEES_BUILD_BENCH "Build the benchmarks" OFF)
option(ARBEES_BUILD_FUZZ "Build the fuzz targets (clang)" OFF)
set(ARBEES_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize= (address,undefined or thread)")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(arbees_options INTERFACE)
target_include_directories(arbees_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(arbees_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wdouble-promotion -Wformat=2
  -Wno-missing-field-initializers
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op>
  -ffp-contract=off -fno-strict-aliasing -fno-omit-frame-pointer)
target_compile_definitions(arbees_options INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)

if(ARBEES_SANITIZE)
  target_compile_options(arbees_options INTERFACE -fsanitize=${ARBEES_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(arbees_options INTERFACE -fsanitize=${ARBEES_SANITIZE})
endif()
