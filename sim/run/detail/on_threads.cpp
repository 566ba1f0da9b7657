#include <npcsim/run/detail/on_threads.hpp>
#include <npcsim/run/runner.hpp>

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace npcsim {

int threads_meant(int threads) { return threads > 0 ? threads : tbb::info::default_concurrency(); }

namespace detail {

void on_threads(int threads, const std::function<void()>& work) {
  const int meant = threads_meant(threads);
  if (meant == 1) {
    work();
    return;
  }
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(meant));
  tbb::task_arena arena(meant);
  arena.execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<int>(0, meant, 1), [&](const tbb::blocked_range<int>&) { work(); },
        tbb::simple_partitioner());
  });
}

}  // namespace detail

}  // namespace npcsim
