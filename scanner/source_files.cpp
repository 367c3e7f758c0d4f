#include "scanner/source_files.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core/text.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

ParseError unreadable(std::string message) {
  return {ParseErrc::unreadable, 0, std::move(message)};
}

bool matches(const std::string& glob, std::string_view path) {
  const bool whole = glob.find('/') != std::string::npos;
  const std::string subject(whole ? path : base_name(path));
  return fnmatch(glob.c_str(), subject.c_str(), FNM_PATHNAME) == 0;
}

bool any_matches(const std::vector<std::string>& globs, std::string_view path) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string& glob) { return matches(glob, path); });
}

bool is_below(const fs::path& path, const fs::path& directory) {
  const auto [end, at] =
      std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return end == directory.end();
}

// Snapshots of the Hub's cache are folders of links into ../../blobs of the
// same repository folder; links may lead anywhere inside that.
fs::path fence_of(const fs::path& root) {
  for (fs::path at = root; at.has_relative_path(); at = at.parent_path()) {
    if (at.parent_path().filename() == "snapshots") return at.parent_path().parent_path();
  }
  return root;
}

// Walks one directory, depth first, without recursion.
class Walk {
 public:
  Walk(fs::path root, std::string prefix, const Selection& selection,
       std::vector<SourceFile>& files)
      : root_(std::move(root)), prefix_(std::move(prefix)), selection_(selection), files_(files) {
    std::error_code ignored;
    canonical_ = fs::canonical(root_, ignored);
    fence_ = fence_of(canonical_);
    below_fence_ = canonical_.lexically_relative(fence_);
    fence_fd_ = std::make_shared<const FileDescriptor>(
        open(fence_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  }

  void run() {
    std::vector<std::string> pending{""};
    while (!pending.empty()) {
      const std::string relative = std::move(pending.back());
      pending.pop_back();
      list(relative, pending);
    }
  }

 private:
  void list(const std::string& relative, std::vector<std::string>& pending) {
    std::error_code error;
    fs::directory_iterator it(root_ / relative, error);
    for (; !error && it != fs::directory_iterator(); it.increment(error)) {
      const std::string name = it->path().filename().native();
      const std::string path = relative.empty() ? name : relative + "/" + name;
      visit(path, *it, pending);
    }
    if (error) add(relative.empty() ? "." : relative, unreadable(error.message()));
  }

  void visit(const std::string& path, const fs::directory_entry& entry,
             std::vector<std::string>& pending) {
    std::error_code error;
    const fs::file_status status = entry.symlink_status(error);
    if (fs::is_directory(status)) {
      if (path == ".git") {
        add(path, std::nullopt, true);  // the history, which no loader reads
      } else {
        pending.push_back(path);
      }
    } else if (fs::is_symlink(status)) {
      visit_link(path);
    } else if (fs::is_regular_file(status)) {
      add(path, std::nullopt);
    } else {
      add(path, unreadable(error ? error.message() : "not a regular file"));
    }
  }

  void visit_link(const std::string& path) {
    std::error_code error;
    const fs::path target = fs::canonical(root_ / path, error);
    add(path, problem_of_link(target, error));
    SourceFile& file = files_.back();
    file.link = LinkKind::outside;
    if (file.problem) return;
    file.system_path = target.lexically_relative(fence_).native();
    file.link = is_below(target, canonical_) ? LinkKind::inside : LinkKind::to_blob;
  }

  std::optional<ParseError> problem_of_link(const fs::path& target, std::error_code error) const {
    if (error) return unreadable("a link that leads nowhere: " + error.message());
    if (!is_below(target, fence_)) {
      return ParseError{ParseErrc::not_fetched, 0, "a link that leaves the source"};
    }
    if (fs::is_directory(target, error)) {
      return ParseError{ParseErrc::not_fetched, 0, "a link to a directory, not followed"};
    }
    if (!fs::is_regular_file(target, error)) return unreadable("not a regular file");
    return std::nullopt;
  }

  void add(const std::string& path, std::optional<ParseError> problem, bool left_out = false) {
    const std::string shown = prefix_.empty() ? path : prefix_ + "/" + path;
    left_out = left_out || selection_.leaves_out(shown);
    files_.push_back({.report_path = shown,
                      .system_path = (below_fence_ / path).native(),
                      .fence = fence_fd_,
                      .problem = std::move(problem),
                      .left_out = left_out});
  }

  fs::path root_;
  fs::path canonical_;
  fs::path fence_;
  fs::path below_fence_;  // the root, seen from the fence
  std::shared_ptr<const FileDescriptor> fence_fd_;
  std::string prefix_;
  const Selection& selection_;
  std::vector<SourceFile>& files_;
};

// The folder below which all sources lie, so that several of them can be told
// apart in one report without an absolute path.
fs::path common_parent(const std::vector<fs::path>& sources) {
  fs::path common = sources.front().parent_path();
  for (const fs::path& source : sources) {
    while (!is_below(source, common) && common.has_relative_path()) common = common.parent_path();
  }
  return common;
}

// A path given on the command line, without "." and "..", and without the slash
// that may stand at its end.
fs::path normal(const std::string& source) {
  const fs::path full = fs::absolute(source).lexically_normal();
  return full.has_filename() ? full : full.parent_path();
}

void add_neighbours(const std::string& source, const std::string& shown, SourceListing& listing) {
  for (const std::string_view suffix : kEvidenceSuffixes) {
    const std::string path = source + std::string(suffix);
    std::error_code error;
    if (!fs::is_regular_file(path, error)) continue;
    listing.beside.push_back({.report_path = shown + std::string(suffix), .system_path = path});
  }
}

void add_source(const std::string& source, const fs::path& common, bool alone,
                const Selection& selection, SourceListing& listing) {
  std::error_code error;
  const fs::file_status status = fs::status(source, error);
  const fs::path clean = normal(source);
  const std::string shown =
      alone ? clean.filename().native() : clean.lexically_relative(common).native();
  if (fs::is_directory(status)) {
    Walk(source, alone ? "" : shown, selection, listing.files).run();
    return;
  }
  if (fs::is_regular_file(status)) add_neighbours(source, shown, listing);
  SourceFile file{
      .report_path = shown, .system_path = source, .left_out = selection.leaves_out(shown)};
  if (!fs::exists(status)) {
    file.problem = unreadable(error ? error.message() : "not found");
  } else if (!fs::is_regular_file(status)) {
    file.problem = unreadable("not a regular file");
  }
  listing.files.push_back(std::move(file));
}

}  // namespace

bool Selection::leaves_out(std::string_view report_path) const {
  if (!include.empty() && !any_matches(include, report_path)) return true;
  return any_matches(exclude, report_path);
}

SourceListing list_sources(const std::vector<std::string>& sources, const Selection& selection) {
  SourceListing listing{.kind = "path"};
  std::vector<fs::path> paths;
  for (const std::string& source : sources) {
    if (source != "-") paths.push_back(normal(source));
  }
  const fs::path common = paths.empty() ? fs::path() : common_parent(paths);
  for (const std::string& source : sources) {
    if (source == "-") {
      listing.files.push_back({.report_path = "stdin", .is_stdin = true});
      if (sources.size() == 1) listing.kind = "stdin";
    } else {
      add_source(source, common, sources.size() == 1, selection, listing);
    }
  }
  for (const fs::path& path : paths) {
    listing.uri += (listing.uri.empty() ? "" : " ") + path.filename().native();
  }
  if (listing.uri.empty()) listing.uri = listing.kind == "stdin" ? "-" : ".";
  std::sort(listing.files.begin(), listing.files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.report_path < b.report_path; });
  const auto same = [](const SourceFile& a, const SourceFile& b) {
    return a.report_path == b.report_path;
  };
  listing.files.erase(std::unique(listing.files.begin(), listing.files.end(), same),
                      listing.files.end());
  return listing;
}

