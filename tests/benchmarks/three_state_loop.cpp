// The model of configs/models/three_state.yaml as a C++ programmer would write it by hand: one loop
// over patients, one pass, histograms by day. No part of npcsim is used.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sys/resource.h>

namespace {

// xoshiro256++ (Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators", ACM TOMS
// 47(4)).
class Xoshiro {
 public:
  explicit Xoshiro(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {  // splitmix64, as its authors advise
      seed += 0x9e3779b97f4a7c15U;
      std::uint64_t z = seed;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
      word = z ^ (z >> 31);
    }
  }
  std::uint64_t bits() {
    const std::uint64_t sum = state_[0] + state_[3];
    const std::uint64_t result = ((sum << 23) | (sum >> 41)) + state_[0];
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = (state_[3] << 45) | (state_[3] >> 19);
    return result;
  }
  double unit_exponential() {
    return -std::log((static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53);
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

constexpr double month = 365.25 / 12;
constexpr double horizon = 120 * month;
constexpr std::size_t days = static_cast<std::size_t>(horizon) + 2;
constexpr std::size_t strategies = 3;
constexpr std::array<double, strategies> hazard_ratio{1.0, 0.55, 0.45};
constexpr std::array<double, 4> log_hr{0.3, 0.4, -0.2, 0.5};

struct Endpoint {
  double sum = 0;
  double gain = 0;  // against the control
  double gain_squared = 0;
  std::array<std::uint32_t, 4 * days> by_day{};  // for each combination of the two subgroups

  void add(double time, double control, std::size_t subgroup) {
    sum += time;
    gain += time - control;
    gain_squared += (time - control) * (time - control);
    ++by_day[subgroup * days + static_cast<std::size_t>(time)];
  }
  std::uint64_t on_day(std::size_t day) const {
    std::uint64_t count = 0;
    for (std::size_t subgroup = 0; subgroup < 4; ++subgroup) count += by_day[subgroup * days + day];
    return count;
  }
};

struct Results {
  std::array<Endpoint, strategies> pfs;
  std::array<Endpoint, strategies> os;
};

void simulate(std::uint64_t patients, std::uint64_t seed, Results& out) {
  // Sixteen kinds of patients; under hazard ratio r a Weibull time is the control's time times
  // r^(-1 / shape).
  std::array<double, 16> scale{};
  for (std::size_t kind = 0; kind < scale.size(); ++kind) {
    double sum = 0;
    for (std::size_t k = 0; k < log_hr.size(); ++k)
      sum += ((kind >> k) & 1U) != 0 ? log_hr[k] : 0.0;
    scale[kind] = 14 * month * std::exp(-sum / 1.3);
  }
  std::array<double, strategies> stretch{};
  for (std::size_t s = 0; s < strategies; ++s) stretch[s] = std::pow(hazard_ratio[s], -1 / 1.3);

  Xoshiro random(seed);
  for (std::uint64_t i = 0; i < patients; ++i) {
    const std::size_t kind = random.bits() >> 60;
    const double progression = scale[kind] * std::pow(random.unit_exponential(), 1 / 1.3);
    const double death =
        std::min(horizon, 120 * month * std::pow(random.unit_exponential(), 1 / 1.1));
    const double after = 15 * month * std::pow(random.unit_exponential(), 1 / 1.1);
    double control_pfs = 0;
    double control_os = 0;
    for (std::size_t s = 0; s < strategies; ++s) {
      const double progressed = progression * stretch[s];
      const double pfs = std::min(progressed, death);
      const double os = progressed < death ? std::min(progressed + after, horizon) : death;
      if (s == 0) {
        control_pfs = pfs;
        control_os = os;
      }
      out.pfs[s].add(pfs, control_pfs, kind & 3);
      out.os[s].add(os, control_os, kind & 3);
    }
  }
}

double median_months(const Endpoint& endpoint, std::uint64_t patients) {
  std::uint64_t below = 0;
  for (std::size_t day = 0; day < days; ++day) {
    below += endpoint.on_day(day);
    if (2 * below >= patients) return static_cast<double>(day + 1) / month;
  }
  return HUGE_VAL;
}

double survival(const Endpoint& endpoint, double months, std::uint64_t patients) {
  std::uint64_t below = 0;
  for (std::size_t day = 0; day < static_cast<std::size_t>(months * month); ++day)
    below += endpoint.on_day(day);
  return 1.0 - static_cast<double>(below) / static_cast<double>(patients);
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

void print(const char* key, const std::array<Endpoint, strategies>& endpoints,
           std::uint64_t patients) {
  const auto n = static_cast<double>(patients);
  std::printf(", \"%s\": [", key);
  for (std::size_t s = 0; s < strategies; ++s) {
    const Endpoint& e = endpoints[s];
    const double gain = e.gain / n;
    std::printf(
        "%s{\"mean_months\": %.5f, \"median_months\": %.3f, \"survival\": [%.5f, %.5f, %.5f, "
        "%.5f], "
        "\"gain_months\": %.5f, \"gain_standard_error\": %.5f}",
        s == 0 ? "" : ", ", e.sum / n / month, median_months(e, patients),
        survival(e, 12, patients), survival(e, 24, patients), survival(e, 36, patients),
        survival(e, 60, patients), gain / month,
        std::sqrt((e.gain_squared / n - gain * gain) / n) / month);
  }
  std::printf("]");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: three_state_loop PATIENTS [REPEATS]\n", stderr);
    return 64;
  }
  const std::uint64_t patients = std::strtoull(argv[1], nullptr, 10);
  const int repeats = argc > 2 ? std::atoi(argv[2]) : 1;
  double best = HUGE_VAL;
  std::unique_ptr<Results> results;
  for (int k = 0; k < repeats; ++k) {
    results = std::make_unique<Results>();
    const double before = cpu_seconds();
    simulate(patients, 20240217 + static_cast<std::uint64_t>(k), *results);
    best = std::min(best, cpu_seconds() - before);
  }
  std::printf("{\"patients\": %llu, \"cpu_seconds\": %.6f, \"lifetimes_per_cpu_second\": %.0f",
              static_cast<unsigned long long>(patients), best,
              3.0 * static_cast<double>(patients) / best);
  print("pfs", results->pfs, patients);
  print("os", results->os, patients);
  std::puts("}");
  return 0;
}
