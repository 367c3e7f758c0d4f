#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/byte_source.h"
#include "formats/archive/entry_checks.h"

namespace assay::archive {

enum class LibraryFormat : std::uint8_t { seven_zip, any_rar };

// libarchive over a ByteSource, for the archives we have no reader of our own
// for. Only the one format is enabled and no filter, so that nothing is read as
// something else and no external program can be started.
class LibraryReader {
 public:
  LibraryReader(ByteSource& source, LibraryFormat format);
  LibraryReader(const LibraryReader&) = delete;
  LibraryReader& operator=(const LibraryReader&) = delete;
  ~LibraryReader();

  struct NextEntry {
    Entry entry;
    bool encrypted = false;
    std::optional<ParseError> warning;  // the entry is there, but odd
  };

  // The next entry, or nothing at the end and after an error.
  std::optional<NextEntry> next();

  // The front of what is left of the current entry's bytes; 0 at its end.
  std::size_t read(std::span<std::byte> out);

  // Why there is no next entry; its offset is that of the last header.
  const std::optional<ParseError>& error() const;
  // Why the bytes of the current entry ended early, and what was wrong with them;
  // the offsets are in the entry.
  const std::optional<ParseError>& entry_error() const;
  const std::vector<ParseError>& complaints() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::archive
