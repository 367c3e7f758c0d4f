#pragma once

#include <set>
#include <span>
#include <string>

#include "scanner/sandbox/sandbox.h"

namespace assay::sandbox {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSanitizerBuild = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kSanitizerBuild = true;
#else
inline constexpr bool kSanitizerBuild = false;
#endif
#else
inline constexpr bool kSanitizerBuild = false;
#endif

// "EPERM: Operation not permitted"; needs neither locale nor files.
std::string errno_text(int error);

// All layers, in the order in which they are taken.
std::span<const Layer> all_layers();

// Each takes one layer from this process and says whether it is in force now.
LayerState close_descriptors(const std::set<int>& keep);
LayerState leave_network();
LayerState renounce_privileges();
LayerState restrict_with_landlock();
LayerState drop_capabilities();
LayerState hide_memory();
LayerState limit_resources(const Options& options);
LayerState filter_calls();

}  // namespace assay::sandbox
