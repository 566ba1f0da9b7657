// One published study, emulated: its figures as the model expects them, and as data sets of its
// size show them.
#pragma once

#include <npcsim/emulation/emulation_doc.hpp>
#include <npcsim/emulation/figure.hpp>
#include <npcsim/emulation/log_ratio.hpp>
#include <npcsim/emulation/patient_pool.hpp>
#include <npcsim/evidence/evidence.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace npcsim {

/// What one treatment that was chosen, not assigned, seems to do, and what it does: the same
/// virtual patients analysed in five ways.
struct ContrastAnalyses {
  std::string of;        ///< arm that was chosen
  std::string against;   ///< the reference arm
  std::string endpoint;  ///< of the model
  std::size_t patients = 0;
  double share_of = 0;         ///< of them in `of`
  double landmark_months = 0;  ///< since the origin: nine of ten treatments have begun
  LogRatio as_published;       ///< ever against never, from the study's origin
  LogRatio landmark;           ///< by what was given until the landmark, among those still followed
  LogRatio weighted;           ///< the same, weighted by the measured reasons of the choice
  LogRatio time_dependent;     ///< exposed from the start of treatment on
  /// Treated patients against their untreated twins, from the start of treatment to the end of
  /// their follow-up: the effect in the treated.
  LogRatio truth;
};

class EmulatedStudy {
 public:
  /// Finds every name of the document in the pool and the figures of its publication in the
  /// evidence. Problems go to `diagnostics`. The pool must outlive the study.
  EmulatedStudy(EmulationDoc doc, PatientPool& pool, const Evidence& evidence,
                Diagnostics& diagnostics);
  ~EmulatedStudy();
  EmulatedStudy(EmulatedStudy&&) noexcept;

  const EmulationDoc& document() const;
  const PatientPool& pool() const;
  /// Design of the study as the evidence has it: "randomised", "retrospective", ...
  const std::string& design() const;
  std::size_t figures() const;
  const Figure& figure(std::size_t index) const;
  /// Whether the figure is of treated patients alone, or of none.
  bool only_treated(std::size_t index) const;
  bool only_untreated(std::size_t index) const;
  /// Endpoint of the model behind a figure, whatever the publication calls it; empty: the figure is
  /// not simulated, or no time to an event.
  std::string_view model_endpoint(std::size_t index) const;

  /// Patients behind each figure by the rules of the evidence, with class shares as they are in
  /// these twins; once, before any fit. A study that nobody of them enters is an error.
  void settle_effective_n(const Evidence& evidence, const Twins& twins, Diagnostics& diagnostics);

  /// Large-sample expectation of each figure on its scale, without draws, so that it moves
  /// smoothly with the parameters; NaN where the model cannot say it. `treated`: twins of the arms
  /// whose effect may be biased, `others` of the remaining ones; usually the same.
  std::vector<double> expected(const Twins& others, const Twins& treated,
                               const NamedValues& values) const;

  /// Figures of `count` data sets of the study's size. [data set * figures + figure], on the scale;
  /// infinity for a median that is not reached, plus or minus infinity for a hazard ratio where one
  /// arm has no event, NaN where nothing can be computed. Where fewer (or more) patients stand
  /// behind a figure than its groups have in such a data set, its deviation from the expectation is
  /// stretched accordingly. Equal (seed, first): equal draws.
  std::vector<double> sampled(const Twins& twins, const NamedValues& values, std::size_t count,
                              std::uint64_t seed, std::uint32_t first = 0) const;

  /// Analyses of every arm that was chosen, for the endpoints of the figures; none if patients were
  /// randomised. Each patient of the pool is in the study once, so errors are those of its size.
  std::vector<ContrastAnalyses> analyses(const Twins& twins, const NamedValues& values) const;

  /// Patients of each figure's groups in a study of the published size, as these twins have it.
  std::vector<double> natural_n(const Twins& twins, const NamedValues& values) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace npcsim
