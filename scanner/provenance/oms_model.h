#pragma once

#include <vector>

#include "provenance/oms/listing.h"
#include "provenance/oms/model.h"
#include "scanner/provenance/verification.h"

namespace assay {

// The observed files as the model that a signature is, or will be, about.
provenance::oms::Model model_of(const std::vector<ObservedFile>& files, bool single_file);

// The needs of `model` by the place of each file in it.
std::vector<DigestNeed> digest_needs(const provenance::oms::Model& model,
                                     const std::vector<provenance::oms::DigestNeed>& needs);

}  // namespace assay
