#include <npcsim/model/prior.hpp>
#include <npcsim/results/parameter_use.hpp>
#include <npcsim/validation/footing.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim {
namespace {

constexpr double weak_above = 0.8;
// The distribution function of the standard normal at +1 and -1.
constexpr double upper_point = 0.8413447460685429;
constexpr double lower_point = 1 - upper_point;

std::optional<Footing> footing_of(const Parameter& parameter,
                                  const std::map<std::string, Learnt>& learnt) {
  const auto known = learnt.find(parameter.name);
  if (known != learnt.end()) {
    if (known->second.prior_only) return Footing::prior_only;
    return known->second.sd_ratio > weak_above ? std::optional(Footing::weak) : std::nullopt;
  }
  switch (standing_of(parameter)) {
    case Standing::prior_only:
      return Footing::prior_only;
    case Standing::weak:
      return Footing::weak;
    case Standing::informed:
      break;
  }
  return std::nullopt;
}

// Another value that the parameter may well have, in inner units.
std::optional<double> other_value(const Parameter& parameter, const Posterior& posterior,
                                  double p) {
  const auto column =
      std::find(posterior.parameters.begin(), posterior.parameters.end(), parameter.name);
  if (column == posterior.parameters.end()) {
    if (!is_uncertain(parameter)) return std::nullopt;
    return inner_value(parameter, prior_quantile(parameter, p));
  }
  const auto place = static_cast<std::size_t>(column - posterior.parameters.begin());
  std::vector<double> draws;
  for (const auto& row : posterior.written) draws.push_back(row[place]);
  std::sort(draws.begin(), draws.end());
  const double at = p * static_cast<double>(draws.size() - 1);
  return inner_value(parameter, draws[static_cast<std::size_t>(at + 0.5)]);
}

NamedValues with(NamedValues values, const std::string& name, double value) {
  for (auto& [known, number] : values) {
    if (known == name) {
      number = value;
      return values;
    }
  }
  values.emplace_back(name, value);
  return values;
}

// Width of a predictive interval on the scale of its figure; where one end is infinite, twice the
// other half, and infinite where both are or not even the middle is finite.
double width_of(const Figure& figure, const ComparedFigure& row) {
  if (std::isfinite(row.width)) return row.width;
  const double middle = to_scale(figure.scale, row.predicted);
  const double lower = middle - to_scale(figure.scale, row.predicted_low95);
  const double upper = to_scale(figure.scale, row.predicted_high95) - middle;
  if (std::isfinite(lower)) return 2 * lower;
  return std::isfinite(upper) ? 2 * upper : std::numeric_limits<double>::infinity();
}

class Search {
 public:
  Search(const EmulationSet& set, const std::vector<Twins>& twins, const NamedValues& values,
         const Posterior& posterior, const std::vector<ComparedFigure>& figures)
      : set_(set),
        twins_(twins),
        values_(values),
        posterior_(posterior),
        base_(set.expected(twins, twins, values)),
        least_(set.figures(), std::numeric_limits<double>::infinity()) {
    for (const ComparedFigure& row : figures)
      least_[row.figure] = least_move * width_of(set.figure(row.figure), row);
    for (std::size_t p = 0; p < set.pools(); ++p) {
      at_work_.emplace_back(set.pool(p).base().model.parameters.rows().size());
      for (const ParameterUse& use : parameters_at_work(set.pool(p).base()))
        at_work_.back()[use.parameter] = 1;
    }
  }

  // [figure] 1 if it rests on the parameter; nothing if the parameter has no other value.
  std::optional<std::vector<char>> figures_on(const Parameter& parameter) const {
    for (const double p : {upper_point, lower_point}) {
      const auto value = other_value(parameter, posterior_, p);
      if (!value) return std::nullopt;
      try {
        return moved_to(parameter.name, *value);
      } catch (const ImpossibleValues&) {
        // The others do not allow this value, e.g. cuts that must fall, or nobody is eligible with
        // it; the other side may do.
      }
    }
    return std::nullopt;
  }

