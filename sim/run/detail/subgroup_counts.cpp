#include <npcsim/base/units.hpp>
#include <npcsim/base/vectorise.hpp>
#include <npcsim/run/detail/subgroup_counts.hpp>

#include <algorithm>

namespace npcsim::detail {
namespace {

// Combinations in a bundle: their histograms by day should stay in a cache.
constexpr std::size_t most_codes = 16;

NPCSIM_VECTOR_CLONES void add_counts(const std::uint32_t* from, std::size_t n,
                                     std::uint32_t* into) {
  for (std::size_t i = 0; i < n; ++i) into[i] += from[i];
}

NPCSIM_VECTOR_CLONES std::uint64_t sum_of(const std::uint32_t* counts, std::size_t n) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += counts[i];
  return sum;
}

}  // namespace

std::size_t SubgroupCodes::Bundle::level_of(std::size_t code, std::size_t k) const {
  for (std::size_t j = 0; j < k; ++j) code /= levels[j] + 1;
  return code % (levels[k] + 1);
}

SubgroupCodes::SubgroupCodes(const OutcomeShape& shape) {
  for (std::size_t g = 0; g < shape.subgroups.size(); ++g) {
    const std::size_t levels = shape.subgroups[g].levels.size();
    NPCSIM_EXPECTS(levels < 256);
    if (bundles_.empty() || bundles_.back().codes * (levels + 1) > most_codes) {
      bundles_.emplace_back();
      bundles_.back().first = g;
    }
    bundles_.back().levels.push_back(levels);
    bundles_.back().codes *= levels + 1;
  }
}

void SubgroupCodes::read(const OutcomeBlock& block, const LaneLayout& layout) {
  codes_.resize(block.count);
  for (Bundle& bundle : bundles_) {
    std::fill(codes_.begin(), codes_.end(), std::uint8_t{0});
    std::size_t factor = 1;
    for (std::size_t k = 0; k < bundle.levels.size(); ++k) {
      const std::uint8_t* const levels = block.levels.data() + (bundle.first + k) * block.count;
      const auto none = static_cast<std::uint32_t>(bundle.levels[k]);
      const auto step = static_cast<std::uint32_t>(factor);
      for (std::size_t i = 0; i < block.count; ++i) {
        const std::uint32_t level = std::min<std::uint32_t>(levels[i], none);
        codes_[i] = static_cast<std::uint8_t>(codes_[i] + step * level);
      }
      factor *= bundle.levels[k] + 1;
    }
    bundle.occurs.assign(bundle.codes, 0);
    for (const std::uint8_t code : codes_) bundle.occurs[code] = 1;
    bytes_by_lane(layout, codes_.data(), bundle.by_lane);
  }
}

LaneMarks PeriodAxis::marks() const {
  const std::size_t ticks = days_per_period * static_cast<std::size_t>(ticks_per_day);
  return {static_cast<std::uint32_t>(periods * ticks),
          static_cast<std::uint32_t>((periods + 1) * ticks)};
}

void SubgroupCounts::count(const LaneLayout& layout, const SubgroupCodes::Bundle& bundle,
                           const std::vector<std::uint32_t>& outcomes) {
  const std::size_t days = axis_.all_days();
  const std::size_t periods = axis_.periods + 2;
  by_day_.assign(bundle.codes * days, 0);
  by_period_.assign(LaneLayout::lanes * bundle.codes * periods, 0);
  for (std::size_t lane = 0; lane < LaneLayout::lanes; ++lane) {
    const std::uint32_t* const outcome = outcomes.data() + layout.begin(lane);
    const std::uint8_t* const code = bundle.by_lane.data() + layout.begin(lane);
    std::uint32_t* const by_day = by_day_.data();
    std::uint32_t* const by_period = by_period_.data() + lane * bundle.codes * periods;
    const std::size_t n = layout.size(lane);
    for (std::size_t k = 0; k < n; ++k) {
      const std::uint32_t day = outcome[k] / static_cast<std::uint32_t>(ticks_per_day);
      ++by_day[code[k] * days + day];
      ++by_period[code[k] * periods + day / static_cast<std::uint32_t>(days_per_period)];
    }
  }
}

void SubgroupCounts::add_to(SubgroupTally& level, const SubgroupCodes::Bundle& bundle,
                            std::size_t code, std::size_t first_group) const {
  const std::size_t kept = axis_.periods + 1;
  add_counts(by_day_.data() + code * axis_.all_days(), axis_.days, level.events.data());
  for (std::size_t lane = 0; lane < LaneLayout::lanes; ++lane) {
    const std::uint32_t* const from =
        by_period_.data() + (lane * bundle.codes + code) * (axis_.periods + 2);
    const std::size_t group = (first_group + lane) % jackknife_groups;
    add_counts(from, kept, level.group_events.data() + group * kept);
    level.in_set += sum_of(from, kept);
    level.censored.back() += from[axis_.periods];
  }
}

}  // namespace npcsim::detail
