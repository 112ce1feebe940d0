// The lab's side of a resident compiler (protocol.h): started once a process, asked for every compile.
#pragma once
#include "process.h"

namespace klab::cpu {

enum class ResidentAnswer {
  ran,          // as run_process would have: look at the error and the result
  unavailable,  // there is none, or it ended midway: the caller runs a process instead
};

struct Resident {
  std::string program;  // absolute, without links
  std::string stamp;    // of its file: another one replaces the running process
};

// Runs `request` in a child of the resident program, as nice as the calling thread. Starts that when there is none, again
// when it has ended or does not answer for some seconds, and not any more after several such ends or when it turns out not
// to serve. A thread that is nicer than its process starts none: it would stay so for all others.
ResidentAnswer run_resident(const Resident& resident, const ProcessRequest& request, ProcessResult& result, Error& error);

// Process id of the resident `program`, 0 when none runs.
int resident_process(const std::string& program);

}  // namespace klab::cpu
