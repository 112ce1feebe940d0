// Runs the kernels of kernels.cl on the first OpenCL device and times them. One request a line on stdin, one answer a
// line on stdout:
//   set KERNEL M N K globalX globalY localX localY VALUE …   → "ok"; takes A and B from the files a and b of the folder,
//                                                               fills C with NaN; the values are floats after K
//   run ITERATIONS    → nanoseconds of one iteration, and processor time ÷ elapsed time of this process meanwhile
//   get               → "ok"; writes C to the file c
// Or "error …", and it ends. Arguments: file of kernels, folder of the operands.
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Failure {
  std::string what;
};

void check(cl_int status, const char* what) {
  if (status != CL_SUCCESS) throw Failure{std::string(what) + " failed with " + std::to_string(status)};
}

std::vector<float> floats_of(const std::string& file, size_t count) {
  std::vector<float> values(count);
  std::ifstream in(file, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(count * sizeof(float)))) throw Failure{"cannot read " + file};
  return values;
}

double processor_seconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec); };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Driver {
 public:
  Driver(const std::string& file, std::string folder) : folder_(std::move(folder)) {
    cl_platform_id platform = nullptr;
    check(clGetPlatformIDs(1, &platform, nullptr), "clGetPlatformIDs");
    check(clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 1, &device_, nullptr), "clGetDeviceIDs");
    cl_int status = 0;
    context_ = clCreateContext(nullptr, 1, &device_, nullptr, nullptr, &status);
    check(status, "clCreateContext");
    queue_ = clCreateCommandQueue(context_, device_, CL_QUEUE_PROFILING_ENABLE, &status);
    check(status, "clCreateCommandQueue");
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    const std::string source = text.str();
    const char* pointer = source.c_str();
    program_ = clCreateProgramWithSource(context_, 1, &pointer, nullptr, &status);
    check(status, "clCreateProgramWithSource");
    check(clBuildProgram(program_, 1, &device_, "-cl-fast-relaxed-math", nullptr, nullptr), "clBuildProgram");
  }

  std::string version() const {
    char name[256] = "", driver[256] = "";
    cl_uint units = 0;
    clGetDeviceInfo(device_, CL_DEVICE_VERSION, sizeof name, name, nullptr);
    clGetDeviceInfo(device_, CL_DRIVER_VERSION, sizeof driver, driver, nullptr);
    clGetDeviceInfo(device_, CL_DEVICE_MAX_COMPUTE_UNITS, sizeof units, &units, nullptr);
    return std::to_string(units) + " " + name + ", driver " + driver;
  }

  void set(std::istream& line) {
    std::string name;
    uint32_t m = 0, n = 0, k = 0;
    line >> name >> m >> n >> k >> global_[0] >> global_[1] >> local_[0] >> local_[1];
    release();
    cl_int status = 0;
    kernel_ = clCreateKernel(program_, name.c_str(), &status);
    check(status, "clCreateKernel");
    outputs_ = size_t{m} * n;
    std::vector<float> a = floats_of(folder_ + "/a", size_t{m} * k), b = floats_of(folder_ + "/b", size_t{n} * k), c(outputs_, NAN);
    std::vector<float>* const contents[] = {&a, &b, &c};
    for (cl_uint i = 0; i < 3; i++) {
      const cl_mem_flags access = i == 2 ? CL_MEM_READ_WRITE : CL_MEM_READ_ONLY;
      buffers_[i] = clCreateBuffer(context_, access | CL_MEM_COPY_HOST_PTR, contents[i]->size() * sizeof(float), contents[i]->data(), &status);
      check(status, "clCreateBuffer");
      check(clSetKernelArg(kernel_, i, sizeof buffers_[i], &buffers_[i]), "clSetKernelArg");
    }
    const uint32_t sizes[] = {m, n, k};
    for (cl_uint i = 0; i < 3; i++) check(clSetKernelArg(kernel_, 3 + i, sizeof sizes[i], &sizes[i]), "clSetKernelArg");
    cl_uint index = 6;
    for (float value; line >> value; index++) check(clSetKernelArg(kernel_, index, sizeof value, &value), "clSetKernelArg");
  }

  std::string run(int iterations) {
    const auto start = std::chrono::steady_clock::now();
    const double processor = processor_seconds();
    double nanoseconds = 0;
    for (int i = 0; i < iterations; i++) nanoseconds += run_once();
    const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::to_string(nanoseconds / iterations) + " " + std::to_string((processor_seconds() - processor) / elapsed);
  }

  void get() {
    std::vector<float> c(outputs_);
    const size_t bytes = outputs_ * sizeof(float);
    check(clEnqueueReadBuffer(queue_, buffers_[2], CL_TRUE, 0, bytes, c.data(), 0, nullptr, nullptr), "clEnqueueReadBuffer");
    std::ofstream out(folder_ + "/c", std::ios::binary);
    if (!out.write(reinterpret_cast<const char*>(c.data()), static_cast<std::streamsize>(bytes))) throw Failure{"cannot write C"};
  }

 private:
  // From where the kernel begins to run to its end: what it waits for in the queue is not counted.
  double run_once() {
    cl_event event = nullptr;
    check(clEnqueueNDRangeKernel(queue_, kernel_, 2, nullptr, global_, local_, 0, nullptr, &event), "clEnqueueNDRangeKernel");
    check(clWaitForEvents(1, &event), "clWaitForEvents");
    cl_ulong start = 0, end = 0;
    check(clGetEventProfilingInfo(event, CL_PROFILING_COMMAND_START, sizeof start, &start, nullptr), "clGetEventProfilingInfo");
    check(clGetEventProfilingInfo(event, CL_PROFILING_COMMAND_END, sizeof end, &end, nullptr), "clGetEventProfilingInfo");
    clReleaseEvent(event);
    return static_cast<double>(end - start);
  }

  void release() {
    if (kernel_) clReleaseKernel(kernel_);
    kernel_ = nullptr;
    for (cl_mem& buffer : buffers_) {
      if (buffer) clReleaseMemObject(buffer);
      buffer = nullptr;
    }
  }

  std::string folder_;
  cl_device_id device_ = nullptr;
  cl_context context_ = nullptr;
  cl_command_queue queue_ = nullptr;
  cl_program program_ = nullptr;
  cl_kernel kernel_ = nullptr;
  cl_mem buffers_[3] = {};
  size_t global_[2] = {}, local_[2] = {}, outputs_ = 0;
};

std::string answer(Driver& driver, const std::string& request) {
  std::istringstream line(request);
  std::string verb;
  line >> verb;
  if (verb == "set") return driver.set(line), "ok";
  if (verb == "get") return driver.get(), "ok";
  int iterations = 1;
  line >> iterations;
  return driver.run(iterations);
}

}  // namespace

int main(int, char** argv) {
  try {
    Driver driver(argv[1], argv[2]);
    std::cout << driver.version() << std::endl;
    for (std::string request; std::getline(std::cin, request);) std::cout << answer(driver, request) << std::endl;
  } catch (const Failure& failure) {
    std::cout << "error " << failure.what << std::endl;
    return 1;
  }
}
