#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/error.h"
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
  std::vector<std::string> without;  // layers of the sandbox to leave out, for tests
};

// One file to examine; its descriptor travels along.
struct WorkerOrder {
  std::uint64_t file = 0;         // the parent's number for it
  std::uint32_t cpu_seconds = 0;  // what it may use of the processor
  std::string name;               // its path in the report
  std::string attempt;            // not a file, but an attempt of the self-test
  bool lists = false;             // instead of examining it, list `listing` of it
  ListingRequest listing = {};
};

// A message is a SOCK_SEQPACKET packet; the configuration travels in a
// memory file, being of any size.
Parsed<void> send_config(int socket, const WorkerConfig& config, int journal);
// Never waits: a worker that was taken over may have stopped reading. False when
// there is no room for the order now.
Parsed<bool> send_order(int socket, const WorkerOrder& order, int file);

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
