#include <npcsim/base/units.hpp>
#include <npcsim/model/calendar.hpp>
#include <npcsim/run/study_doc.hpp>

#include <algorithm>

namespace npcsim {
namespace {

struct ReportDoc {
  std::vector<Name> endpoints;
  std::vector<Name> subgroups;
};

void bind(Binder& binder, ReportDoc& out) {
  binder.names({.name = "endpoints",
                .help = "endpoints that are reported; default: all of the model",
                .example = "[PFS, OS]"},
               out.endpoints);
  binder.names({.name = "subgroups",
                .help = "flags and categorical attributes; results are given for each level",
                .example = "[liver]"},
               out.subgroups);
}

// What a study that names no landmarks has.
std::vector<double> usual_landmark_days() {
  std::vector<double> days;
  for (const double months : {12.0, 24.0, 36.0, 60.0}) days.push_back(months * days_per_month);
  return days;
}

std::string landmark_in_words(const Tree& item) {
  return item.text() + (parse_quantity(item.text())->unit.empty() ? " months" : "");
}

// Appends the time of one landmark if it is right and new.
void bind_landmark(Binder& binder, const Tree& item, std::vector<double>& list) {
  const auto quantity = item.is_scalar() ? parse_quantity(item.text()) : std::nullopt;
  if (!quantity || (quantity->dimension != Dimension::time && !quantity->unit.empty()) ||
      !(quantity->value > 0)) {
    binder.error(item.place(),
                 "a landmark must be a time above 0 in months, found " + in_words(item));
    return;
  }
  const double days = quantity->unit.empty() ? quantity->value * days_per_month : quantity->value;
  if (std::find(list.begin(), list.end(), days) != list.end()) {
    binder.error(item.place(), landmark_in_words(item) + " stands twice among the landmarks");
    return;
  }
  list.push_back(days);
}

void bind_landmarks(Binder& binder, StudyDoc& out) {
  const Tree* const landmarks = binder.raw({.name = "landmarks",
                                            .help = "months at which survival is reported",
                                            .fallback = "[12, 24, 36, 60]"},
                                           "list of months");
  if (landmarks == nullptr) {
    out.landmark_days = usual_landmark_days();
    return;
  }
  const std::vector<Tree> items =
      landmarks->is_list() ? landmarks->items() : std::vector<Tree>{*landmarks};
  std::vector<const Tree*> beyond;
  for (const Tree& item : items) {
    const std::size_t before = out.landmark_days.size();
    bind_landmark(binder, item, out.landmark_days);
    if (out.landmark_days.size() > before && out.horizon_days > 0 &&
        out.landmark_days.back() > out.horizon_days)
      beyond.push_back(&item);
  }
  // The usual ones end at the horizon without a word, whether they are written down, as in the
  // study.yaml of a run, or not.
  if (out.landmark_days == usual_landmark_days()) return;
  for (const Tree* item : beyond) {
    binder.warning(item->place(), "nothing is reported at " + landmark_in_words(*item) +
                                      ": the horizon comes before it");
  }
}

}  // namespace

void bind_diagnosed_on(Binder& binder, std::optional<double>& out) {
  double year = 0;
  binder.number(
      {.name = "diagnosed_on",
       .help = "calendar time of every patient's diagnosis as a decimal year (2019.5 is the "
               "middle of 2019), instead of the model's attribute",
       .example = "2019.5",
       .least = earliest_diagnosis,
       .most = latest_diagnosis},
      year);
  if (year > 0) out = year;
}

void bind(Binder& binder, StudyDoc& out) {
  out.place = binder.node().place();
  Name name;
  binder.own_name({.name = "study",
                   .help = "name of the study; the run's folder is called so",
                   .required = true,
                   .example = "lrrt"},
                  name);
  out.name = name.text;
  binder.text({.name = "title", .help = "one line for people"}, out.title);
  if (out.title.empty()) out.title = out.name;
  binder.text({.name = "description", .help = "what a reader should know"}, out.description);
  binder.text({.name = "kind",
               .help = "what kind of study it is: comparison; emulation and scenarios have keys of "
                       "their own",
               .fallback = "comparison"},
              out.kind);
  // Documents of the other kinds are read as such, unless they stand where a comparison is due.
  const Tree* const kind = binder.describing() ? nullptr : binder.node().find("kind");
  if (kind != nullptr && kind->is_scalar() && kind->text() != "comparison") {
    const bool other = kind->text() == "emulation" || kind->text() == "scenarios";
    binder.error(kind->place(),
                 other ? "a comparison is due here, found kind '" + kind->text() + "'"
                       : "unknown kind '" + kind->text() + "'",
                 other ? "" : suggestion(kind->text(), {"comparison", "emulation", "scenarios"}));
  }
  binder.raw({.name = "model",
              .help = "model document: a name, a path, or the document itself",
              .required = true,
              .example = "dmnpc"},
             "name, path or map");
  binder.raw({.name = "population",
              .help = "population document: a name, a path, or the document itself; without it the "
                      "attributes are those of the model",
              .example = "{preset: review, eligible: {ecog1: true}}"},
             "name, path or map");
  if (const Tree* list =
          binder.raw({.name = "strategies",
                      .help = "strategy documents: names, paths, or the documents themselves",
                      .required = true,
                      .example = "[gp_pd1, gp_pd1_lrrt]"},
                     "list of names or maps")) {
    if (!list->is_list()) {
      binder.error(list->place(), "'strategies' must be a list, found " + in_words(*list),
                   list->is_scalar() ? "strategies: [" + list->text() + "]" : "list at least one");
    } else if (list->items().empty()) {
      binder.error(list->place(), "the study has no strategies", "list at least one");
    }
    for (const Tree& item : list->items()) {
      const Tree* inner = item.is_map() ? item.find("strategy") : nullptr;
      if (inner != nullptr) {
        for (const Name& known : out.strategies) {
          if (known.text == inner->text()) {
            binder.error(inner->place(), "strategy '" + inner->text() + "' is in the study twice");
          }
        }
        out.strategies.push_back({inner->text(), inner->place()});
      } else if (item.is_map()) {
        binder.error(item.place(), "missing key 'strategy'", "the name of the strategy");
      }
    }
  }
  binder.name({.name = "reference",
               .help = "strategy that the others are compared with; default: the first",
               .example = "gp_pd1"},
              out.reference);
  binder.integer({.name = "patients",
                  .help = "number of virtual patients",
                  .required = true,
                  .example = "100000",
                  .least = 1,
                  .most = 4294967295.0},
                 out.patients);
  binder.integer({.name = "seed",
                  .help = "master seed, from 0 to below 2^63; there is no default",
                  .required = true,
                  .example = "20240217",
                  .least = 0},
                 out.seed);
  binder.integer({.name = "replicate",
                  .help = "number of the replicate: other patients with the same seed",
                  .fallback = "0",
                  .least = 0,
                  .most = 4294967295.0},
                 out.replicate);
  binder.number({.name = "horizon",
                 .help = "follow-up of every patient; outcomes are recorded in 1/32 d",
                 .required = true,
                 .example = "120 months",
                 .dimension = Dimension::time,
                 .least = Ticks{1}.days(),
                 .most = 73050},
                out.horizon_days);
  bind_diagnosed_on(binder, out.diagnosed_on);
  bind_landmarks(binder, out);
  binder.raw({.name = "parameters",
              .help = "other values for parameters of the model, by name",
              .example = "{pd1_log_hr: -0.5}"},
             "map");
  out.draws.given = binder.child(
      {.name = "draws",
       .help = "run the study again at other values of the model's parameters, to see what their "
               "uncertainty does to the results",
       .example = "{count: 200, from: prior}"},
      out.draws);
  ReportDoc report;
  binder.child({.name = "report",
                .help = "what is reported",
                .example = "{endpoints: [PFS, OS], subgroups: [liver]}"},
               report);
  out.endpoints = report.endpoints;
  out.subgroups = report.subgroups;
  binder.text({.name = "output",
               .help = "what is kept: summary; patients: one row for each patient as well; "
                       "journal: whole histories as well",
               .fallback = "summary",
               .choices = "summary|patients|journal"},
              out.output);
  binder.number({.name = "sample",
                 .help = "share of the patients that per-patient output keeps, drawn by the number "
                         "of the patient",
                 .fallback = "1",
                 .least = 0,
                 .most = 1,
                 .above_least = true},
                out.sample);
  if (out.sample < 1 && out.output == "summary" && !binder.describing()) {
    binder.warning(binder.node().find("sample")->place(),
                   "'sample' does nothing: no rows of single patients are kept",
                   "output: patients, or output: journal, keeps them");
  }
}

}  // namespace npcsim
