// Which sources this plugin was made of, for cpu/compile to read from the file: a row and a proof name it, so that two
// versions of the pass are never taken for one.
extern "C" __attribute__((visibility("default"), used)) const char klab_vector_identity[] = "klab-vector-identity " KLAB_VECTOR_SOURCES;