namespace {

// O_NONBLOCK: a FIFO put in the file's place must not hold the scan up.
constexpr int kReadFlags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

int open_below(int fence, const std::string& path) {
  open_how how{};
  how.flags = kReadFlags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const long fd = syscall(SYS_openat2, fence, path.c_str(), &how, sizeof how);
  // Some containers forbid calls that are newer than their list of them.
  if (fd >= 0 || (errno != ENOSYS && errno != EPERM)) return static_cast<int>(fd);
  return openat(fence, path.c_str(), kReadFlags | O_NOFOLLOW);
}

}  // namespace

Parsed<FileDescriptor> open_file(const SourceFile& file) {
  FileDescriptor fd(file.fence ? open_below(file.fence->get(), file.system_path)
                               : open(file.system_path.c_str(), kReadFlags));
  if (!fd)
    return fail(ParseErrc::unreadable, 0,
                errno == EXDEV ? "leads out of the source" : std::strerror(errno));
  struct stat status{};
  if (fstat(fd.get(), &status) != 0) return fail(ParseErrc::unreadable, 0, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return fail(ParseErrc::unreadable, 0, "not a regular file");
  return fd;
}

namespace {

// The same file, for a worker that may write to nothing.
FileDescriptor read_only(FileDescriptor fd) {
  const std::string name = "/proc/self/fd/" + std::to_string(fd.get());
  FileDescriptor reader(open(name.c_str(), O_RDONLY | O_CLOEXEC));
  return reader ? std::move(reader) : std::move(fd);
}

}  // namespace

Parsed<FileDescriptor> spool_stdin() {
  const char* folder = std::getenv("TMPDIR");
  std::string name = std::string(folder && *folder ? folder : "/tmp") + "/assay-XXXXXX";
  FileDescriptor fd(mkostemp(name.data(), O_CLOEXEC));
  if (!fd)
    return fail(ParseErrc::unreadable, 0,
                std::string("no temporary file: ") + std::strerror(errno));
  unlink(name.c_str());
  std::array<char, 1 << 16> buffer{};
  for (;;) {
    const ssize_t got = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got == 0) return read_only(std::move(fd));
    if (got < 0) return fail(ParseErrc::unreadable, 0, std::strerror(errno));
    for (ssize_t put = 0; put < got;) {
      const ssize_t step =
          write(fd.get(), buffer.data() + put, static_cast<std::size_t>(got - put));
      if (step < 0) return fail(ParseErrc::unreadable, 0, std::strerror(errno));
      put += step;
    }
  }
}

}  // namespace assay
