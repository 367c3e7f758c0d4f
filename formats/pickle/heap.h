#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "formats/pickle/value.h"

namespace assay::pickle {

// What is known of one container, call result or persistent id: its first few
// items, how many there are, and which globals it holds (a HeldSets id). Small, for
// streams make hundreds of millions.
struct Node {
  std::uint32_t first = 0;  // where its kept items begin: how many were kept before them, mod 2^32
  std::uint32_t count = 0;  // items it has in the unpickler; kMaxCount is that or more
  std::uint32_t held = 0;
  std::uint32_t known = 0;  // what the values that point here say it holds
  float unfolded = 0;       // values in it, at any depth, shared ones counted each time
  std::uint8_t kept = 0;    // of the items, how many stand in the ring
  bool built = false;       // a BUILD has written its attributes

  static constexpr std::uint32_t kMaxCount = UINT32_MAX;
};
static_assert(sizeof(Node) == 24);

// The objects of the abstract machine. Memory is constant: nodes live in a
// ring, so the oldest make room for new ones. Of a node that is gone its values
// still know the origin, and the heap what it held; only its items are lost,
// and those matter to the calls made soon after.
class Heap {
 public:
  static constexpr std::uint32_t kKeptItems = 48;
  static constexpr std::uint64_t kMaxNodes = 32'768;
  static constexpr std::uint32_t kMaxItems = 65'536;
  // As long as a node is there, fewer than 2^32 items are kept after its own.
  static_assert(kMaxNodes * kKeptItems * (kKeptItems + 1) / 2 * 2 < 1ULL << 32);
  static constexpr std::size_t kMaxRemembered = 131'072;

  // A new node with the first kKeptItems of `items` (which are not the heap's
  // own), and its number. `known` is
  // what the caller writes into the value it makes for it.
  std::uint64_t make(std::span<const Value> items, std::uint32_t held, std::uint32_t known) {
    const std::uint64_t id = next_node_++;
    Node& node = id < nodes_.size() ? nodes_[id] : room_for(id);
    node = {.first = 0,
            .count = static_cast<std::uint32_t>(items.size()),
            .held = held,
            .known = known,
            .unfolded = static_cast<float>(items.size()),
            .kept = 0,
            .built = false};
    if (!items.empty()) keep(node, 0, items);
    return id;
  }

  // Whether a node is among the newer half, so that it is there for some time.
  bool will_last(std::uint64_t id) const {
    return id < next_node_ && next_node_ - id <= kMaxNodes / 2;
  }

  // The node, unless it has been overwritten.
  Node* find(std::uint64_t id) {
    if (id >= next_node_ || next_node_ - id > kMaxNodes) return nullptr;
    return &nodes_[id % kMaxNodes];
  }

  // The kept items of a node; empty when they are gone.
  std::span<const Value> items(const Node& node) const;
  std::span<const Value> items(std::uint64_t id);

  // Adds items to a mutable container, wherever it is by now.
  void append(std::uint64_t id, std::span<const Value> items);

  // What a node holds; `known` is what its value says, for nodes that are gone.
  std::uint32_t held(std::uint64_t id, std::uint32_t known);
  void set_held(std::uint64_t id, std::uint32_t held);

  // Whether BUILD has written attributes of this node. Of one that is gone it is
  // known as far as the attributes hold globals.
  bool was_built(std::uint64_t id);
  void set_built(std::uint64_t id);

  // Whether what some node held could not be remembered.
  bool overflowed() const { return overflowed_; }

 private:
  Node& room_for(std::uint64_t id);
  std::uint32_t reserve(std::uint32_t count);
  void keep(Node& node, std::size_t old_count, std::span<const Value> items);
  struct Remembered {
    std::uint32_t held = 0;
    bool built = false;
  };
  void remember(std::uint64_t id, Remembered what);

  std::vector<Node> nodes_;
  std::vector<Value> items_;
  std::uint64_t next_node_ = 0;
  std::uint32_t next_item_ = 0;  // mod 2^32, which the ring's size divides
  std::unordered_map<std::uint64_t, Remembered> remembered_;  // of nodes that are gone
  bool overflowed_ = false;
};

}  // namespace assay::pickle
