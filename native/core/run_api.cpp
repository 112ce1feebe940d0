// klab_run.
#include "core/boundary.h"
#include "core/run_job.h"
#include "core/run_worker.h"

using namespace klab;

static Error write_samples(RunJob& job, klab_sample* out, uint32_t* count) {
  auto* bytes = reinterpret_cast<unsigned char*>(out);
  const uint32_t stride = out->struct_size;
  for (const klab_sample& sample : job.samples) {
    auto* slot = reinterpret_cast<klab_sample*>(bytes + static_cast<size_t>(*count) * stride);
    slot->struct_size = stride;
    if (Error error = write_struct(slot, sample, "klab_sample")) return error;
    ++*count;
  }
  return {};
}

static Error check_room(const RunJob& job, const klab_sample* samples, uint32_t capacity) {
  const uint64_t needed = uint64_t(job.rounds) * job.arms.size();
  if (capacity < needed) return invalid(format("samples has room for %u, the run may take %llu", capacity, static_cast<unsigned long long>(needed)));
  if (!samples) return invalid("samples is NULL");
  if (samples->struct_size < first_size<klab_sample>) return invalid("samples[0].struct_size must be set: it is the distance between samples");
  return {};
}

static Error timeout_error(const RunJob& job) {
  const double seconds = static_cast<double>(job.timeout_ns) * 1e-9;
  const std::string name = job.arms[job.current_arm].dispatches[0].op->info().name;
  return {KLAB_TIMEOUT, format("%s did not finish within %g s; the device is lost and its process must be replaced", name.c_str(), seconds)};
}

// Leaves `job` alone once it is abandoned: its thread still owns it.
static Error run_job(DeviceState& state, std::shared_ptr<RunJob>& job) {
  if (!state.worker) state.worker = std::make_unique<RunWorker>();
  if (state.worker->run(*job)) {
    if (job->error.status == KLAB_DEVICE_LOST || job->error.status == KLAB_TIMEOUT) state.is_lost = true;
    return job->error;
  }
  state.is_lost = true;
  state.device->cancel();
  new std::shared_ptr<RunJob>(job);
  const std::lock_guard lock(job->mutex);
  return timeout_error(*job);
}

extern "C" klab_status klab_run(klab_device* device, const klab_run_desc* desc, klab_sample* samples, uint32_t capacity, uint32_t* count, uint32_t* failed_arm, klab_error* error) {
  return boundary(error, [&]() -> Error {
    if (!device || !count) return invalid("klab_run: device and count must not be NULL");
    *count = 0;
    if (failed_arm) *failed_arm = 0;
    const std::shared_ptr<DeviceState> keep = device->state;  // also when the handle is closed meanwhile
    DeviceState& state = *keep;
    const std::lock_guard lock(state.mutex);
    if (state.is_lost) return lost_error(state);
    auto job = std::make_shared<RunJob>();
    job->device = device->state;
    Error failure = read_run(desc, *job);
    if (!failure) failure = check_room(*job, samples, capacity);
    if (!failure) {
      const CallScope call(state);
      job->samples.reserve(size_t(job->rounds) * job->arms.size());
      failure = state.device->prepare_run(job->all_dispatches(), job->timeout_ns);
      if (!failure) failure = run_job(state, job);
    }
    const std::lock_guard job_lock(job->mutex);
    if (failed_arm && failure) *failed_arm = job->current_arm;
    if (!job->samples.empty()) {
      if (Error other = write_samples(*job, samples, count)) return other;
    }
    return failure;
  });
}
