// Simulates one block of patients under every strategy: a pure function of the study and the
// block's coordinates.
#pragma once

#include <npcsim/engine/flat_lives.hpp>
#include <npcsim/engine/life.hpp>
#include <npcsim/population/patient_sampler.hpp>
#include <npcsim/run/compiled_study.hpp>

#include <atomic>
#include <cstdint>
#include <vector>

namespace npcsim {

/// Whether the lives of a study can be lived in columns, which takes a hundredth of the time.
bool is_columnwise(const CompiledStudy& study);

/// One worker's engine. Not shared between threads; the study and the sampler are.
class BlockSimulator {
 public:
  /// `columnwise`: lives without treatment changes may be lived in columns; the bytes are the same.
  BlockSimulator(const CompiledStudy& study, const PatientSampler& sampler, bool columnwise = true);
  bool is_columnwise() const { return flat_ != nullptr; }
  /// Columns of the program whose values go to OutcomeBlock::attributes from now on.
  void keep_columns(std::vector<std::int32_t> columns) { kept_ = std::move(columns); }

  /// Outcomes of the patients [first, first + count). How many were drawn to find them is added to
  /// `candidates`; false if the population refused too many candidates.
  bool run(std::uint32_t first, std::uint32_t count, OutcomeBlock& out, std::uint64_t& candidates);

  /// One life with its journal. The attributes stay readable through column() until the next call.
  bool replay(std::uint32_t patient, std::size_t strategy, Journal& journal);
  double column(std::int32_t index) const {
    return columns_[static_cast<std::size_t>(index) * stride_];
  }
  const Life& life() const { return life_; }

  /// run() throws Stopped, in the middle of its block, when this becomes true. It must outlive the
  /// simulator.
  void stop_when(const std::atomic<bool>* stop) { stop_ = stop; }

 private:
  void keep(std::uint32_t done, std::size_t n, OutcomeBlock& out) const;
  void run_columns(std::uint32_t done, std::size_t n, OutcomeBlock& out);
  void write_life(OutcomeBlock& out, std::size_t row) const;
  bool prepare(std::uint32_t first, std::size_t n, std::uint64_t& candidates);

  static constexpr std::uint32_t chunk = 256;
  const std::atomic<bool>* stop_ = nullptr;
  const CompiledStudy& study_;
  const Program& program_;
  const PatientSampler& sampler_;
  DrawKey key_;
  Life life_;
  std::vector<const Strategy*> strategies_;
  std::unique_ptr<FlatLives> flat_;
  std::vector<std::int32_t> kept_;
  std::vector<std::vector<bool>> given_;  ///< [strategy][agent], of the columnwise form
  std::vector<std::int32_t*> tick_columns_;
  std::vector<std::int8_t*> code_columns_;
  PatientSampler::Workspace work_;
  std::size_t stride_ = 0;
  std::vector<double> columns_;     ///< [column][patient]
  std::vector<double> base_;        ///< [process][patient]
  std::vector<double> thresholds_;  ///< [process][patient]
  std::vector<std::uint32_t> harm_streams_;
  std::vector<std::int32_t> harm_places_;  ///< [harm] place among harm_streams_, -1: not drawn
  std::vector<double> harms_;              ///< [place][patient]
};

}  // namespace npcsim
