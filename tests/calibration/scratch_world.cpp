#include <npcsim/calibration/worlds/self_test.hpp>
#include <npcsim/calibration/worlds/synthetic_world.hpp>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include <tbb/global_control.h>
#include <tbb/task_arena.h>
using namespace npcsim;
static double cpu() { return double(clock()) / CLOCKS_PER_SEC; }
int main(int argc, char** argv) {
  SelfTestOptions options;
  options.worlds = argc > 1 ? size_t(std::atoi(argv[1])) : 2;
  options.seed = argc > 2 ? uint64_t(std::atoll(argv[2])) : 1;
  for (int i = 3; i < argc; ++i) {
    if (!std::strcmp(argv[i], "delayed")) options.delayed = true;
    if (!std::strcmp(argv[i], "off")) options.between_studies = false;
    if (!std::strcmp(argv[i], "reference")) options.effort = SelfTestEffort::long_run;
    if (!std::strncmp(argv[i], "ps=", 3)) options.patients_seed = uint64_t(std::atoll(argv[i] + 3));
  }
  Diagnostics diagnostics;
  Library library{{NPCSIM_SOURCE_DIR}};
  if (options.worlds == 0) {
    WorldDisease d(library, diagnostics);
    std::fputs(diagnostics.text("").c_str(), stderr);
    double t = cpu();
    WorldOptions o;
    o.seed = 5;
    SyntheticWorld w(d, o);
    std::printf("world %g s, %zu targets\n", cpu() - t, w.targets().size());
    int nr = 0;
    for (auto& x : w.targets()) nr += x.reading != TargetReading::exact;
    std::printf("nr %d\n", nr);
    std::vector<double> m;
    for (auto& p : d.parameters()) m.push_back(p.mean);
    t = cpu();
    for (int i = 0; i < 50; ++i) {
      WorldPatients wp;
      wp.count = 4096;
      wp.replicate = uint32_t(i);
      d.simulate(m, wp);
    }
    std::printf("simulate 4096 %g ms\n", (cpu() - t) * 20);
    t = cpu();
    for (int i = 0; i < 50; ++i) {
      WorldPatients wp;
      wp.count = 1;
      wp.replicate = uint32_t(i);
      d.simulate(m, wp);
    }
    std::printf("simulate 1 %g ms\n", (cpu() - t) * 20);
    t = cpu();
    for (int i = 0; i < 50; ++i) w.predict(w.truth(), {}, uint32_t(i));
    std::printf("predict %g ms\n", (cpu() - t) * 20);
    t = cpu();
    auto rep = w.replicate(w.truth(), 50, 3);
    std::printf("replicate50 %g s\n", cpu() - t);
    auto pr = w.predict(w.truth(), {}, 99999);
    for (size_t k = 0; k < 40; ++k) {
      double s = 0, q = 0;
      int n = 0;
      for (int r = 0; r < 50; ++r) {
        double v = rep[size_t(r) * pr.size() + k];
        if (std::isfinite(v)) {
          s += v;
          q += v * v;
          ++n;
        }
      }
      s /= n;
      std::printf("%-40s pub %8.3f pred %8.3f rep %8.3f sd %6.3f n %d se %g\n",
                  w.targets()[k].id.c_str(), w.targets()[k].value, pr[k], s,
                  std::sqrt(q / n - s * s), n, w.targets()[k].se);
    }
    return 0;
  }
  tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 2);
  auto result = run_self_test(library, options, diagnostics);
  std::fputs(diagnostics.text("").c_str(), stderr);
  size_t p = result.parameters.size(), n = result.worlds.size();
  double all = 0, half = 0;
  int flagged = 0, tv = 0;
  double sq = 0;
  std::vector<double> c(p), r(p), zz(p);
  std::vector<double> hc(8), hist(10);
  double cput = 0, ev = 0;
  for (auto& w : result.worlds) {
    double mine = 0;
    for (size_t j = 0; j < p; ++j) {
      bool in = w.below[j] > .025 && w.below[j] < .975;
      mine += in / double(p);
      c[j] += in / double(n);
      half += (w.below[j] > .25 && w.below[j] < .75) / double(p * n);
      r[j] += w.sd_ratio[j] / double(n);
      hist[std::min<size_t>(9, size_t(w.below[j] * 10))] += 1;
      zz[j] += std::pow((w.truth[j] - w.mean[j]) / (w.sd_ratio[j] * result.parameters[j].sd), 2) /
               double(n);
    }
    for (size_t k = 0; k < w.between_below.size(); ++k)
      hc[k] += (w.between_below[k] > .025 && w.between_below[k] < .975) / double(n);
    all += mine / double(n);
    sq += mine * mine / double(n);
    flagged += w.flagged;
    tv += w.time_varying_p < 0.01;
    cput += w.cpu_seconds / double(n);
    ev += double(w.evaluations) / double(n);
    std::printf("cov %.2f cpu %.1f ev %d targets %zu nr %zu op %.3g tvp %.3g unid %zu |", mine,
                w.cpu_seconds, int(w.evaluations), w.targets, w.bounded, w.overall_p,
                w.time_varying_p, w.unidentified.size());
    for (auto& g : w.gates) std::printf(" %.3g%s", g.value, g.passed() ? "" : "!");
    std::printf("\n");
  }
  std::printf("coverage95 %.4f (se %.4f) 50 %.4f flagged %d tv %d of %zu cpu %.1f\n", all,
              std::sqrt((sq - all * all) / double(n)), half, flagged, tv, n, cput);
  for (size_t j = 0; j < p; ++j)
    std::printf("%-28s %.3f ratio %.4f z2 %.2f\n", result.parameters[j].name.c_str(), c[j], r[j],
                zz[j]);
  for (size_t k = 0; k < 8; ++k) std::printf("%s %.3f  ", result.between_names[k].c_str(), hc[k]);
  std::printf("\nhist");
  for (double h : hist) std::printf(" %.0f", h);
  std::printf("\n");
}
