// Studies, populations, figures, findings.
#include <npcsim/evidence/detail/binders.hpp>

namespace npcsim {
namespace {

using detail::doubt_key;
using detail::quoted_key;
using detail::read_bounds;
using detail::read_condition;
using detail::read_numbers;
using detail::source_key;
using detail::where_key;

constexpr std::string_view kDesigns = "randomised|single_arm|retrospective|registry|review";
constexpr std::string_view kDiseases = "dmnpc|rm_npc|mm_npc|la_npc|npc|hnscc|mixed_solid";
constexpr std::string_view kEndpoints =
    "OS|PFS|PFS2|DSS|DMFS|DPFS|LRFS|bone_RFS|local_control|distant_relapse|ORR|CR|PR|SD|PD|"
    "toxicity|"
    "retreatment|prevalence|incidence|mortality|follow_up|discrimination";
constexpr std::string_view kUnits = "months|fraction|ratio|probability|persons|per_100000_per_year";

}  // namespace

void bind(Binder& binder, Study& out) {
  binder.text({.name = "title", .help = "what the study is about", .required = true}, out.title);
  binder.text({.name = "design",
               .help = "how patients came to their treatment",
               .required = true,
               .choices = kDesigns},
              out.design);
  binder.integer({.name = "patients", .help = "patients of the whole study", .least = 1},
                 out.patients);
  out.patients_written = binder.has("patients");
  binder.flag({.name = "patients_derived",
               .help = "the number follows from printed shares",
               .fallback = "false"},
              out.patients_derived);
  binder.text({.name = "origin",
               .help = "time zero of its times, where it is stated",
               .choices = "diagnosis|randomisation|start_of_treatment"},
              out.origin);
  binder.text({.name = "disease",
               .help = "dmnpc: de novo metastatic; rm_npc: recurrent or metastatic; mm_npc: "
                       "metachronous or timing not separated; la_npc: locally advanced; npc: all "
                       "stages; hnscc, mixed_solid: other cancers",
               .required = true,
               .choices = kDiseases},
              out.disease);
  binder.names(source_key(), out.source);
}

void bind(Binder& binder, StudyPopulation& out) {
  binder.text({.name = "words", .help = "who they are, in words", .required = true}, out.words);
  read_condition(binder, {.name = "eligible", .help = "the same as a condition at diagnosis"},
                 out.eligible);
  read_condition(binder,
                 {.name = "later", .help = "what must hold later, as strategies would ask it"},
                 out.later);
  binder.name({.name = "preset", .help = "population document they are drawn from"}, out.preset);
}

void bind(Binder& binder, ComparedArms& out) {
  binder.name({.name = "of", .help = "arm in the numerator", .required = true}, out.of);
  binder.name({.name = "against", .help = "arm in the denominator", .required = true}, out.against);
}

void bind(Binder& binder, Target& out) {
  binder.name({.name = "study", .help = "study it belongs to", .required = true}, out.study);
  binder.name({.name = "arm", .help = "arm or group", .example = "chemo_lrrt"}, out.arm);
  out.has_contrast = binder.child(
      {.name = "contrast", .help = "two arms that are compared, instead of `arm`"}, out.contrast);
  binder.text(
      {.name = "endpoint", .help = "what is measured", .required = true, .choices = kEndpoints},
      out.endpoint);
  binder.text({.name = "statistic",
               .help = "what the number is",
               .required = true,
               .choices = statistic_choices()},
              out.statistic_word);
  binder.number(
      {.name = "at_months", .help = "time of a landmark", .least = 0, .above_least = true},
      out.at_months);
  binder.number({.name = "value", .help = "the number; shares as fractions", .least = 0},
                out.value);
  out.value_written = binder.has("value");
  out.level_written = binder.has("level");
  out.at_written = binder.has("at_months");
  out.n_written = binder.has("n");
  read_bounds(binder, {.name = "range", .help = "a value printed as a range", .least = 0},
              out.range);
  read_bounds(binder, {.name = "extremes", .help = "least and greatest observation", .least = 0},
              out.extremes);
  binder.text({.name = "is",
               .help = "how the printed value is to be read",
               .fallback = "exact",
               .choices = reading_choices()},
              out.reading_word);
  read_bounds(binder, {.name = "interval", .help = "confidence interval as printed", .least = 0},
              out.interval);
  binder.number({.name = "level",
                 .help = "level of the interval",
                 .least = 0,
                 .most = 1,
                 .above_least = true,
                 .below_most = true},
                out.level);
  binder.number(
      {.name = "p", .help = "P value as printed", .least = 0, .most = 1, .above_least = true},
      out.p);
  binder.text({.name = "p_is",
               .help = "whether only a bound of P is printed",
               .fallback = "exact",
               .choices = "exact|below|above"},
              out.p_is);
  binder.text({.name = "unit", .help = "unit of the value", .required = true, .choices = kUnits},
              out.unit);
  binder.integer({.name = "n",
                  .help = "patients behind this very value, never those of the whole study for a "
                          "part of it",
                  .least = 1},
                 out.n);
  binder.flag({.name = "n_derived", .help = "n follows from printed shares", .fallback = "false"},
              out.n_derived);
  binder.integer({.name = "cohort",
                  .help = "patients of the cohort that it is of, where the study has several",
                  .least = 1},
                 out.cohort);
  binder.name({.name = "n_basis",
               .help = "rule of `effective_n` that says how many patients stand behind it",
               .required = true,
               .example = "printed"},
              out.n_basis);
  binder.text({.name = "kind",
               .help = "kind of evidence",
               .required = true,
               .choices = evidence_kind_choices()},
              out.kind_word);
  binder.flag(
      {.name = "confounded", .help = "treatment was chosen and not assigned", .fallback = "false"},
      out.confounded);
  binder.flag({.name = "derived",
               .help = "computed from printed numbers, not printed itself",
               .fallback = "false"},
              out.derived);
  binder.name({.name = "conflicts_with", .help = "another figure for the same quantity"},
              out.conflicts_with);
  binder.name({.name = "versus", .help = "figure that it is printed beside"}, out.versus);
  binder.name({.name = "risk_class", .help = "flag of the risk system's class it is about"},
              out.risk_class);
  binder.name({.name = "population", .help = "whom it is about", .required = true}, out.population);
  binder.name(quoted_key(), out.quoted_in);
  binder.text(where_key(), out.where);
  binder.text(doubt_key(), out.doubt);
  if (const auto statistic = statistic_of(out.statistic_word)) out.statistic = *statistic;
  if (const auto reading = reading_of(out.reading_word)) out.reading = *reading;
  if (const auto kind = evidence_kind_of(out.kind_word)) out.kind = *kind;
}

void bind(Binder& binder, Finding& out) {
  binder.name({.name = "study", .help = "study it belongs to", .required = true}, out.study);
  binder.text({.name = "words",
               .help = "what is said",
               .required = true,
               .example = "doses per patient, lowest and highest"},
              out.words);
  const Key numbers{.name = "numbers",
                    .help = "numbers as printed, in the order of the words; shares as fractions",
                    .required = true,
                    .example = "[66, 70]",
                    .least = 0};
  if (const Tree* tree = binder.raw(numbers, "list of numbers")) {
    read_numbers(binder, *tree, numbers, out.numbers);
    if (tree->is_list() && tree->size() == 0)
      binder.error(tree->place(), "a finding has a number",
                   "a statement without one is no finding");
  }
  binder.text({.name = "unit",
               .help = "unit of the numbers",
               .required = true,
               .choices = "Gy|days|months|cycles|copies_per_ml|patients|fraction|probability"},
              out.unit);
  binder.integer({.name = "n", .help = "patients behind it", .least = 1}, out.n);
  binder.name(quoted_key(), out.quoted_in);
  binder.text(where_key(), out.where);
  binder.text(doubt_key(), out.doubt);
}

}  // namespace npcsim
