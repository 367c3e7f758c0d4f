#include "scanner/provenance/verification.h"

#include <array>
#include <charconv>
#include <exception>
#include <variant>

#include "core/text.h"
#include "scanner/provenance/request_codec.h"
#include "scanner/provenance/verifiers.h"
#include "scanner/worker/orders.h"

namespace assay {
namespace {

using provenance::DigestRequest;
using provenance::HashKind;

constexpr std::string_view kNeed = "need";
constexpr std::string_view kNeedContent = "content";
constexpr std::string_view kNeedStore = "store:";

Parsed<VerifyRequest> read_request(FileDescriptor fd) {
  FileSource file(std::move(fd));
  const std::vector<std::byte> bytes = read_bytes(file, 0, file.size());
  wire::Reader reader(bytes);
  VerifyRequest request;
  reader(request);
  if (!reader.is_complete()) return fail(ParseErrc::malformed, 0, "no request of our parent's");
  return request;
}

bool is_one_file(EvidenceKind kind) {
  return kind == EvidenceKind::bundle || kind == EvidenceKind::model ||
         kind == EvidenceKind::attestations;
}

std::vector<DigestNeed> plan(const VerifyRequest& request) {
  if (is_one_file(request.kind) && is_detached(as_bytes(request.evidence))) {
    return plan_detached(request);
  }
  switch (request.kind) {
    case EvidenceKind::attestations:
      return plan_attestations(request);
    case EvidenceKind::oci_layout:
      return plan_oci(request);
    case EvidenceKind::hub_cache:
    case EvidenceKind::hub_snapshot:
      return plan_blobs(request);
    case EvidenceKind::git_clone:
      break;
    case EvidenceKind::bundle:
      return plan_bundle(request);
    case EvidenceKind::model:
      return plan_model(request);
    case EvidenceKind::hub_listing:
    case EvidenceKind::hub_downloads:
    case EvidenceKind::git_commit:
      break;
  }
  return plan_work_files(request);
}

std::vector<Evidence> verify(const VerifyRequest& request) {
  if (is_one_file(request.kind) && is_detached(as_bytes(request.evidence))) {
    return {verify_detached_request(request)};
  }
  switch (request.kind) {
    case EvidenceKind::attestations:
      return verify_attestations_request(request);
    case EvidenceKind::oci_layout:
      return verify_oci_request(request);
    case EvidenceKind::bundle:
      return {verify_bundle_request(request)};
    case EvidenceKind::model:
      return {verify_model_request(request)};
    case EvidenceKind::git_commit:
      return {verify_git_request(request)};
    case EvidenceKind::git_clone:
      return {clone_of(request).evidence};
    case EvidenceKind::hub_cache:
    case EvidenceKind::hub_snapshot:
    case EvidenceKind::hub_listing:
    case EvidenceKind::hub_downloads:
      break;
  }
  return {verify_hub_request(request)};
}

void carry_out(const VerifyRequest& request, AnalysisSink& sink) {
  if (request.only_plan && request.kind == EvidenceKind::git_clone) {
    plan_clone(request, sink);
  } else if (request.only_plan) {
    for (const DigestNeed& need : plan(request)) sink.fact(fact_of(need));
  } else {
    for (Evidence& evidence : verify(request)) sink.fact({0, 0, std::move(evidence)});
  }
}

// Numbers parted by spaces; nothing when there are not exactly as many as wanted.
template <std::size_t N>
std::optional<std::array<std::uint64_t, N>> numbers_in(std::string_view text) {
  std::array<std::uint64_t, N> numbers{};
  for (std::uint64_t& number : numbers) {
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    const bool is_last = &number == &numbers.back();
    if (text.starts_with(' ') == is_last || (is_last && !text.empty())) return std::nullopt;
    if (!is_last) text.remove_prefix(1);
  }
  return numbers;
}

}  // namespace

Parsed<FileDescriptor> send_request(const VerifyRequest& request) {
  wire::Writer writer;
  writer(request);
  return memory_file(writer.text());
}

void verify_file(const std::string& name, FileDescriptor fd, AnalysisSink& sink) {
  sink.begin_artifact(name);
  try {
    const auto request = read_request(std::move(fd));
    if (request) {
      carry_out(*request, sink);
    } else {
      sink.gap(request.error());
    }
  } catch (const std::exception& error) {
    sink.gap({ParseErrc::crashed, 0, std::string("verification failed: ") + error.what()});
  }
  sink.end_artifact(0, "");
}

Fact fact_of(const DigestNeed& need) {
  std::string text = std::to_string(need.file);
  if (need.content) return {0, 0, Metadata{std::string(kNeedContent), std::move(text)}};
  for (const std::uint64_t number :
       {static_cast<std::uint64_t>(need.request.hash),
        static_cast<std::uint64_t>(need.request.is_git_blob), need.request.shard_size}) {
    text += ' ' + std::to_string(number);
  }
  return {0, 0, Metadata{std::string(kNeed), std::move(text)}};
}

std::optional<DigestNeed> need_of(const Fact& fact, const std::vector<ObservedFile>& files) {
  const auto* told = std::get_if<Metadata>(&fact.value);
  if (!told) return std::nullopt;
  if (told->key == kNeedContent) {
    const auto file = numbers_in<1>(told->value);
    if (!file || (*file)[0] >= files.size()) return std::nullopt;
    return DigestNeed{.file = static_cast<std::size_t>((*file)[0]), .content = true};
  }
  if (told->key != kNeed) return std::nullopt;
  const auto numbers = numbers_in<4>(told->value);
  if (!numbers) return std::nullopt;
  const auto [file, hash, is_git_blob, shard_size] = *numbers;
  if (file >= files.size() || hash > static_cast<std::uint64_t>(HashKind::blake3)) {
    return std::nullopt;
  }
  if (shard_size > 0 && files[file].size / shard_size > kMaxShards) return std::nullopt;
  return DigestNeed{.file = static_cast<std::size_t>(file),
                    .request = {static_cast<HashKind>(hash), is_git_blob != 0, shard_size}};
}

Fact fact_of(const StoreNeed& need) {
  return {0, 0,
          Metadata{std::string(kNeedStore) + need.path,
                   std::to_string(need.offset) + ' ' + std::to_string(need.size)}};
}

std::optional<StoreNeed> store_need_of(const Fact& fact) {
  const auto* told = std::get_if<Metadata>(&fact.value);
  if (!told || !told->key.starts_with(kNeedStore)) return std::nullopt;
  const auto numbers = numbers_in<2>(told->value);
  if (!numbers) return std::nullopt;
  return StoreNeed{told->key.substr(kNeedStore.size()), (*numbers)[0], (*numbers)[1]};
}

}  // namespace assay
