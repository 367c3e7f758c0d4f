#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

#include "formats/pickle/value.h"

namespace assay::pickle {

// The unpickler's stack. A vector but for two things: its top, which whoever runs many
// opcodes in a row keeps to himself (machine_sprint.cpp) and gives back, and that it
// grows where it stands if it can, for copies of millions of values are felt.
class ValueStack {
 public:
  std::size_t size() const { return static_cast<std::size_t>(top_ - values_.get()); }
  bool empty() const { return top_ == values_.get(); }
  bool is_full() const { return top_ == values_.get() + room_; }
  Value back() const { return top_[-1]; }
  Value operator[](std::size_t at) const { return values_[at]; }
  std::span<Value> from(std::size_t at) { return {values_.get() + at, top_}; }

  // There must be room, or a value to take.
  void push_back(Value value) { *top_++ = value; }
  void pop_back() { --top_; }
  // `size` is not more than there are.
  void shrink(std::size_t size) { top_ = values_.get() + size; }

  // False when it has `most` values already.
  bool grow(std::size_t most) {
    const std::size_t size = this->size();
    if (size >= most) return false;
    const std::size_t room = std::clamp<std::size_t>(2 * size, 64, most);
    void* const grown = std::realloc(values_.get(), room * sizeof(Value));
    if (!grown) throw std::bad_alloc();
    (void)values_.release();
    values_.reset(static_cast<Value*>(grown));
    room_ = room;
    top_ = values_.get() + size;
    return true;
  }

  Value* data() { return values_.get(); }
  Value* top() { return top_; }
  Value* limit() { return values_.get() + room_; }
  void set_top(Value* top) { top_ = top; }

 private:
  struct Free {
    void operator()(Value* values) const { std::free(values); }
  };
  static_assert(std::is_trivially_copyable_v<Value>);

  std::unique_ptr<Value[], Free> values_;
  std::size_t room_ = 0;
  Value* top_ = nullptr;
};

}  // namespace assay::pickle
