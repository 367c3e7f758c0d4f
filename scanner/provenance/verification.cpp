#include "scanner/provenance/verification.h"

#include "scanner/provenance/request_codec.h"
#include "scanner/worker/orders.h"

namespace assay {
namespace {

Parsed<VerifyRequest> read_request(FileDescriptor fd) {
  FileSource file(std::move(fd));
  const std::vector<std::byte> bytes = read_bytes(file, 0, file.size());
  wire::Reader reader(bytes);
  VerifyRequest request;
  reader(request);
  if (!reader.is_complete()) return fail(ParseErrc::malformed, 0, "no request of our parent's");
  return request;
}

}  // namespace

Parsed<FileDescriptor> send_request(const VerifyRequest& request) {
  wire::Writer writer;
  writer(request);
  return memory_file(writer.text());
}

void verify_file(const std::string& name, FileDescriptor fd, AnalysisSink& sink) {
  sink.begin_artifact(name);
  const auto request = read_request(std::move(fd));
  if (!request) sink.gap(request.error());
  sink.end_artifact(0, "");
}

}  // namespace assay
