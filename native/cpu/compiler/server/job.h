// One compile in a child of the server.
#pragma once
#include <sys/types.h>

#include <vector>

#include "../protocol.h"

namespace klab::compiler {

struct JobMessage {
  std::vector<char> bytes;  // JobHeader and strings
  int descriptors[job_descriptors] = {-1, -1, -1, -1};
  int socket() const { return descriptors[3]; }
};

// Null-terminated; points into `message`. Empty when the message is malformed.
std::vector<char*> arguments_of(JobMessage& message);

// Makes the calling process, a fresh child of `server`, ready to be the compiler: streams, folder, limits. False when it
// cannot.
bool become_job(JobMessage& message, pid_t server);

}  // namespace klab::compiler
