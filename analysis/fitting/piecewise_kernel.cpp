// Piecewise exponential: log S = -sum of e^(eta_k + shared) times the time spent in piece k.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/fitting/detail/kernel.hpp>

#include <algorithm>

namespace npcsim::detail {
namespace {

class PiecewiseKernel final : public Kernel {
 public:
  explicit PiecewiseKernel(std::span<const double> change_times)
      : changes_(change_times.begin(), change_times.end()) {}

  std::size_t predictors() const override { return changes_.size() + 2; }

  void log_survival(const Chunk& chunk, Block& out) override {
    const std::size_t pieces = changes_.size() + 1;
    const std::size_t shared = pieces;
    for (std::size_t c = 0; c < out.columns(); ++c) {
      std::fill_n(out.column(c), chunk.rows, 0.0);
    }
    for (std::size_t k = 0; k < pieces; ++k) {
      const double from = k == 0 ? 0.0 : changes_[k - 1];
      const double to = k < changes_.size() ? changes_[k] : portable::infinity;
      for (std::size_t i = 0; i < chunk.rows; ++i) {
        const double spent = std::min(chunk.time[i], to) - from;
        if (!(spent > 0.0)) continue;
        const double hazard = portable::exp(chunk.predictor[k][i] + chunk.predictor[shared][i]);
        const double part = hazard * spent;
        out.value()[i] -= part;
        out.gradient(k)[i] -= part;
        out.gradient(shared)[i] -= part;
        out.hessian(k, k)[i] -= part;
        out.hessian(k, shared)[i] -= part;
        out.hessian(shared, shared)[i] -= part;
      }
    }
  }

  void log_density(const Chunk& chunk, Block& out) override {
    log_survival(chunk, out);
    const std::size_t shared = changes_.size() + 1;
    for (std::size_t i = 0; i < chunk.rows; ++i) {
      // A change time itself belongs to the earlier piece: hazards are left-continuous.
      const auto k = static_cast<std::size_t>(
          std::lower_bound(changes_.begin(), changes_.end(), chunk.time[i]) - changes_.begin());
      out.value()[i] += chunk.predictor[k][i] + chunk.predictor[shared][i];
      out.gradient(k)[i] += 1.0;
      out.gradient(shared)[i] += 1.0;
    }
  }

 private:
  std::vector<double> changes_;
};

}  // namespace

std::unique_ptr<Kernel> make_piecewise_kernel(std::span<const double> change_times) {
  return std::make_unique<PiecewiseKernel>(change_times);
}

}  // namespace npcsim::detail
