#include "scanner/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string_view>
#include <thread>

namespace assay::cli {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

template <typename T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

int terminal_width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return number<int>(environment("COLUMNS")).value_or(100);
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

}  // namespace

RenderOptions render_options(const Arguments& arguments, bool to_terminal) {
  RenderOptions options;
  options.color = arguments.color == ColorChoice::always ||
                  (arguments.color == ColorChoice::automatic && to_terminal &&
                   environment("NO_COLOR").empty() && environment("TERM") != "dumb");
  options.width = to_terminal ? std::clamp(terminal_width(), 40, 160) : 100;
  options.quiet = arguments.quiet;
  options.verbose = arguments.verbose;
  options.source_date_epoch = number<std::int64_t>(environment("SOURCE_DATE_EPOCH"));
  return options;
}

bool print(const std::string& text) { return write_all(STDOUT_FILENO, text); }

struct ProgressLine::State {
  const ScanProgress& progress;
  std::mutex mutex;
  std::condition_variable wake;
  bool done = false;
  bool shown = false;
  std::thread thread;

  void run() {
    std::unique_lock lock(mutex);
    if (wake.wait_for(lock, std::chrono::seconds(1), [this] { return done; })) return;
    do {
      show();
    } while (!wake.wait_for(lock, std::chrono::milliseconds(200), [this] { return done; }));
  }

  void show() {
    const std::uint64_t megabytes = progress.bytes_done / 1'000'000;
    write_all(STDERR_FILENO, "\r\x1b[K" + std::to_string(progress.files_done) + "/" +
                                 std::to_string(progress.files_total) + " files, " +
                                 std::to_string(megabytes) + " MB");
    shown = true;
  }
};

ProgressLine::ProgressLine(const ScanProgress& progress, bool wanted) {
  if (!wanted || !isatty(STDERR_FILENO)) return;
  state_ = std::make_unique<State>(progress);
  state_->thread = std::thread([this] { state_->run(); });
}

ProgressLine::~ProgressLine() {
  if (!state_) return;
  {
    const std::lock_guard lock(state_->mutex);
    state_->done = true;
  }
  state_->wake.notify_one();
  state_->thread.join();
  if (state_->shown) write_all(STDERR_FILENO, "\r\x1b[K");
}

}  // namespace assay::cli