 private:
  std::vector<char> moved_to(const std::string& name, double value) const {
    const NamedValues values = with(values_, name, value);
    std::vector<char> out(set_.figures(), 0);
    for (std::size_t p = 0; p < set_.pools(); ++p) {
      const PatientPool& pool = set_.pool(p);
      const std::int32_t index = pool.base().model.parameters.find(name);
      if (index < 0 || pool.is_fixed(name)) continue;
      // What only says how treatment was chosen leaves the lives as they are.
      Twins moved;
      const bool lives = at_work_[p][static_cast<std::size_t>(index)] != 0;
      if (lives) moved = pool.simulate(values, {}, 0, twins_[p].patients);
      for (std::size_t s = 0; s < set_.studies().size(); ++s) {
        if (set_.pool_of(s) != p) continue;
        const Twins& mine = lives ? moved : twins_[p];
        const std::vector<double> figures = set_.studies()[s].expected(mine, mine, values);
        for (std::size_t f = 0; f < figures.size(); ++f) {
          const std::size_t at = set_.first_figure(s) + f;
          const double move = std::fabs(figures[f] - base_[at]);
          // An interval without width is moved by what moves it at all.
          out[at] = move > 0 && move >= least_[at] ? 1 : 0;
        }
      }
    }
    return out;
  }

  const EmulationSet& set_;
  const std::vector<Twins>& twins_;
  const NamedValues& values_;
  const Posterior& posterior_;
  std::vector<double> base_;                // [figure]
  std::vector<double> least_;               // [figure] smallest move that counts
  std::vector<std::vector<char>> at_work_;  // [pool][parameter]
};

}  // namespace

std::map<std::string, Learnt> read_learnt(const CsvTable& file, Diagnostics& diagnostics) {
  std::map<std::string, Learnt> out;
  const auto names = file.texts("parameter", diagnostics);
  const auto notes = file.texts("note", diagnostics);
  const Column::Numbers* ratios = file.numbers("sd_ratio", diagnostics);
  if (!names || !notes || ratios == nullptr) return out;
  for (std::size_t row = 0; row < file.rows(); ++row)
    out[(*names)[row]] = {(*ratios)[row], (*notes)[row] == "prior only"};
  return out;
}

Footings find_footings(const EmulationSet& set, const std::vector<Twins>& twins,
                       const NamedValues& values, const Posterior& posterior,
                       const std::map<std::string, Learnt>& learnt,
                       const std::vector<ComparedFigure>& figures) {
  std::vector<const Parameter*> candidates;
  std::vector<std::string> names;
  for (std::size_t p = 0; p < set.pools(); ++p) {
    for (const Parameter& row : set.pool(p).base().model.parameters.rows()) {
      if (!footing_of(row, learnt)) continue;
      if (std::find(names.begin(), names.end(), row.name) != names.end()) continue;
      names.push_back(row.name);
      candidates.push_back(&row);
    }
  }
  const Search search(set, twins, values, posterior, figures);
  Footings out;
  out.of_figure.resize(set.figures());
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    const auto rests = search.figures_on(*candidates[c]);
    if (!rests) continue;
    const auto count = static_cast<std::size_t>(std::count(rests->begin(), rests->end(), char{1}));
    if (count == 0) continue;
    for (std::size_t f = 0; f < set.figures(); ++f) {
      if ((*rests)[f] != 0) out.of_figure[f].push_back(out.parameters.size());
    }
    UninformedParameter row;
    row.name = candidates[c]->name;
    row.meaning = candidates[c]->meaning;
    row.footing = *footing_of(*candidates[c], learnt);
    if (const auto known = learnt.find(row.name); known != learnt.end())
      row.sd_ratio = known->second.sd_ratio;
    row.identified = candidates[c]->identified;
    row.figures = count;
    out.parameters.push_back(std::move(row));
  }
  return out;
}

std::string names_of(const Footings& footings, std::size_t figure, Footing footing) {
  std::string out;
  if (figure >= footings.of_figure.size()) return out;
  for (const std::size_t p : footings.of_figure[figure]) {
    if (footings.parameters[p].footing == footing)
      out += (out.empty() ? "" : " ") + footings.parameters[p].name;
  }
  return out;
}

}  // namespace npcsim
