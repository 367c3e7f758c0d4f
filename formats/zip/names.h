#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/parse_context.h"
#include "formats/zip/directory.h"

namespace assay::zip {

// Why unpacking a member of this name could write, or be looked for, somewhere
// else: "an absolute path", "leads to a parent folder" ... Empty if it could not.
std::string_view unsafe_name_reason(std::string_view name);

// The name ends as a folder's does.
bool is_directory_name(std::string_view name);

// A symbolic link's or a device's mode in the upper half of the attributes.
bool is_symlink(const CentralEntry& entry);
bool is_special_file(const CentralEntry& entry);

// Whether a link of the member `name` that says `target` leaves the archive's root.
bool link_escapes(std::string_view name, std::string_view target);

// Records unsafe names, Unicode names that say something else, and special files.
void report_name(ParseContext& context, const Entry& entry);

// Records names that occur twice: exactly (zip.duplicate-name), or but for upper
// and lower case (`case_code`).
void report_duplicates(ParseContext& context, const std::vector<Entry>& entries,
                       std::string_view case_code);

}  // namespace assay::zip
