// Runs the kernels of kernels.cl on the first OpenCL device and times them. One request a line on stdin, one answer a
// line on stdout:
//   set KERNEL M N K globalX globalY localX localY   makes the operands: A, B as in ../operands.ts   → "ok" or "error …"
//   run ITERATIONS                                   → nanoseconds of one iteration
//   sum                                              → sum of |C|, to see that the right thing was computed
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

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

float operand(size_t i, uint32_t step) { return static_cast<float>(static_cast<int>(i * step % 17) - 8) / 8; }

class Driver {
 public:
  explicit Driver(const std::string& file) {
    cl_platform_id platform = nullptr;
    check(clGetPlatformIDs(1, &platform, nullptr), "clGetPlatformIDs");
    check(clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 1, &device_, nullptr), "clGetDeviceIDs");
    cl_int status = 0;
    context_ = clCreateContext(nullptr, 1, &device_, nullptr, nullptr, &status);
    check(status, "clCreateContext");
    queue_ = clCreateCommandQueue(context_, device_, 0, &status);
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
    clGetDeviceInfo(device_, CL_DEVICE_VERSION, sizeof name, name, nullptr);
    clGetDeviceInfo(device_, CL_DRIVER_VERSION, sizeof driver, driver, nullptr);
    return std::string(name) + ", driver " + driver;
  }

  void set(std::istream& line) {
    std::string name;
    uint32_t m = 0, n = 0, k = 0;
    line >> name >> m >> n >> k >> global_[0] >> global_[1] >> local_[0] >> local_[1];
    release();
    cl_int status = 0;
    kernel_ = clCreateKernel(program_, name.c_str(), &status);
    check(status, "clCreateKernel");
    std::vector<float> a(size_t{m} * k), b(size_t{n} * k);
    for (size_t i = 0; i < a.size(); i++) a[i] = operand(i, 11);
    for (size_t i = 0; i < b.size(); i++) b[i] = operand(i, 7);
    outputs_ = size_t{m} * n;
    buffers_[0] = clCreateBuffer(context_, CL_MEM_READ_ONLY | CL_MEM_COPY_HOST_PTR, a.size() * 4, a.data(), &status);
    check(status, "clCreateBuffer");
    buffers_[1] = clCreateBuffer(context_, CL_MEM_READ_ONLY | CL_MEM_COPY_HOST_PTR, b.size() * 4, b.data(), &status);
    check(status, "clCreateBuffer");
    buffers_[2] = clCreateBuffer(context_, CL_MEM_READ_WRITE, outputs_ * 4, nullptr, &status);
    check(status, "clCreateBuffer");
    for (cl_uint i = 0; i < 3; i++) check(clSetKernelArg(kernel_, i, sizeof buffers_[i], &buffers_[i]), "clSetKernelArg");
    const uint32_t sizes[] = {m, n, k};
    for (cl_uint i = 0; i < 3; i++) check(clSetKernelArg(kernel_, 3 + i, sizeof sizes[i], &sizes[i]), "clSetKernelArg");
  }

  double run(int iterations) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < iterations; i++) {
      check(clEnqueueNDRangeKernel(queue_, kernel_, 2, nullptr, global_, local_, 0, nullptr, nullptr), "clEnqueueNDRangeKernel");
      check(clFinish(queue_), "clFinish");
    }
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() / iterations;
  }

  double sum() {
    std::vector<float> c(outputs_);
    check(clEnqueueReadBuffer(queue_, buffers_[2], CL_TRUE, 0, outputs_ * 4, c.data(), 0, nullptr, nullptr), "clEnqueueReadBuffer");
    double total = 0;
    for (const float value : c) total += std::fabs(value);
    return total;
  }

 private:
  void release() {
    if (kernel_) clReleaseKernel(kernel_);
    kernel_ = nullptr;
    for (cl_mem& buffer : buffers_) {
      if (buffer) clReleaseMemObject(buffer);
      buffer = nullptr;
    }
  }

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
  if (verb == "sum") return std::to_string(driver.sum());
  int iterations = 1;
  line >> iterations;
  return std::to_string(driver.run(iterations));
}

}  // namespace

int main(int, char** argv) {
  try {
    Driver driver(argv[1]);
    std::cout << driver.version() << std::endl;
    for (std::string request; std::getline(std::cin, request);) std::cout << answer(driver, request) << std::endl;
  } catch (const Failure& failure) {
    std::cout << "error " << failure.what << std::endl;
    return 1;
  }
}
