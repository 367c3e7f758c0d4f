#include "scanner/worker/orders.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <string_view>

#include "scanner/provenance/request_codec.h"
#include "scanner/worker/codec.h"

namespace assay::libyara {

template <typename A>
void fields(A& archive, Source& v) {
  archive(v.name, v.text);
}

}  // namespace assay::libyara

namespace assay {

template <typename A>
void fields(A& archive, Limits& v) {
  archive(v.expanded_bytes, v.members, v.facts, v.fact_bytes, v.gaps, v.opcodes, v.nodes, v.matches,
          v.depth, v.ratio, v.ratio_floor, v.text_size);
}
template <typename A>
void fields(A& archive, WorkerConfig& v) {
  archive(v.examine.limits, v.examine.hash, v.max_memory, v.parent, v.user_yara, v.examines, v.verifies,
          v.without);
}
template <typename A>
void fields(A& archive, ListingRequest& v) {
  archive(v.member, v.from);
}
template <typename A>
void fields(A& archive, WorkerOrder& v) {
  archive(v.file, v.cpu_seconds, v.name);
  enumerator(archive, v.work, Work::verify);
  archive(v.attempt, v.listing, v.digests);
}

namespace {

constexpr std::size_t kMaxPacket = 128 << 10;
constexpr std::size_t kMaxDescriptors = 2;

std::unexpected<ParseError> refused(std::string_view what) {
  return fail(ParseErrc::unreadable, 0, std::string(what) + ": " + std::strerror(errno));
}

Parsed<bool> send_packet(int socket, std::string_view bytes, std::span<const int> descriptors) {
  iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMaxDescriptors * sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (!descriptors.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
  }
  ssize_t sent = 0;
  do {
    sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  // The last: too many descriptors of ours are on their way, to other workers too.
  if (sent < 0 && (errno == EAGAIN || errno == ENOBUFS || errno == ETOOMANYREFS)) return false;
  if (sent < 0) return refused("a worker does not listen");
  return true;
}

struct Packet {
  std::string bytes;
  std::array<FileDescriptor, kMaxDescriptors> descriptors;
};

void take_descriptors(msghdr& message, Packet& packet) {
  std::size_t count = 0;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    for (std::size_t at = 0; CMSG_LEN(at + sizeof(int)) <= header->cmsg_len; at += sizeof(int)) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header) + at, sizeof fd);
      FileDescriptor owned(fd);
      if (count < kMaxDescriptors) packet.descriptors[count++] = std::move(owned);
    }
  }
}

// A kMaxPacket of fresh memory would cost a small scan more than asking for the size.
ssize_t next_size(int socket, int flags) {
  ssize_t size = 0;
  do {
    size = recv(socket, nullptr, 0, flags | MSG_PEEK | MSG_TRUNC);
  } while (size < 0 && errno == EINTR);
  return size;
}

Parsed<Packet> receive_packet(int socket, int flags) {
  const ssize_t size = next_size(socket, flags);
  if (size < 0) return refused("the parent does not speak");
  Packet packet;
  packet.bytes.resize(std::min<std::size_t>(static_cast<std::size_t>(size), kMaxPacket));
  iovec piece{packet.bytes.data(), packet.bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMaxDescriptors * sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t got = 0;
  do {
    got = recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return refused("the parent does not speak");
  take_descriptors(message, packet);
  packet.bytes.resize(static_cast<std::size_t>(got));
  return packet;
}

template <typename T>
std::string encoded(const T& value) {
  wire::Writer writer;
  writer(value);
  return writer.take();
}

template <typename T>
Parsed<T> decoded(std::string_view bytes) {
  wire::Reader reader(as_bytes(bytes));
  T value;
  reader(value);
  if (!reader.is_complete()) return fail(ParseErrc::malformed, 0, "no order of our parent's");
  return value;
}

}  // namespace

Parsed<FileDescriptor> memory_file(std::string_view bytes) {
  FileDescriptor fd(memfd_create("assay", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return refused("no memory file");
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t put = write(fd.get(), bytes.data() + at, bytes.size() - at);
    if (put < 0) return refused("no memory file");
    at += static_cast<std::size_t>(put);
  }
  if (fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0) {
    return refused("no memory file");
  }
  return fd;
}

Parsed<void> send_config(int socket, const WorkerConfig& config, int journal) {
  const auto file = memory_file(encoded(config));
  if (!file) return std::unexpected(file.error());
  const std::array<int, 2> descriptors{file->get(), journal};
  const auto sent = send_packet(socket, "config", descriptors);
  if (!sent) return std::unexpected(sent.error());
  if (!*sent) return fail(ParseErrc::unreadable, 0, "no room for a worker's first order");
  return {};
}

Parsed<bool> send_order(int socket, const WorkerOrder& order, int file) {
  const std::string bytes = encoded(order);
  if (bytes.size() > kMaxPacket) {
    return fail(ParseErrc::unsupported, 0, "a path of more than 128 KiB");
  }
  const std::array<int, 1> descriptors{file};
  return send_packet(socket, bytes, file < 0 ? std::span<const int>{} : descriptors);
}

Parsed<ReceivedConfig> receive_config(int socket) {
  auto packet = receive_packet(socket, 0);
  if (!packet) return std::unexpected(packet.error());
  FileSource file(std::move(packet->descriptors[0]));
  const std::vector<std::byte> bytes = read_bytes(file, 0, file.size());
  auto config = decoded<WorkerConfig>(as_text(bytes));
  if (!config) return std::unexpected(config.error());
  return ReceivedConfig{std::move(*config), std::move(packet->descriptors[1])};
}

Parsed<ReceivedOrder> receive_order(int socket, bool wait) {
  auto packet = receive_packet(socket, wait ? 0 : MSG_DONTWAIT);
  if (!packet) return std::unexpected(packet.error());
  auto order = decoded<WorkerOrder>(packet->bytes);
  if (!order) return std::unexpected(order.error());
  return ReceivedOrder{std::move(*order), std::move(packet->descriptors[0])};
}

}  // namespace assay
