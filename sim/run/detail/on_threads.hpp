// The same work on several threads.
#pragma once

#include <functional>

namespace npcsim::detail {

/// Threads that are meant by a number: 0 is all cores.
int threads_meant(int threads);

/// Calls `work` once on each of so many threads and returns when all are done. `work` finds by
/// itself what is left to do, and must not throw.
void on_threads(int threads, const std::function<void()>& work);

}  // namespace npcsim::detail
