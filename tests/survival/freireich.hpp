// Weeks of remission of 42 children with acute leukaemia, 6-mercaptopurine against placebo.
//
// Source: Freireich et al., Blood 1963;21:699, as printed in Cox, J R Stat Soc B 1972;34:187,
// table 1. Expected numbers in the tests that use them come from R 4.2 with package survival 3.5-3
// and this preamble:
//   library(survival); options(digits = 17)
//   t6 <- c(6,6,6,6,7,9,10,10,11,13,16,17,19,20,22,23,25,32,32,34,35)
//   s6 <- c(1,1,1,0,1,0,1,0,0,1,1,0,0,0,1,1,0,0,0,0,0)
//   tp <- c(1,1,2,2,3,4,4,5,5,8,8,8,8,11,11,12,12,15,17,22,23); sp <- rep(1,21)
//   g <- rep(1:0, each = 21); T <- c(t6, tp); S <- c(s6, sp)
#pragma once

#include <npcsim/survival/grouped_times.hpp>

#include <cstdint>
#include <utility>
#include <vector>

namespace npcsim::testing {

struct Histograms {
  std::vector<std::uint32_t> events;
  std::vector<std::uint32_t> censored;
  GroupedTimes view(double months_per_bin = 1, double offset = 0) const {
    return {events, censored, months_per_bin, offset};
  }
};

/// Pairs of time and status (1 event, 0 censored), each time divided by `width` and rounded up.
inline Histograms histograms(const std::vector<std::pair<int, int>>& subjects, int width = 1) {
  Histograms h{std::vector<std::uint32_t>(40), std::vector<std::uint32_t>(40)};
  for (const auto& [time, status] : subjects) {
    ++(status == 1 ? h.events : h.censored)[static_cast<std::size_t>((time + width - 1) / width)];
  }
  return h;
}

inline std::vector<std::pair<int, int>> mercaptopurine() {
  return {{6, 1},  {6, 1},  {6, 1},  {6, 0},  {7, 1},  {9, 0},  {10, 1},
          {10, 0}, {11, 0}, {13, 1}, {16, 1}, {17, 0}, {19, 0}, {20, 0},
          {22, 1}, {23, 1}, {25, 0}, {32, 0}, {32, 0}, {34, 0}, {35, 0}};
}

inline std::vector<std::pair<int, int>> placebo() {
  std::vector<std::pair<int, int>> subjects;
  for (const int time : {1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23}) {
    subjects.emplace_back(time, 1);
  }
  return subjects;
}

}  // namespace npcsim::testing
