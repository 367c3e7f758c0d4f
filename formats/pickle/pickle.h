#pragma once

#include <cstdint>

#include "core/format.h"

namespace assay::pickle {

// Python pickles, protocols 0 to 5, one or several in a row; joblib files, which
// carry raw array bytes between the opcodes; legacy torch files, which carry raw
// storages behind them.
//
// Facts: Import, Call, CodeBlob ("python": source text given to exec and its like;
// "marshal": the words of a code object), Tensor,
// Reference ("array-file"), and Metadata pickle.protocol, pickle.count,
// pickle.opcodes, pickle.calls, pickle.persistent-ids; of legacy torch files
// torch.weights_only (weights_only.h). Where they are asked for: Instruction.
//
// Members "[bytes at N]": texts that look like an artifact, or that a callee
// loads, with base64 and hex taken off.
//
// Calls of what calls return are told by the name that constants give it:
// getattr(import_module('os'), 'system') is os.system (resolved_names.cpp).
//
// Anomalies:
//   pickle.trailing-data        bytes behind the last STOP that are no pickle
//   pickle.write-to-global      attributes or items are written into a global
//   pickle.source-in-state      a class that runs text of its state gets other text than its
//                               framework writes
//   pickle.computed-name        a global is named by what an earlier call returned
//   pickle.leftover-stack       values under the result when STOP comes
//   pickle.frame-length         a frame does not end where an opcode ends
//   pickle.repeated-proto       a PROTO within the pickle
//   pickle.newer-opcode         an opcode that the named protocol does not have
extern const Format format;

// Walks the pickles that stand one after the other from `offset` to the end of
// the context's source: for formats that carry pickles behind a header of their
// own (npy object arrays). Facts go into `context`, with offsets of its source.
// Fails where a loader would; what was told before that has run by then.
Parsed<void> walk(ParseContext& context, std::uint64_t offset);

}  // namespace assay::pickle
