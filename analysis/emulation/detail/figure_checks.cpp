#include <npcsim/emulation/detail/figure_checks.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {
namespace {

// "a median", "an auc".
std::string a(Statistic statistic) {
  const std::string name(word(statistic));
  return (name.front() == 'a' ? "an " : "a ") + name;
}

// Whether the figure is a part of its patients.
bool is_part(const Target& target) {
  switch (target.statistic) {
    case Statistic::share:
    case Statistic::response_rate:
    case Statistic::toxicity_rate:
    case Statistic::crude_rate:
    case Statistic::count:
      return true;
    case Statistic::difference:
      return target.unit == "fraction";
    default:
      return false;
  }
}

bool is_discrimination(Statistic statistic) {
  return statistic == Statistic::c_index || statistic == Statistic::auc;
}

class KeyCheck {
 public:
  KeyCheck(const Name& id, const Target& target, const EmulatedTarget& said,
           const std::string& path, Diagnostics& diagnostics)
      : id_(id), target_(target), said_(said), path_(path), diagnostics_(diagnostics) {}

  void groups() {
    if (target_.has_contrast) {
      if (!said_.group.empty())
        error(said_.group.place,
              "'group' is for a figure of one arm, but '" + id_.text + "' compares two",
              "of: ..., against: ...");
      return;
    }
    for (const auto& [key, name] : {std::pair("of", &said_.of), {"against", &said_.against}}) {
      if (!name->empty())
        error(
            name->place,
            "'" + std::string(key) + "' is for a comparison, but '" + id_.text + "' is of one arm",
            "group: " + name->text);
    }
  }

  void quantity() {
    const std::string figure = "but '" + id_.text + "' is " + a(target_.statistic);
    // Survival may be the share of those without the event, where lives end at its time.
    const bool counts = is_part(target_) || target_.statistic == Statistic::landmark_survival;
    if (!counts && said_.has_share)
      error(said_.share_place, "'share' says who is counted, " + figure,
            "remove it; who the figure is about is a group: groups: {...}");
    if (!counts && !said_.in.empty())
      error(said_.in.place, "'in' says who is counted, " + figure,
            "remove it; who the figure is about is a group: groups: {...}");
    if (!is_part(target_) && !said_.event.empty())
      error(said_.event.place, "'event' counts who has had an event, " + figure,
            "endpoint: " + said_.event.text);
    if (!is_discrimination(target_.statistic) && !said_.score.empty())
      error(said_.score_place, "'score' is a marker of discrimination, " + figure,
            "remove 'score'");
    if (!has_time() && said_.at_days > 0 && !is_printed(target_.at_months))
      error(said_.at_place, "'at' is the time of a share, " + figure, "remove 'at'");
  }

 private:
  bool has_time() const {
    return is_part(target_) || target_.statistic == Statistic::landmark_survival ||
           target_.statistic == Statistic::auc;
  }
  void error(const SourcePlace& place, const std::string& what, const std::string& hint) {
    diagnostics_.error(place, what, hint, path_);
  }

  const Name& id_;
  const Target& target_;
  const EmulatedTarget& said_;
  const std::string& path_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_keys(const Name& id, const Target& target, const EmulatedTarget& said,
                const std::string& path, Diagnostics& diagnostics) {
  KeyCheck check(id, target, said, path, diagnostics);
  check.groups();
  check.quantity();
}

std::string gone_at_origin(const StudyDesign& design, std::int32_t endpoint) {
  if (design.doc.origin != "progression" || endpoint < 0) return {};
  const PatientPool& pool = *design.pool;
  const Endpoint& one = pool.program().endpoints[static_cast<std::size_t>(
      pool.base().endpoints[static_cast<std::size_t>(endpoint)])];
  if (one.cause_of_documented == 0 || one.occurrence > 1) return {};
  return "is of '" + one.name + "', whose event is the origin itself: nobody is left without it";
}

bool is_of_another_time(const StudyDesign& design, const FigureDesign& figure) {
  // What is known at diagnosis has no time.
  if (figure.figure.statistic != Statistic::landmark_survival && !figure.share.asks_measure())
    return false;
  // Lives that end at the time of the figure have been counted until then.
  return design.doc.origin == "progression" || std::fabs(figure.at_days - design.seen_days) >= 1;
}

void check_endpoints(const StudyDesign& design, const std::vector<FigureDesign>& figures,
                     Diagnostics& diagnostics) {
  std::vector<std::string> published;
  for (const FigureDesign& figure : figures) {
    if (std::find(published.begin(), published.end(), figure.figure.endpoint) == published.end())
      published.push_back(figure.figure.endpoint);
  }
  std::vector<std::string> own;
  for (const EndpointShape& shape : design.pool->base().shape.endpoints) own.push_back(shape.name);
  for (const auto& [left, right] : design.doc.endpoints) {
    if (std::find(published.begin(), published.end(), left.text) == published.end())
      diagnostics.error(left.place, "no figure of the study is of the endpoint '" + left.text + "'",
                        suggestion(left.text, published), "endpoints");
    if (design.pool->find_endpoint(right.text) < 0)
      diagnostics.error(right.place, "the model has no endpoint '" + right.text + "'",
                        suggestion(right.text, own), "endpoints");
  }
}

}  // namespace npcsim::detail
