#include "streams.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

namespace klab::cpu {
namespace {

void pump_in(Pipe& in, std::string_view& rest) {
  const ssize_t count = write(in.write_end(), rest.data(), rest.size());
  if (count > 0) rest.remove_prefix(size_t(count));
  if (rest.empty() || (count < 0 && errno != EAGAIN && errno != EINTR)) in.close_write();
}

// False at the end of the stream.
bool pump_out(int fd, std::string& text) {
  char bytes[65536];
  const ssize_t count = read(fd, bytes, sizeof bytes);
  if (count > 0) text.append(bytes, size_t(count));
  return count > 0 || (count < 0 && errno == EINTR);
}

}  // namespace

Pipe::Pipe() {
  if (pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
}

void Pipe::close_end(size_t i) {
  if (ends_[i] >= 0) close(ends_[i]);
  ends_[i] = -1;
}

Error Streams::check() const {
  if (in.read_end() >= 0 && out.read_end() >= 0 && err.read_end() >= 0) return {};
  return {KLAB_IO, std::string("cannot make a pipe: ") + std::strerror(errno)};
}

void Streams::keep_own_ends() { in.close_read(), out.close_write(), err.close_write(); }

BlockSigpipe::BlockSigpipe() {
  sigemptyset(&pipe_);
  sigaddset(&pipe_, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
}

BlockSigpipe::~BlockSigpipe() {
  const timespec now{};
  while (sigtimedwait(&pipe_, nullptr, &now) > 0) {
  }
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

Error exchange(const ProcessRequest& request, Streams& streams, ProcessResult& result) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::nanoseconds(request.timeout_ns);
  constexpr int poll_ms = 10;  // how soon a cancel is seen
  fcntl(streams.in.write_end(), F_SETFL, O_NONBLOCK);
  std::string_view rest = request.input;
  if (rest.empty()) streams.in.close_write();
  while (streams.out.read_end() >= 0 || streams.err.read_end() >= 0) {
    pollfd waits[3] = {{streams.out.read_end(), POLLIN, 0}, {streams.err.read_end(), POLLIN, 0}, {streams.in.write_end(), POLLOUT, 0}};
    poll(waits, 3, poll_ms);
    if (request.cancel && request.cancel->load(std::memory_order_relaxed)) return {KLAB_CANCELLED, "cancelled while " + request.arguments[0] + " was running"};
    if (std::chrono::steady_clock::now() > deadline) return {KLAB_TIMEOUT, request.arguments[0] + " did not finish in time and was ended"};
    if (result.out.size() + result.err.size() > request.max_output_bytes) return {KLAB_OUT_OF_MEMORY, request.arguments[0] + " wrote too much and was ended"};
    if (waits[2].revents) pump_in(streams.in, rest);
    if (waits[0].revents && !pump_out(waits[0].fd, result.out)) streams.out.close_read();
    if (waits[1].revents && !pump_out(waits[1].fd, result.err)) streams.err.close_read();
  }
  return {};
}

}  // namespace klab::cpu
