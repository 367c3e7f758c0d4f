#pragma once

#include "core/error.h"
#include "core/fact.h"
#include "scanner/worker/codec.h"

namespace assay::wire {

void write(Writer& writer, const Fact& fact);
// False when the bytes are not exactly one fact.
bool read(Reader& reader, Fact& fact);

void write(Writer& writer, const ParseError& error);
bool read(Reader& reader, ParseError& error);

}  // namespace assay::wire
