// A strategy that follows the response: an example of a plugin.
//
// clang-format off
//   1. Induction with gemcitabine and cisplatin (GP) and, at the same time, an antibody against PD-1.
//   2. Response is assessed when the last agent of GP has ended.
//   3. Complete or partial response: locoregional radiotherapy (LRRT), as in the trial of You et al.
//      (2020), JAMA Oncology 6:1345. With `accepts_lrrt` below 1 a share of patients declines it.
//   4. Complete response: PD-1 stops `stop_pd1_after_months` after the first dose. All others go on
//      until the limit `most_months_of_pd1`, or progression. Stopping early is a question to the
//      model, not a recommendation.
//   5. Documented progression: GP again, which is an agent of its own in the model dmnpc, if the last
//      platinum is `platinum_free_months` ago, else nothing.
// clang-format on
//
// The class is constructed once for each strategy and asked by many threads, hence `const`. What it
// must remember of a patient stands in Memory; everything else it reads from the view.
#include <npcsim/strategies/plugin_sdk.hpp>

#include <cstdint>

namespace {

using npcsim::plugin::Decision;
using npcsim::plugin::Host;
using npcsim::plugin::Trigger;
using npcsim::plugin::View;

// Tags come back with the answer to what they were given to.
enum Tag : std::int32_t {
  induction,
  immunotherapy,
  first_response,
  radiotherapy,
  early_stop,
  second_line
};

class ResponseAdaptive {
 public:
  struct Memory {
    std::int32_t complete_response;
  };

  // Names are looked up here, once. npcsim reports those that the model does not have.
  explicit ResponseAdaptive(Host& host)
      : chemotherapy_(host.agents("gp")),
        pd1_(host.agents("pd1")),
        lrrt_(host.agents("lrrt")),
        rechallenge_(host.agents("gp_rechallenge")),
        response_(host.marker("response")),
        observed_response_(host.variable("response")),
        complete_(host.level(observed_response_, "CR")),
        partial_(host.level(observed_response_, "PR")),
        months_since_platinum_(host.variable("months_since_platinum")),
        accepts_(host.stream("accepts lrrt")),
        cycles_(static_cast<std::int32_t>(host.setting("induction_cycles", 6))),
        stop_after_days_(host.setting("stop_pd1_after_months", 12) *
                         npcsim::plugin::days_per_month),
        most_days_(host.setting("most_months_of_pd1", 24) * npcsim::plugin::days_per_month),
        platinum_free_months_(host.setting("platinum_free_months", 6)),
        accepting_(host.setting("accepts_lrrt", 1)) {
    if (cycles_ < 1) host.error("'induction_cycles' must be at least 1");
    if (!(stop_after_days_ > 0 && most_days_ > 0))
      host.error("the limits of PD-1 must be above 0 months");
    if (!(accepting_ >= 0 && accepting_ <= 1)) host.error("'accepts_lrrt' is a share, from 0 to 1");
  }

  void decide(const View& view, Memory& memory, Decision& decision) const {
    switch (view.trigger()) {
      case Trigger::start:
        decision.wake_after_days(stop_after_days_).tag(early_stop);
        decision.give(chemotherapy_, cycles_).tag(induction);
        decision.give(pd1_).tag(immunotherapy).time_on_agent_days(most_days_);
        break;
      case Trigger::course_done:
        if (view.tag() == induction) decision.assess(response_).tag(first_response);
        break;
      case Trigger::assessed: {
        memory.complete_response = view.is(observed_response_, complete_) ? 1 : 0;
        const bool responds =
            memory.complete_response != 0 || view.is(observed_response_, partial_);
        // The draw belongs to the patient: another strategy that asks for it gets the same answer.
        if (responds && view.uniform(accepts_) < accepting_) decision.give(lrrt_).tag(radiotherapy);
        break;
      }
      case Trigger::wake:
        if (memory.complete_response != 0) decision.stop(pd1_);
        break;
      case Trigger::progression:
        // The tag is the number of the progression. Whatever was asked for before is void, also the
        // wake.
        if (view.tag() == 1 && view.value(months_since_platinum_) >= platinum_free_months_) {
          decision.give(rechallenge_, cycles_).tag(second_line);
        }
        break;
    }
  }

 private:
  npcsim::plugin::Agents chemotherapy_, pd1_, lrrt_, rechallenge_;
  npcsim::plugin::Marker response_;
  npcsim::plugin::Variable observed_response_;
  std::int32_t complete_, partial_;
  npcsim::plugin::Variable months_since_platinum_;
  npcsim::plugin::Stream accepts_;
  std::int32_t cycles_;
  double stop_after_days_, most_days_, platinum_free_months_, accepting_;
};

}  // namespace

NPCSIM_STRATEGY_PLUGIN(ResponseAdaptive)
