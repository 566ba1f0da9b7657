#include <npcsim/population/detail/column_filler.hpp>
#include <npcsim/population/patient_sampler.hpp>
#include <npcsim/random/batch.hpp>
#include <npcsim/random/quantile_table.hpp>

namespace npcsim {
namespace {

// Consecutive patients, first candidate.
struct RangeSource {
  DrawKey key;
  std::uint32_t first;
  std::uint32_t occurrence() const { return 0; }
  std::uint32_t patient(std::size_t i) const { return first + static_cast<std::uint32_t>(i); }
  void uniform(StreamName stream, std::size_t n, double* out) const {
    fill_uniform(key, first, n, stream, 0, out);
  }
  void normal(StreamName stream, std::size_t n, double* out) const {
    fill_normal(key, first, n, stream, 0, out);
  }
};

// A list of patients, a later candidate.
struct ListSource {
  DrawKey key;
  const std::vector<std::uint32_t>& patients;
  std::uint32_t candidate;
  std::uint32_t occurrence() const { return candidate; }
  std::uint32_t patient(std::size_t i) const { return patients[i]; }
  void uniform(StreamName stream, std::size_t, double* out) const {
    fill_uniform(key, patients, stream, candidate, out);
  }
  void normal(StreamName stream, std::size_t, double* out) const {
    fill_normal(key, patients, stream, candidate, out);
  }
};

}  // namespace

// One table for each rule that needs one, by rule index.
struct PatientSampler::Prepared {
  std::vector<std::unique_ptr<QuantileTable>> tables;
};

PatientSampler::PatientSampler(const Program& program, std::vector<bool> needed)
    : program_(program), needed_(std::move(needed)), prepared_(std::make_unique<Prepared>()) {
  prepared_->tables.resize(program.rules.size());
  for (std::size_t r = 0; r < program.rules.size(); ++r) {
    const ColumnRule& rule = program.rules[r];
    if (!needed_[r]) continue;
    if (rule.kind == ColumnKind::gamma) {
      prepared_->tables[r] =
          std::make_unique<QuantileTable>(QuantileTable::gamma_of_shape(rule.spread));
    } else if (rule.kind == ColumnKind::frailty_log) {
      const ColumnRule& source = program.rules[static_cast<std::size_t>(rule.operands[0])];
      if (source.kind == ColumnKind::frailty_gamma) {
        prepared_->tables[r] =
            std::make_unique<QuantileTable>(QuantileTable::gamma_of_variance(source.spread));
      }
    }
  }
}

PatientSampler::~PatientSampler() = default;

template <class Source>
void PatientSampler::fill(const Source& source, std::size_t n, double* columns, std::size_t stride,
                          Workspace& work) const {
  detail::ColumnFiller<Source> filler(program_, needed_, prepared_->tables, source,
                                      {columns, stride, n}, work);
  for (std::size_t r = 0; r < program_.rules.size(); ++r) {
    if (needed_[r]) filler.fill(r);
  }
}

std::uint64_t PatientSampler::draw(DrawKey key, std::uint32_t first, std::size_t n, double* columns,
                                   Workspace& work) const {
  fill(RangeSource{key, first}, n, columns, n, work);
  std::uint64_t candidates = n;
  if (program_.eligible < 0) return candidates;

  const std::size_t count = program_.columns.size();
  const auto eligible = [&](const double* block, std::size_t stride, std::size_t i) {
    return program_.conditions.holds(program_.eligible, [&](const Variable& variable) {
      return block[static_cast<std::size_t>(variable.index) * stride + i];
    });
  };
  work.patients.clear();
  for (std::size_t i = 0; i < n; ++i) {
    if (!eligible(columns, n, i)) work.patients.push_back(first + static_cast<std::uint32_t>(i));
  }
  for (std::uint32_t attempt = 1; !work.patients.empty(); ++attempt) {
    if (attempt == most_candidates) return 0;
    const std::size_t m = work.patients.size();
    candidates += m;
    work.candidates.resize(count * m);
    fill(ListSource{key, work.patients, attempt}, m, work.candidates.data(), m, work);
    work.waiting.clear();
    for (std::size_t j = 0; j < m; ++j) {
      if (!eligible(work.candidates.data(), m, j)) {
        work.waiting.push_back(work.patients[j]);
        continue;
      }
      const std::size_t i = work.patients[j] - first;
      for (std::size_t c = 0; c < count; ++c) columns[c * n + i] = work.candidates[c * m + j];
    }
    work.patients.swap(work.waiting);
  }
  return candidates;
}

}  // namespace npcsim
