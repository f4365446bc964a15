# Everything comes from Debian's packages; `./dev setup` installs them.
find_package(Threads REQUIRED)
find_package(GTest REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
find_package(simdjson REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(antlr4-runtime REQUIRED)
find_package(rapidcheck REQUIRED)
include(GoogleTest)

find_package(PkgConfig REQUIRED)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)

# The runtime stays free of shared fmt: a job binary starts faster with few libraries.
add_library(rulec_fmt ALIAS fmt::fmt-header-only)

# libdeflate inflates a whole block at once, about twice as fast as zlib's streams; linked statically.
find_library(LIBDEFLATE_ARCHIVE libdeflate.a REQUIRED)
add_library(rulec_deflate INTERFACE)
target_link_libraries(rulec_deflate INTERFACE ${LIBDEFLATE_ARCHIVE})

# The other codecs of container files. Static too: a job binary starts faster with few libraries.
find_library(SNAPPY_ARCHIVE libsnappy.a REQUIRED)
find_library(ZSTD_ARCHIVE libzstd.a REQUIRED)
find_library(BZIP2_ARCHIVE libbz2.a REQUIRED)
find_library(LZMA_ARCHIVE liblzma.a REQUIRED)
add_library(rulec_codecs INTERFACE)
target_link_libraries(rulec_codecs INTERFACE
  ${SNAPPY_ARCHIVE} ${ZSTD_ARCHIVE} ${BZIP2_ARCHIVE} ${LZMA_ARCHIVE} Threads::Threads)

# Gzip of text inputs, unpacked as a stream.
find_library(ZLIB_ARCHIVE libz.a REQUIRED)
add_library(rulec_zlib INTERFACE)
target_link_libraries(rulec_zlib INTERFACE ${ZLIB_ARCHIVE})

find_library(XXHASH_ARCHIVE libxxhash.a REQUIRED)
add_library(rulec_xxhash INTERFACE)
target_link_libraries(rulec_xxhash INTERFACE ${XXHASH_ARCHIVE})

# What the library of functions stands on. Static too.
find_library(RE2_ARCHIVE libre2.a REQUIRED)
find_library(UTF8PROC_ARCHIVE libutf8proc.a REQUIRED)
add_library(rulec_unicode INTERFACE)
target_link_libraries(rulec_unicode INTERFACE ${RE2_ARCHIVE} ${UTF8PROC_ARCHIVE} Threads::Threads)
target_compile_definitions(rulec_unicode INTERFACE UTF8PROC_STATIC)

# Tests of rules in YAML.
find_library(YAML_ARCHIVE libyaml-cpp.a REQUIRED)
add_library(rulec_yaml INTERFACE)
target_link_libraries(rulec_yaml INTERFACE ${YAML_ARCHIVE})
