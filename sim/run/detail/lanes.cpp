#include <npcsim/run/detail/lanes.hpp>

#include <algorithm>
#include <array>

namespace npcsim::detail {
namespace {

constexpr std::size_t lanes = LaneLayout::lanes;
// Rows of one patient a lane that are turned at a time: a cache line of each lane.
constexpr std::size_t tile = 16;

// fill(first patient, count, where): the elements of at most one patient a lane.
template <class Element, class Fill>
void turn(const LaneLayout& layout, std::vector<Element>& out, Fill fill) {
  out.resize(layout.elements());
  std::array<Element, tile * lanes> rows{};
  const std::size_t all = layout.size(0);
  for (std::size_t start = 0; start < all; start += tile) {
    const std::size_t count = std::min(tile, all - start);
    for (std::size_t r = 0; r < count; ++r) {
      const std::size_t first = (start + r) * lanes;
      fill(first, std::min(lanes, layout.patients() - first), rows.data() + r * lanes);
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      Element* const to = out.data() + layout.begin(lane) + start;
      // Elements past the end of a short lane are written, too, and never read.
      for (std::size_t r = 0; r < tile; ++r) to[r] = rows[r * lanes + lane];
    }
  }
}

}  // namespace

// Whole tiles, and one more, so that the same places of all lanes do not share few sets of a cache.
LaneLayout::LaneLayout(std::size_t patients)
    : patients_(patients), stride_((size(0) + tile - 1) / tile * tile + tile) {}

std::uint64_t outcomes_by_lane(const LaneLayout& layout, const LaneMarks& marks,
                               const std::int32_t* ticks, const std::int8_t* codes,
                               std::int32_t horizon_ticks, std::vector<std::uint32_t>& out) {
  std::uint64_t censored_early = 0;
  turn(layout, out, [&](std::size_t first, std::size_t count, std::uint32_t* row) {
    std::uint32_t early = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::int32_t code = codes[first + i];
      const std::int32_t tick = ticks[first + i];
      // Masks instead of conditions, so that the loop vectorises; -1 is all ones.
      const auto event = static_cast<std::uint32_t>(-static_cast<std::int32_t>(code > 0));
      const auto outside = static_cast<std::uint32_t>(code >> 31);
      const std::uint32_t mark = (outside & marks.not_in_set) | (~outside & marks.without_event);
      row[i] = (event & static_cast<std::uint32_t>(tick)) | (~event & mark);
      early += static_cast<std::uint32_t>(code == outcome_censored) &
               static_cast<std::uint32_t>(tick < horizon_ticks);
    }
    censored_early += early;
  });
  return censored_early;
}

void bytes_by_lane(const LaneLayout& layout, const std::uint8_t* bytes,
                   std::vector<std::uint8_t>& out) {
  turn(layout, out, [&](std::size_t first, std::size_t count, std::uint8_t* row) {
    std::copy_n(bytes + first, count, row);
  });
}

}  // namespace npcsim::detail
