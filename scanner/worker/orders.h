#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "provenance/crypto/hasher.h"
#include "rules/yara/libyara.h"
#include "scanner/examine.h"
#include "scanner/file_source.h"
#include "scanner/listing.h"

// What the parent says to a worker. The worker trusts it: it comes before, and
// from elsewhere than, the bytes of scanned files.
namespace assay {

// How a worker is to work, told once.
struct WorkerConfig {
  ExamineOptions examine;
  std::uint64_t max_memory = std::uint64_t{1} << 30;  // bytes of address space
  std::uint32_t parent = 0;                           // its process number
  std::vector<libyara::Source> user_yara;
  bool examines = true;              // has the rules of YARA ready, and
  bool verifies = false;             // OpenSSL, each of which takes time
  std::vector<std::string> without;  // layers of the sandbox to leave out, for tests
};

// What is to be done with a file.
enum class Work : std::uint8_t {
  examine,
  attempt,  // no file: an attempt of the self-test
  list,     // Instruction facts
  digest,   // Metadata facts, as digest_file() tells them
  verify,   // the file is a VerifyRequest; Evidence facts
};

// One file and what to do with it; its descriptor travels along.
struct WorkerOrder {
  std::uint64_t file = 0;         // the parent's number for it
  std::uint32_t cpu_seconds = 0;  // what it may use of the processor
  std::string name;               // its path in the report
  Work work = Work::examine;
  std::string attempt = {};
  ListingRequest listing = {};
  std::vector<provenance::DigestRequest> digests = {};
};

// A message is a SOCK_SEQPACKET packet; the configuration travels in a
// memory file, being of any size.
Parsed<void> send_config(int socket, const WorkerConfig& config, int journal);
// Never waits: a worker that was taken over may have stopped reading. False when
// there is no room for the order now.
Parsed<bool> send_order(int socket, const WorkerOrder& order, int file);

// A sealed memory file that holds `bytes`.
Parsed<FileDescriptor> memory_file(std::string_view bytes);

// Nothing when the parent has closed the socket.
struct ReceivedConfig {
  WorkerConfig config;
  FileDescriptor journal;
};
Parsed<ReceivedConfig> receive_config(int socket);
struct ReceivedOrder {
  WorkerOrder order;
  FileDescriptor file;
};
// With `wait` false also nothing when no order is there yet.
Parsed<ReceivedOrder> receive_order(int socket, bool wait);

}  // namespace assay
