// The same work on several threads.
#pragma once

#include <functional>

namespace npcsim::detail {

/// Calls `work` as often as there are threads, on that many at most, and returns when all calls are
/// done. `work` finds by itself what is left to do, and must not throw.
void on_threads(int threads, const std::function<void()>& work);

}  // namespace npcsim::detail
