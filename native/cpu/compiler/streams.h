// The three pipes of a running tool, and the exchange over them.
#pragma once
#include <signal.h>

#include <array>
#include <string_view>

#include "process.h"

namespace klab::cpu {

class Pipe {
 public:
  Pipe();
  ~Pipe() { close_read(), close_write(); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_read() { close_end(0); }
  void close_write() { close_end(1); }

 private:
  void close_end(size_t i);
  std::array<int, 2> ends_{-1, -1};
};

struct Streams {
  Pipe in, out, err;
  // IO when the pipes could not be made.
  Error check() const;
  // Gives up the tool's ends; to be called when it has them.
  void keep_own_ends();
};

// A tool that ends before it has read its input must not end this process: exchanges run with SIGPIPE blocked.
class BlockSigpipe {
 public:
  BlockSigpipe();
  ~BlockSigpipe();
  BlockSigpipe(const BlockSigpipe&) = delete;
  BlockSigpipe& operator=(const BlockSigpipe&) = delete;

 private:
  sigset_t pipe_, before_;
};

// Writes the input and reads until the tool has closed its outputs. An error leaves it running.
Error exchange(const ProcessRequest& request, Streams& streams, ProcessResult& result);

}  // namespace klab::cpu
