#include <npcsim/emulation/detail/promised_figures.hpp>

namespace npcsim::detail {
namespace {

// What a trial will report of an arm.
struct Promise {
  const char* endpoint;
  Statistic statistic;
  double months;
};
constexpr Promise of_an_arm[] = {{"PFS", Statistic::median, 0},
                                 {"PFS", Statistic::landmark_survival, 12},
                                 {"PFS", Statistic::landmark_survival, 24},
                                 {"OS", Statistic::median, 0},
                                 {"OS", Statistic::landmark_survival, 12},
                                 {"OS", Statistic::landmark_survival, 24},
                                 {"OS", Statistic::landmark_survival, 36},
                                 {"ORR", Statistic::response_rate, 0}};
constexpr Promise of_two_arms[] = {{"PFS", Statistic::hazard_ratio, 0},
                                   {"OS", Statistic::hazard_ratio, 0}};

// "nct04890522_control_os_24m"
std::string promise_id(const StudyDesign& design, const std::string& arm, const Promise& promise) {
  std::string endpoint = promise.endpoint;
  for (char& c : endpoint) c = static_cast<char>(c + ('a' - 'A'));
  std::string id = design.doc.name + "_" + arm + "_" + endpoint;
  if (promise.statistic == Statistic::median) id += "_median";
  if (promise.statistic == Statistic::hazard_ratio) id += "_hr";
  if (promise.months > 0) id += "_" + std::to_string(static_cast<int>(promise.months)) + "m";
  return id;
}

}  // namespace

std::vector<FigureDesign> promised_figures(
    const StudyDesign& design,
    const std::function<FigureDesign(const Name&, const Target&)>& make) {
  std::vector<FigureDesign> out;
  const auto add = [&](const Promise& promise, std::size_t arm, bool contrast) {
    Target target;
    target.study = design.doc.publication;
    target.endpoint = promise.endpoint;
    target.statistic = promise.statistic;
    target.kind = EvidenceKind::randomised;
    if (promise.months > 0) target.at_months = promise.months;
    target.arm = {design.arms[arm].name, {}};
    if (contrast) {
      target.has_contrast = true;
      target.contrast = {{design.arms[arm].name, {}}, {design.arms.front().name, {}}};
    }
    const Name id{promise_id(design, design.arms[arm].name, promise), design.doc.place};
    out.push_back(make(id, target));
    out.back().figure.published = false;
  };
  for (std::size_t a = 0; a < design.arms.size(); ++a) {
    for (const Promise& promise : of_an_arm) add(promise, a, false);
    if (a == 0) continue;
    for (const Promise& promise : of_two_arms) add(promise, a, true);
  }
  return out;
}

}  // namespace npcsim::detail
