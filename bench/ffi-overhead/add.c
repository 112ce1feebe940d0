/* One addition, reached two ways: as a plain C function through the FFI, and as a hand-written Node-API function. */
#include <node_api.h>

__attribute__((visibility("default"))) int32_t add(int32_t a, int32_t b) { return a + b; }

static napi_value add_napi(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  int32_t a, b;
  napi_value result;
  napi_get_cb_info(env, info, &count, arguments, 0, 0);
  napi_get_value_int32(env, arguments[0], &a);
  napi_get_value_int32(env, arguments[1], &b);
  napi_create_int32(env, add(a, b), &result);
  return result;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "add", NAPI_AUTO_LENGTH, add_napi, 0, &function);
  napi_set_named_property(env, exports, "add", function);
  return exports;
}
