// Files of the compile cache: whole or not there, shared between processes, bounded.
#pragma once
#include <string>
#include <string_view>

#include "toolchain.h"

namespace klab::cpu {

std::string default_cache_folder();  // KLAB_CACHE, else $XDG_CACHE_HOME/kernel-lab, else ~/.cache/kernel-lab
// The folder for `kind` ("pch", "entries", "checks"), made when missing. IO says why it cannot be.
Error storage_folder(const CompileContext& context, std::string_view kind, std::string& folder);
// Why a compiler or linker that failed could not write ("No space left on device"), from what it printed; "" when it failed
// for another reason.
std::string output_failure(std::string_view printed);
// That as an IO error, with the folder and what to do.
Error cannot_store(const std::string& folder, const std::string& reason);
// Whether writing failed because someone removed the folder meanwhile: worth making it again, once.
bool was_emptied(const Error& error);
// A folder of this process alone, removed at its end.
Error private_folder(std::string& folder);

// A name in the same folder that no one else uses; finished files are renamed from it.
std::string temporary_beside(const std::string& path);
Error publish(const std::string& temporary, const std::string& path);
Error write_file(const std::string& path, std::string_view bytes);
bool read_file(const std::string& path, std::string& bytes);
// Size and time of a file, links followed: another text when it was written since.
std::string stamp_of(const std::string& path);
// SHA-256 of a file's bytes; empty when it cannot be read. Remembered until its stamp changes.
std::string content_hash(const std::string& path);
// True when it exists; marks it as used now.
bool touch(const std::string& path);

// Removes the least recently used files until the folder's files fit in `limit` bytes, and what crashed writers left.
void trim(const std::string& folder, uint64_t limit);
// trim, in one of many calls: looking at every file costs more than writing one.
void trim_sometimes(const std::string& folder, uint64_t limit);
// trim, in a process's first call for the folder: for those that hardly ever get a new file.
void trim_once(const std::string& folder, uint64_t limit);

}  // namespace klab::cpu
