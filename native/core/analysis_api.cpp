// klab_analysis_*: dispatches run once under observation, on the device's thread for submissions.
#include "core/boundary.h"
#include "core/run_job.h"
#include "core/run_worker.h"

using namespace klab;

struct klab_analysis {
  std::string json;
};

namespace {

constexpr uint64_t default_timeout_ns = 600'000'000'000;
constexpr uint32_t default_findings = 1000;
constexpr uint32_t all_checks = KLAB_CHECK_BOUNDS | KLAB_CHECK_RACES | KLAB_CHECK_UNINITIALISED | KLAB_CHECK_BARRIERS | KLAB_CHECK_COUNTERS;

// Everything the analysing thread touches; leaked with a job that is abandoned.
struct AnalysisJob : RunJob {
  std::vector<Dispatch> dispatches;
  AnalysisRequest request;
  std::string json;
};

Error read_analysis(const klab_analysis_desc* desc, AnalysisJob& job) {
  klab_analysis_desc value;
  if (Error error = read_struct(desc, value, "klab_analysis_desc")) return error;
  if (value.checks & ~all_checks) return invalid(format("checks 0x%x hold a bit that is not known", value.checks));
  if (value.dispatch_count == 0 || value.dispatch_count > 4096) return invalid(format("dispatch_count is %u; it must be 1 to 4096", value.dispatch_count));
  job.timeout_ns = value.timeout_ns ? value.timeout_ns : default_timeout_ns;
  job.request.checks = value.checks ? value.checks : all_checks;
  job.request.max_findings = value.max_findings ? value.max_findings : default_findings;
  job.request.seed = value.seed;
  if (Error error = read_dispatches(value.dispatches, value.dispatch_count, true, job, job.dispatches)) return error;
  for (const Dispatch& dispatch : job.dispatches) job.request.dispatches.push_back(&dispatch);
  return {};
}

Error run_job(DeviceState& state, const std::shared_ptr<AnalysisJob>& job) {
  if (!state.worker) state.worker = std::make_unique<RunWorker>();
  if (state.worker->run(*job)) {
    if (job->error.status == KLAB_DEVICE_LOST || job->error.status == KLAB_TIMEOUT) state.is_lost = true;
    return job->error;
  }
  state.is_lost = true;
  state.device->cancel();
  new std::shared_ptr<AnalysisJob>(job);  // its thread still uses it
  const double seconds = static_cast<double>(job->timeout_ns) * 1e-9;
  return {KLAB_TIMEOUT, format("the analysis of %s did not finish within %g s; the device is lost and its process must be replaced", job->dispatches[0].op->info().name.c_str(), seconds)};
}

}  // namespace

extern "C" klab_status klab_analysis_create(klab_device* device, const klab_analysis_desc* desc, klab_analysis** analysis, klab_error* error) {
  return boundary(error, [&]() -> Error {
    if (!device || !analysis) return invalid("klab_analysis_create: device and analysis must not be NULL");
    *analysis = nullptr;
    const std::shared_ptr<DeviceState> keep = device->state;  // also when the handle is closed meanwhile
    DeviceState& state = *keep;
    const std::lock_guard lock(state.mutex);
    if (state.is_lost) return lost_error(state);
    const klab_device_info info = state.info();
    if (!(info.capabilities & KLAB_CAP_ANALYSE)) return {KLAB_UNSUPPORTED, format("device \"%s\" cannot analyse a kernel; use the cpu device", info.id)};
    auto job = std::make_shared<AnalysisJob>();
    job->device = keep;
    if (Error failure = read_analysis(desc, *job)) return failure;
    job->body = [job = job.get()] { return job->device->device->analyse(job->request, job->json); };
    const CallScope call(state);
    if (Error failure = run_job(state, job)) return failure;
    *analysis = new klab_analysis{std::move(job->json)};
    return {};
  });
}

extern "C" klab_status klab_analysis_get_json(klab_analysis* analysis, char* json, uint64_t capacity, uint64_t* bytes) {
  return boundary(nullptr, [&]() -> Error {
    if (!analysis || !bytes) return invalid("klab_analysis_get_json: analysis and bytes must not be NULL");
    *bytes = analysis->json.size() + 1;
    if (capacity < *bytes) return invalid(format("json has room for %llu bytes", static_cast<unsigned long long>(capacity)));
    if (!json) return invalid("json is NULL");
    std::memcpy(json, analysis->json.c_str(), *bytes);
    return {};
  });
}

extern "C" void klab_analysis_destroy(klab_analysis* analysis) { delete analysis; }
