#include "scanner/worker/lister.h"

#include <variant>

#include "scanner/worker/errand.h"

namespace assay {

std::vector<ParseError> list_instructions(const ListingJob& job, const ScanOptions& options,
                                          const std::atomic<bool>& stop,
                                          const TakeInstruction& take) {
  const WorkerOrder order{.name = job.name, .work = Work::list, .listing = job.request};
  return ErrandRunner(options, stop).run(order, job.file, job.time, [&](const Fact& fact) {
    return !std::holds_alternative<Instruction>(fact.value) || take(fact);
  });
}

}  // namespace assay
