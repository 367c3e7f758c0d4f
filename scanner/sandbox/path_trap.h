#pragma once

namespace assay::sandbox {

// glibc's fstat(fd) is newfstatat(fd, "", AT_EMPTY_PATH), and a filter cannot see that the path is
// empty: allowed, the call would tell the size and times of any file. So the filter answers it with
// SIGSYS, and the handler installed here makes the fstat of it, or EACCES where there is a path.
void install_path_trap();

}  // namespace assay::sandbox
