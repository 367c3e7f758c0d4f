#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/evidence.h"

namespace assay {

// Facts are what parsers say about bytes, without judging: the one language
// between formats/, provenance/ and rules/. They are plain values that can be
// written out and read back. Text in them is bytes from the file, cut to
// Limits::text_size; whoever shows it escapes it (core/text.h).

// A name that loading would import: `module` as the loader resolves it
// (after the protocol < 3 renames), `name` possibly dotted.
struct Import {
  std::string module;
  std::string name;
  bool operator==(const Import&) const = default;
};

// How loading calls something. The words are those of the pickle opcodes.
enum class CallKind : std::uint8_t {
  reduce,         // callable(*args)
  newobj,         // cls.__new__(cls, *args): NEWOBJ, NEWOBJ_EX
  instance,       // cls(*args): OBJ, INST
  build,          // obj.__setstate__(state) or obj.__dict__.update(state)
  extension,      // a callable from copyreg's extension registry: EXT1, EXT2, EXT4
  persistent_id,  // the host's persistent_load(pid)
  method,         // append, extend, __setitem__, add of a non-builtin object
};

enum class ArgumentKind : std::uint8_t {
  constant,       // None, bool, number, string, bytes
  container,      // tuple, list, dict, set of values
  global,         // a name that was imported: see Argument::global
  result,         // what another call returned
  persistent_id,  // what the host returned for a persistent id
  unknown,
};

// One argument of a call, in the abstract: `text` is Python-like source for it,
// already shortened.
struct Argument {
  ArgumentKind kind = ArgumentKind::unknown;
  std::string text;
  Import global;  // for `global`; for `result`, the callee that returned it
  bool operator==(const Argument&) const = default;
};

// Loading calls `callee`. `arguments` are the positional ones, then keyword
// values. `passes` are all globals that the arguments hold at any depth, so that
// a higher-order callable can be judged by what it is given. With
// `callee_unknown`, what is called is a value no name stands for: the result of
// the earlier call to `callee` (if that is not empty), or anything at all.
struct Call {
  Import callee;
  CallKind kind = CallKind::reduce;
  std::vector<Argument> arguments;
  std::vector<Import> passes;
  std::string expression;  // "os.system('echo hi')", shortened
  bool callee_unknown = false;
  std::vector<std::string> opcodes;  // around it, "41: REDUCE"; of some calls only
  bool operator==(const Call&) const = default;
};

// Code that stands in the artifact as code: a script, TorchScript source, a
// marshal blob, a template, the source string handed to exec.
struct CodeBlob {
  std::string language;  // "python", "torchscript", "shell", "marshal", "pickle", "jinja" ...
  std::string text;      // an excerpt for text languages
  bool operator==(const CodeBlob&) const = default;
};

// Something outside the artifact that it names: an ONNX external-data file, a
// URL, a shard, a symbolic link's target.
struct Reference {
  std::string kind;  // "external-data", "link", "url", "shard" ...
  std::string target;
  bool operator==(const Reference&) const = default;
};

// A member of an archive as its directory describes it.
struct Member {
  std::string name;
  std::string method;  // "stored", "deflate", "link", "directory" ...
  std::uint64_t stored_size = 0;
  std::uint64_t size = 0;
  bool operator==(const Member&) const = default;
};

struct Tensor {
  std::string name;
  std::string dtype;  // the format's own word: "F32", "float32", "<f4"
  std::vector<std::uint64_t> shape;
  std::uint64_t byte_size = 0;
  bool operator==(const Tensor&) const = default;
};

// A key and a value that the format itself calls metadata, or that describes
// the artifact (producer, opset, protocol, operator counts).
struct Metadata {
  std::string key;
  std::string value;
  bool operator==(const Metadata&) const = default;
};

// A whole artifact of another kind inside data that should not hold one: an ELF
// in tensor bytes, a zip behind a pickle.
struct Embedded {
  std::string format;
  bool operator==(const Embedded&) const = default;
};

// The bytes parse, but are odd. `code` is "<format>.<kebab-case>" and stable:
// rules match on it. `detail` is for people.
struct Anomaly {
  std::string code;
  std::string detail;
  bool operator==(const Anomaly&) const = default;
};

// A YARA rule that fired on code-bearing bytes.
struct Match {
  std::string rule;         // the YARA identifier
  std::string excerpt;      // the first matching bytes
  std::string severity;     // its meta `severity`, for rules no catalog knows
  std::string description;  // its meta `description`
  bool operator==(const Match&) const = default;
};

// How the artifact stands to a signature or listing that covers it, or should
// (`state` is a word of provenance::CoverageState); or, of the signature itself,
// how far it holds (Evidence::state()). The whole Evidence is for reports.
struct Signature {
  std::string kind;  // Evidence::kind
  std::string state;
  std::string signer;
  std::string reason;  // the class of the check that decided, if one failed
  std::string detail;  // what it said
  bool operator==(const Signature&) const = default;
};

// One instruction of a program that loading runs on a stack machine: an opcode of
// a pickle. Told only where ParseContext::list_from() asks for it.
struct Instruction {
  std::string name;         // "GLOBAL"
  std::string argument;     // as the format's own disassembler shows it, shortened
  std::string effect;       // Python-like: what the step built, called or took away
  std::uint32_t stack = 0;  // values on the stack behind it
  std::uint32_t marks = 0;  // marks among them
  bool operator==(const Instruction&) const = default;
};

// Digests of a whole file that somebody asked for beside its examination: some of
// those of request number `request`, raw and in a row. Neither judged nor reported.
struct ContentDigest {
  std::uint32_t request = 0;
  std::string digests;
  bool operator==(const ContentDigest&) const = default;
};

using FactValue =
    std::variant<Import, Call, CodeBlob, Reference, Member, Tensor, Metadata, Embedded, Anomaly,
                 Match, Signature, Instruction, provenance::Evidence, ContentDigest>;

// One fact and where in its artifact it stands. `size` 0: a point, or unknown.
struct Fact {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  FactValue value;
  bool operator==(const Fact&) const = default;
};

// About how much memory the texts and lists in a fact take, in bytes.
std::uint64_t bytes_of(const FactValue& value);

// "import", "call", ... : the word rules use in "match": {"fact": ...}.
std::string_view kind_of(const FactValue& value);
std::string_view to_string(CallKind kind);
std::string_view to_string(ArgumentKind kind);

// "module.name", or "name" for an empty module.
std::string dotted(const Import& import);

}  // namespace assay
