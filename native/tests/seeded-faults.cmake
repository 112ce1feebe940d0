# The folder of the kernels, for the one file that reads it.
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/analyse_seeded_faults.cpp PROPERTIES COMPILE_DEFINITIONS KLAB_SEEDED_FAULTS="${CMAKE_CURRENT_LIST_DIR}/seeded-faults")
