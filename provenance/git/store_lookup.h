#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "provenance/git/object_store.h"

// What the parts of ObjectStore share.
namespace assay::provenance::git {

constexpr std::uint64_t kWindow = 64U << 10;  // of a file, read at a time

// How many bytes a zlib stream of that much takes at most (zlib's compressBound, and some).
constexpr std::uint64_t stored_size(std::uint64_t size) { return size + size / 1000 + 1024; }

inline Lookup broken(ParseError error) { return {Lookup::State::broken, {}, std::move(error)}; }
inline Lookup broken(std::string what) {
  return broken(ParseError{ParseErrc::malformed, 0, std::move(what)});
}
inline Lookup too_much() {
  return broken(ParseError{ParseErrc::over_budget, 0,
                           "its objects expand to more than 1 GiB, deltas counted"});
}

}  // namespace assay::provenance::git
