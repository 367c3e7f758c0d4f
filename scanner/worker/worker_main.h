#pragma once

namespace assay {

// The descriptor on which a worker finds its parent: an AF_UNIX SOCK_SEQPACKET socket.
inline constexpr int kWorkerSocket = 3;

// The hidden argument that makes the program a worker.
inline constexpr const char* kWorkerArgument = "--worker";

// The whole life of a worker: makes itself ready, locks itself down, examines
// the files it is handed until the parent closes the socket. Returns an exit code.
int worker_main();

}  // namespace assay
