// Long work that is asked to stop, by a signal for example, and leaves by an exception.
#pragma once

#include <exception>
#include <functional>

namespace npcsim {

/// Thrown where the work stands when it finds out. What is finished stays where it is kept.
class Stopped : public std::exception {
 public:
  const char* what() const noexcept override { return "stopped before the end"; }
};

/// Says whether to stop; asked by several threads at once. Empty: never.
using StopSign = std::function<bool()>;

/// Throws Stopped if the sign says so.
inline void go_on_unless(const StopSign& stop) {
  if (stop && stop()) throw Stopped();
}

}  // namespace npcsim
