#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/budget.h"
#include "core/bytes.h"
#include "core/error.h"

// A strict reader of RFC 8259 text that may be hostile. It gives tokens front to
// back in constant memory except for the keys of the objects that are open.
namespace assay::json {

enum class Kind : std::uint8_t {
  object_begin,
  object_end,
  array_begin,
  array_end,
  key,
  string,
  number,
  boolean,
  null,
  end,  // after the document, and for ever after an error
};

// `raw` is the token as spelled (strings and keys: what stands between the
// quotes) and `offset` where that begins in the artifact. It points into the
// text the Reader was given.
struct Token {
  Kind kind = Kind::end;
  std::uint64_t offset = 0;
  std::string_view raw;
  bool escaped = false;  // a string or key that holds a backslash
};

// A key that stood twice in one object, compared after unescaping. Both offsets
// are those of Token; `first_offset` is the occurrence just before this one.
struct DuplicateKey {
  std::uint64_t first_offset = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

// The characters a string or key stands for.
std::string text_of(const Token& token);

// The exact value of a number without fraction, exponent or minus sign that
// fits; nothing for every other token.
std::optional<std::uint64_t> uint64_of(const Token& token);

// The same for signed numbers; "-0" is refused as no integer spelling.
std::optional<std::int64_t> int64_of(const Token& token);

// Rejects what RFC 8259 does not allow (comments, NaN, raw control characters,
// anything behind the value) and what it leaves open: a byte order mark, invalid
// UTF-8, escapes of lone surrogates. Errors are sticky and carry the offset.
class Reader {
 public:
  // Nesting that serde_json allows.
  static constexpr std::size_t kMaxDepth = 127;
  // More duplicates than this in one document are an error (over_budget).
  static constexpr std::size_t kMaxDuplicates = 1000;

  // Borrows `text`, which begins at `base` in the artifact. Every value is paid
  // as one of Cost::nodes.
  Reader(Bytes text, std::uint64_t base, Budget& budget, std::size_t max_depth = kMaxDepth);

  Token next();

  // Steps over the rest of the value that `first` begins; nothing to do for
  // scalars.
  void skip(const Token& first);

  // Steps on until at most `depth` containers are open.
  void leave(std::size_t depth);

  // Containers open around the next token.
  std::size_t depth() const { return open_.size(); }

  // The duplicates of the objects that closed since the last call.
  std::vector<DuplicateKey> take_duplicates();

  bool ok() const { return !error_; }
  const std::optional<ParseError>& error() const { return error_; }

 private:
  enum class Expect : std::uint8_t { value, first_key, first_element, after_value };
  struct Key {
    std::size_t hash = 0;
    std::uint32_t position = 0;
    std::uint32_t size = 0;
  };
  struct Container {
    bool is_object = false;
    std::size_t first_key = 0;  // in keys_
  };

  Token value();
  Token key();
  Token open(bool is_object);
  Token close();
  Token after_value();
  Token finish();
  Token string(Kind kind);
  Token number();
  Token word(std::string_view word, Kind kind);
  Token stop(ParseErrc code, std::size_t position, std::string_view message);

  bool escape();
  bool surrogate_pair();
  std::optional<std::uint32_t> hex4(std::size_t position) const;
  std::size_t digits();
  void remember(const Token& key);
  bool find_duplicates(std::size_t first_key);
  Token token_of(const Key& key) const;
  bool before(const Key& a, const Key& b) const;
  bool same(const Key& a, const Key& b) const;

  void skip_space();
  char at(std::size_t position) const { return position < text_.size() ? text_[position] : '\0'; }
  bool is_end() const { return position_ >= text_.size(); }

  std::string_view text_;
  std::uint64_t base_;
  Budget& budget_;
  std::size_t max_depth_;
  std::size_t position_ = 0;
  Expect expect_ = Expect::value;
  bool done_ = false;
  std::vector<Container> open_;
  std::vector<Key> keys_;  // of all open objects, outermost first
  std::vector<DuplicateKey> duplicates_;
  std::optional<ParseError> error_;
};

}  // namespace assay::json
