#include "tests/fuzzing/pickle_mutator.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tests/fuzzing/pickle_grammar.h"

namespace assay::fuzzing {
namespace {

// How the operand of an opcode is spelled (Lib/pickletools.py).
enum class Form : std::uint8_t {
  none,
  bytes1,
  bytes2,
  bytes4,
  bytes8,
  counted1,
  counted4,
  counted8,
  line,
  two_lines
};

constexpr std::pair<Form, std::string_view> kForms[] = {
    {Form::bytes1, "Kqh\x80\x82"},    {Form::bytes2, "M\x83"},        {Form::bytes4, "Jrj\x84"},
    {Form::bytes8, "G\x95"},          {Form::counted1, "UC\x8a\x8c"}, {Form::counted4, "TXB\x8b"},
    {Form::counted8, "\x8d\x8e\x96"}, {Form::line, "FILSVPgp"},       {Form::two_lines, "ci"},
};

Form form_of(char opcode) {
  for (const auto& [form, opcodes] : kForms) {
    if (opcodes.contains(opcode)) return form;
  }
  return Form::none;
}

// The size of a number that is the operand or counts its bytes.
std::size_t number_size(Form form) {
  switch (form) {
    case Form::bytes1:
    case Form::counted1:
      return 1;
    case Form::bytes2:
      return 2;
    case Form::bytes4:
    case Form::counted4:
      return 4;
    case Form::bytes8:
    case Form::counted8:
      return 8;
    default:
      return 0;
  }
}

bool is_counted(Form form) {
  return form == Form::counted1 || form == Form::counted4 || form == Form::counted8;
}

std::uint64_t number_at(std::string_view text) {
  std::uint64_t value = 0;
  for (std::size_t i = text.size(); i-- > 0;)
    value = value << 8 | static_cast<std::uint8_t>(text[i]);
  return value;
}

std::size_t behind_line(std::string_view text, std::size_t from) {
  const std::size_t end = text.find('\n', from);
  return end == std::string_view::npos ? text.size() : end + 1;
}

// Of the opcode at the front of `text`, which is not empty.
std::size_t opcode_size(std::string_view text) {
  const Form form = form_of(text[0]);
  const std::size_t fixed = 1 + number_size(form);
  if (form == Form::line) return behind_line(text, 1);
  if (form == Form::two_lines) return behind_line(text, behind_line(text, 1));
  if (!is_counted(form) || text.size() < fixed) return std::min(fixed, text.size());
  const std::uint64_t count = number_at(text.substr(1, fixed - 1));
  return count > text.size() - fixed ? text.size() : fixed + static_cast<std::size_t>(count);
}

class PickleEditor {
 public:
  PickleEditor(std::string_view pickle, std::size_t max_size, Dice& dice, ByteMutator mutate)
      : dice_(dice), max_size_(max_size), mutate_(mutate) {
    for (const std::string_view opcode : opcodes_of(pickle)) opcodes_.emplace_back(opcode);
  }

  void edit() {
    switch (dice_.below(8)) {
      case 0:
      case 1:
        return insert(position(), std::string(dice_.pick(kRuns)));
      case 2:
        return drop();
      case 3:
        return copy();
      case 4:
        return swap();
      case 5:
      case 6:
        return exchange_operand();
      default:
        return frame();
    }
  }

  std::string text() const {
    std::string out;
    for (const std::string& opcode : opcodes_) {
      if (out.size() + opcode.size() > max_size_) break;
      out += opcode;
    }
    return out;
  }

 private:
  std::size_t position() { return dice_.below(opcodes_.size() + 1); }

  void insert(std::size_t at, std::string opcode) {
    opcodes_.insert(opcodes_.begin() + static_cast<std::ptrdiff_t>(at), std::move(opcode));
  }

  void drop() {
    if (opcodes_.empty()) return;
    const std::size_t at = dice_.below(opcodes_.size());
    const std::size_t count = std::min(1 + dice_.below(3), opcodes_.size() - at);
    const auto first = opcodes_.begin() + static_cast<std::ptrdiff_t>(at);
    opcodes_.erase(first, first + static_cast<std::ptrdiff_t>(count));
  }

  void copy() {
    if (opcodes_.empty()) return;
    const std::size_t at = dice_.below(opcodes_.size());
    const std::size_t count = std::min(1 + dice_.below(8), opcodes_.size() - at);
    std::string run;
    for (std::size_t i = 0; i < count; ++i) run += opcodes_[at + i];
    insert(position(), std::move(run));
  }

  void swap() {
    if (opcodes_.empty()) return;
    std::swap(opcodes_[dice_.below(opcodes_.size())], opcodes_[dice_.below(opcodes_.size())]);
  }

  void exchange_operand() {
    if (opcodes_.empty()) return;
    std::string& opcode = opcodes_[dice_.below(opcodes_.size())];
    const Form form = form_of(opcode[0]);
    const std::string front(1, opcode[0]);
    const std::size_t size = number_size(form);
    if (is_counted(form)) {
      opcode = front + counted(opcode, size);
    } else if (form == Form::line) {
      opcode = front + word() + "\n";
    } else if (form == Form::two_lines) {
      opcode = front + word() + "\n" + word() + "\n";
    } else if (size > 0) {
      opcode = front + little_endian(dice_.one_in(2) ? dice_.below(4)
                                                     : interesting_number(dice_, opcodes_.size()),
                                     size);
    } else {
      opcode = std::string(dice_.pick(kRuns));
    }
  }

  std::string word() { return std::string(dice_.pick(kWords)); }

  // A new content under its true count; now and then the old one under a false count.
  std::string counted(const std::string& opcode, std::size_t size) {
    const std::string old = opcode.substr(std::min(opcode.size(), 1 + size));
    if (dice_.one_in(6)) return little_endian(interesting_number(dice_, old.size()), size) + old;
    std::string content = dice_.one_in(2)
                              ? word()
                              : mutated_bytes(old, std::max<std::size_t>(old.size(), 32), mutate_);
    if (size == 1 && content.size() > 255) content.resize(255);
    return little_endian(content.size(), size) + content;
  }

  // Puts a run of opcodes into a frame, mostly of the right length.
  void frame() {
    const std::size_t at = position();
    std::size_t size = 0;
    const std::size_t count = dice_.below(opcodes_.size() - at + 1);
    for (std::size_t i = 0; i < count; ++i) size += opcodes_[at + i].size();
    if (dice_.one_in(4)) size += dice_.below(3) - 1;
    insert(at, "\x95" + little_endian(size, 8));
  }

  Dice& dice_;
  std::size_t max_size_;
  ByteMutator mutate_;
  std::vector<std::string> opcodes_;
};

}  // namespace

std::vector<std::string_view> opcodes_of(std::string_view pickle) {
  std::vector<std::string_view> opcodes;
  while (!pickle.empty()) {
    opcodes.push_back(pickle.substr(0, opcode_size(pickle)));
    pickle.remove_prefix(opcodes.back().size());
  }
  return opcodes;
}

std::string mutated_pickle(std::string_view pickle, std::size_t max_size, unsigned seed,
                           ByteMutator mutate) {
  Dice dice(seed);
  if (dice.one_in(6))
    return mutated_bytes(std::string(pickle.substr(0, max_size)), max_size, mutate);
  PickleEditor editor(pickle, max_size, dice, mutate);
  for (std::size_t left = 1 + dice.below(3); left > 0; --left) editor.edit();
  return editor.text();
}

}  // namespace assay::fuzzing
