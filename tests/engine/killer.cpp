// Loaded before other libraries (LD_PRELOAD), it brings about what seldom happens. Variables of the
// environment say what:
//   NPCSIM_KILL_AT=N    kill -9 at the Nth of the calls that rename or remove something: at every
//                       moment that matters, one after another
//   NPCSIM_NO_EXCHANGE  a file system that cannot exchange two folders
//   NPCSIM_KEEPS=TEXT   what has TEXT in its path cannot be removed
//   NPCSIM_AT_OPEN=TEXT, NPCSIM_AT_REMOVAL=TEXT
//                       before something with TEXT in its path is opened or removed for the first
//                       time, the shell does what NPCSIM_THEN says; $PPID is the program
//   NPCSIM_AT_EXCHANGE=TEXT
//                       the same before a folder with TEXT in its path is exchanged
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
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

// Whether the path has in it what the variable says.
bool is_meant(const char* variable, const char* path) {
  const char* const text = std::getenv(variable);
  return text != nullptr && std::strstr(path, text) != nullptr;
}

void then(const char* variable, const char* path) {
  if (!is_meant(variable, path)) return;
  ::unsetenv(variable);
  ::unsetenv("LD_PRELOAD");
  const char* const what = std::getenv("NPCSIM_THEN");
  if (what == nullptr || std::system(what) == -1) ::abort();
}

template <typename Function>
Function real(Function /*same type*/, const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

// What a call that removes something does before; false if it must fail.
bool may_remove(const char* path) {
  one_more();
  then("NPCSIM_AT_REMOVAL", path);
  if (!is_meant("NPCSIM_KEEPS", path)) return true;
  errno = EACCES;
  return false;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  std::va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  then("NPCSIM_AT_OPEN", path);
  return real(&::open, "open")(path, flags, mode);
}

int rename(const char* from, const char* to) noexcept {
  one_more();
  return real(&::rename, "rename")(from, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned flags) noexcept {
  one_more();
  then("NPCSIM_AT_EXCHANGE", to);
  if (std::getenv("NPCSIM_NO_EXCHANGE") != nullptr) {
    errno = EINVAL;
    return -1;
  }
  return real(&::renameat2, "renameat2")(from_folder, from, to_folder, to, flags);
}

int unlink(const char* path) noexcept {
  return may_remove(path) ? real(&::unlink, "unlink")(path) : -1;
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  return may_remove(path) ? real(&::unlinkat, "unlinkat")(folder, path, flags) : -1;
}

int rmdir(const char* path) noexcept {
  return may_remove(path) ? real(&::rmdir, "rmdir")(path) : -1;
}

int remove(const char* path) noexcept {
  return may_remove(path) ? real(&::remove, "remove")(path) : -1;
}
}
