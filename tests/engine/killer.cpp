// Loaded before other libraries (LD_PRELOAD), it kills a program at the NPCSIM_KILL_AT-th of the
// calls that rename or remove something: kill -9 at every moment that matters, one after another.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <unistd.h>

namespace {

void one_more() {
  static const long last = [] {
    const char* const text = std::getenv("NPCSIM_KILL_AT");
    return text == nullptr ? 0 : std::strtol(text, nullptr, 10);
  }();
  static long calls = 0;
  if (++calls == last) ::kill(::getpid(), SIGKILL);
}

template <typename Function>
Function real(Function /*same type*/, const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int rename(const char* from, const char* to) noexcept {
  one_more();
  return real(&::rename, "rename")(from, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned flags) noexcept {
  one_more();
  return real(&::renameat2, "renameat2")(from_folder, from, to_folder, to, flags);
}

int unlink(const char* path) noexcept {
  one_more();
  return real(&::unlink, "unlink")(path);
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  one_more();
  return real(&::unlinkat, "unlinkat")(folder, path, flags);
}

int rmdir(const char* path) noexcept {
  one_more();
  return real(&::rmdir, "rmdir")(path);
}

int remove(const char* path) noexcept {
  one_more();
  return real(&::remove, "remove")(path);
}
}
