// The posterior with the model replaced by its emulator.
#pragma once

#include <npcsim/calibration/detail/emulator.hpp>
#include <npcsim/calibration/detail/hamiltonian.hpp>
#include <npcsim/calibration/detail/problem.hpp>

#include <cstdint>

#include <Eigen/Dense>

namespace npcsim::detail {

/// Whether a posterior keeps to the neighbourhood of the runs that the emulator has learnt from.
/// Farther out a quadratic says nothing: it turns back, and meets the data again where the model
/// does not. But a posterior without one of the studies may have to go there.
enum class Extent : std::uint8_t { near_the_runs, everywhere };

/// A point is (w, scores of what differs between studies); w are the coordinates of the region.
class EmulatorPosterior {
 public:
  EmulatorPosterior(const Problem& problem, const Region& region, const Emulator& emulator,
                    Extent extent)
      : problem_(problem), region_(region), emulator_(emulator), extent_(extent) {}

  Eigen::Index dimensions() const { return problem_.parameters() + problem_.between(); }
  double log_density(const Eigen::VectorXd& at, Eigen::VectorXd& gradient) const;

  /// Scores of parameters and of what differs between studies, all standard normal a priori.
  Eigen::VectorXd scores(const Eigen::VectorXd& at) const;
  /// Draws [draw][dimension] turned into such scores.
  Eigen::MatrixXd scores(const Eigen::MatrixXd& draws) const;
  Eigen::VectorXd figures(const Eigen::VectorXd& at) const {
    return emulator_.figures(at.head(problem_.parameters()));
  }

 private:
  const Problem& problem_;
  const Region& region_;
  const Emulator& emulator_;
  Extent extent_;
};

}  // namespace npcsim::detail
