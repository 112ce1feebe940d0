#include "serve.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace klab::compiler {
namespace {

struct Job {
  pid_t pid;
  int socket;
  bool is_killed;
};

enum class Received { job, nothing, end };

Received receive(JobMessage& message) {
  message.bytes.resize(max_message_bytes);
  iovec part{message.bytes.data(), message.bytes.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof message.descriptors)];
  msghdr header{};
  header.msg_iov = &part, header.msg_iovlen = 1;
  header.msg_control = control, header.msg_controllen = sizeof control;
  const ssize_t count = recvmsg(control_fd, &header, MSG_CMSG_CLOEXEC);
  if (count == 0 || (count < 0 && errno != EINTR)) return Received::end;
  if (count < 0) return Received::nothing;
  message.bytes.resize(size_t(count));
  const cmsghdr* carried = CMSG_FIRSTHDR(&header);
  if (!carried || carried->cmsg_type != SCM_RIGHTS || carried->cmsg_len != CMSG_LEN(sizeof message.descriptors)) return Received::nothing;
  memcpy(message.descriptors, CMSG_DATA(carried), sizeof message.descriptors);
  return Received::job;
}

class Server {
 public:
  Server() {
    sigset_t child_ended;
    sigemptyset(&child_ended);
    sigaddset(&child_ended, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child_ended, &mask_of_jobs_);
    signals_ = signalfd(-1, &child_ended, SFD_CLOEXEC | SFD_NONBLOCK);
    send(control_fd, &hello, sizeof hello, MSG_NOSIGNAL);
  }

  JobMessage run() {
    for (;;) {
      std::vector<pollfd> waits{{control_fd, POLLIN, 0}, {signals_, POLLIN, 0}};
      for (const Job& job : jobs_) waits.push_back({job.is_killed ? -1 : job.socket, POLLIN, 0});
      if (poll(waits.data(), waits.size(), -1) < 0) continue;
      for (size_t i = 0; i < jobs_.size(); ++i) {
        if (waits[i + 2].revents) kill(jobs_[i].pid, SIGKILL), jobs_[i].is_killed = true;
      }
      if (waits[1].revents) reap();
      if (!waits[0].revents) continue;
      JobMessage message;
      switch (receive(message)) {
        case Received::end: end();
        case Received::nothing: break;
        case Received::job:
          if (start(message)) return message;
      }
    }
  }

 private:
  // True in the child.
  bool start(JobMessage& message) {
    const pid_t server = getpid();
    const pid_t pid = arguments_of(message).empty() ? -1 : fork();
    if (pid == 0) {
      close(control_fd);
      close(signals_);
      for (const Job& job : jobs_) close(job.socket);
      sigprocmask(SIG_SETMASK, &mask_of_jobs_, nullptr);
      if (!become_job(message, server)) _exit(failed_start);
      return true;
    }
    for (int i = 0; i < 3; ++i) close(message.descriptors[i]);
    if (pid > 0) {
      send(message.socket(), &hello, sizeof hello, MSG_NOSIGNAL);
      jobs_.push_back({pid, message.socket(), false});
    }
    if (pid < 0) close(message.socket());
    return false;
  }

  void reap() {
    signalfd_siginfo ignored;
    while (read(signals_, &ignored, sizeof ignored) > 0) {
    }
    int status = 0;
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
      for (size_t i = 0; i < jobs_.size(); ++i) {
        if (jobs_[i].pid != pid) continue;
        send(jobs_[i].socket, &status, sizeof status, MSG_NOSIGNAL);
        close(jobs_[i].socket);
        jobs_.erase(jobs_.begin() + long(i));
        break;
      }
    }
  }

  [[noreturn]] void end() {
    for (const Job& job : jobs_) kill(job.pid, SIGKILL);
    _exit(0);
  }

  int signals_ = -1;
  sigset_t mask_of_jobs_;
  std::vector<Job> jobs_;
};

}  // namespace

JobMessage serve() { return Server().run(); }

}  // namespace klab::compiler
