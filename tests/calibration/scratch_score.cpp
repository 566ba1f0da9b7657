#include <npcsim/base/special_functions.hpp>
#include <npcsim/calibration/detail/problem.hpp>
#include <npcsim/calibration/detail/waves.hpp>
#include <npcsim/calibration/worlds/synthetic_world.hpp>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
using namespace npcsim;
using namespace npcsim::detail;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
int main(int argc, char** argv) {
  int n = argc > 1 ? atoi(argv[1]) : 10;
  int first = argc > 2 ? atoi(argv[2]) : 0;
  Diagnostics diagnostics;
  Library library{{NPCSIM_SOURCE_DIR}};
  WorldDisease d(library, diagnostics);
  double in = 0, tot = 0;
  std::vector<double> m(27), q(27);
  double chi = 0, nt = 0;
  std::map<std::string, std::array<double, 3>> kinds;
  for (int k = first; k < first + n; ++k) {
    WorldOptions o;
    o.seed = uint64_t(1000 + k);
    o.patients = 65536;
    o.patients_seed = 77;
    o.data_patients = 131072;
    SyntheticWorld w(d, o);
    CalibrationOptions c;
    Evaluator ev(w, c);
    Problem problem(w, c);
    Index p = 25;
    VectorXd x(p);
    for (Index j = 0; j < p; ++j)
      x[j] = (w.truth()[size_t(j)] - d.parameters()[size_t(j)].mean) / d.parameters()[size_t(j)].sd;
    MatrixXd pt = x.transpose();
    auto sampled = run_data_sets(w, ev, pt, 400, 5);
    auto centre = run_centre(ev, x, 1, 9);
    problem.set_sampling(sampled);
    problem.set_response(centre.response);
    VectorXd base = ev.predict("", {{x, {}, 9}}).row(0).transpose();
    VectorXd mu = sampled.mean.row(0).transpose();
    for (Index t = 0; t < mu.size(); ++t)
      if (!std::isfinite(mu[t])) mu[t] = base[t];
    std::vector<Evaluation> list;
    for (Index j = 0; j < p; ++j)
      for (double s : {.25, -.25}) {
        VectorXd y = x;
        y[j] += s;
        list.push_back({y, {}, 9});
      }
    MatrixXd f = ev.predict("", list);
    MatrixXd J(mu.size(), p + 2);
    J.setZero();
    for (Index j = 0; j < p; ++j) J.col(j) = (f.row(2 * j) - f.row(2 * j + 1)).transpose() / .5;
    auto priors = default_between_priors();
    VectorXd hs(8);
    for (Index h = 0; h < 8; ++h)
      hs[h] = between_score(priors[size_t(h)], w.true_between()[size_t(h)]);
    VectorXd g;
    VectorXd gb;
    problem.log_likelihood(mu, hs, &g, &gb);
    MatrixXd H = MatrixXd::Identity(p + 2, p + 2);
    VectorXd s(p + 2);
    s.setZero();
    for (auto& st : problem.studies()) {
      MatrixXd Js = J.middleRows(st.first, st.size());
      if (st.tier == DesignTier::matched) Js.col(p) = priors[6].sd * st.slope[2];
      if (st.tier == DesignTier::unmatched) Js.col(p + 1) = priors[7].sd * st.slope[2];
      H += Js.transpose() *
           study_information(st, mu.segment(st.first, st.size()), problem.spread(st, hs)) * Js;
      s += Js.transpose() * g.segment(st.first, st.size());
      auto spread = problem.spread(st, hs);
      VectorXd mean = study_mean(st, mu.segment(st.first, st.size()), spread);
      MatrixXd V = study_covariance(st, spread);
      Index ne = Index(st.exact.size());
      MatrixXd Ve(ne, ne);
      VectorXd r(ne);
      for (Index a = 0; a < ne; ++a) {
        r[a] = st.value[st.exact[size_t(a)]] - mean[st.exact[size_t(a)]];
        for (Index b = 0; b < ne; ++b) Ve(a, b) = V(st.exact[size_t(a)], st.exact[size_t(b)]);
        std::string id = st.targets[size_t(st.exact[size_t(a)])]->id;
        id = id.substr(id.find(',') + 2);
        if (id.find("factor") != std::string::npos) id = "factor";
        auto& kk = kinds[id];
        double z = r[a] / std::sqrt(V(st.exact[size_t(a)], st.exact[size_t(a)]));
        kk[0] += 1;
        kk[1] += z;
        kk[2] += z * z;
      }
      chi += r.dot(Ve.llt().solve(r));
      nt += double(ne);
    }
    s.head(p) -= x;
    s[p] -= hs[6];
    s[p + 1] -= hs[7];
    MatrixXd C = H.llt().solve(MatrixXd::Identity(p + 2, p + 2));
    VectorXd step = C * s;
    double mine = 0, sz = 0;
    for (Index j = 0; j < p + 2; ++j) {
      double z = step[j] / std::sqrt(C(j, j));
      if (j < p) {
        mine += std::fabs(z) < 1.96;
        sz += z * z / 25;
      }
      m[size_t(j)] += z / n;
      q[size_t(j)] += z * z / n;
    }
    in += mine;
    tot += double(p);
    std::printf(
        "world %d cov %.2f z2 %.2f global %.2f  tau %.2f %.2f om %.2f sdm %.2f sdu %.2f bm %.2f bu "
        "%.2f\n",
        k, mine / double(p), sz, s.dot(C * s) / double(p + 2), w.true_between()[0],
        w.true_between()[1], w.true_between()[2], w.true_between()[4], w.true_between()[5],
        w.true_between()[6], w.true_between()[7]);
  }
  std::printf("linear coverage %.4f chi2/target %.4f\n", in / tot, chi / nt);
  for (size_t j = 0; j < 27; ++j)
    std::printf("%s mean %.2f ms %.2f\n", j < 25 ? d.parameters()[j].name.c_str() : "bias", m[j],
                q[j]);
  for (auto& [id, v] : kinds)
    std::printf("%-30s n %g mean z %.3f ms %.3f\n", id.c_str(), v[0], v[1] / v[0], v[2] / v[0]);
}
