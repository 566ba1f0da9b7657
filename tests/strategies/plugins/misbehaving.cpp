// A plugin that does one wrong thing, chosen by a setting.
#include <npcsim/strategies/plugin_sdk.hpp>

#include <limits>
#include <stdexcept>
#include <string>

namespace {

using namespace npcsim::plugin;

// What a terminal would obey, and what is no UTF-8; the letter between them is fit to be shown.
constexpr const char* unfit = "ring \x07 \x1b[2J\n\xff caf\xc3\xa9 \xc2\x9b";

class Misbehaving {
 public:
  struct Memory {
    std::int32_t asked;
  };
  explicit Misbehaving(Host& host)
      : how_(static_cast<int>(host.setting("how", 0))),
        pd1_(host.agents("pd1")),
        biopsy_(host.agents("biopsy")),
        poor_(host.variable("poor")),
        draw_(host.stream("share")),
        share_(host.setting("share", 0)) {
    if (how_ == 100) throw std::runtime_error("the weather is bad");
    if (how_ == 101) throw 7;
    if (how_ == 102) static_cast<void>(host.setting("dose"));
    if (how_ == 103) {
      static_cast<void>(host.agents("pd2"));
      static_cast<void>(host.marker("respons"));
      static_cast<void>(host.level(host.variable("respons"), "CR"));
      static_cast<void>(host.level(host.variable("response"), "CRR"));
      static_cast<void>(host.level(host.variable("months_since_diagnosis"), "CR"));
      static_cast<void>(host.agents("crowd"));
    }
    if (how_ == 104) throw std::runtime_error(unfit);
    if (how_ == 105) {
      static_cast<void>(host.agents("pd\x1b[31m"));
      static_cast<void>(host.marker("a\nb"));
      static_cast<void>(host.level(host.variable("response"), "C\rR"));
    }
  }
  void decide(const View& view, Memory& memory, Decision& decision) const {
    if (how_ == 17) {  // a procedure is over at once, and asks again
      decision.give(biopsy_);
      return;
    }
    if (view.trigger() != Trigger::start) return;
    ++memory.asked;
    const bool chosen = view.uniform(draw_) < share_;
    switch (how_) {
      case 0:
        decision.give(pd1_, chosen ? 2 : 1);
        break;
      case 1:
        decision.give(pd1_, 1);
        if (chosen) throw std::runtime_error("patient drawn " + std::to_string(memory.asked));
        break;
      case 2:
        throw 7;
      case 3:
        decision.give(pd1_).after_days(-1);
        break;
      case 4:
        decision.give(pd1_).after_days(std::numeric_limits<double>::quiet_NaN());
        break;
      case 5: {
        Agents other = pd1_;
        other.indices[0] = 0;  // exists, but was never looked up
        decision.give(other);
        break;
      }
      case 6:
        for (int i = 0; i < 17; ++i) decision.give(pd1_).after_days(i);
        break;
      case 7:
        decision.wake_after_days(0);
        break;
      case 8:
        decision.give(pd1_, 1);
        decision.give(pd1_, -2);
        break;
      case 9:
        decision.assess(Marker{1});
        break;
      case 10:
        static_cast<void>(view.value(Variable{17}));
        break;
      case 11:
        static_cast<void>(view.uniform(Stream{17}));
        break;
      case 12:
        static_cast<void>(view.uniform(draw_, 1U << 24));
        break;
      case 13:
        decision.give(pd1_).with(pd1_);
        break;
      case 14:
        decision.stop(Agents{});
        break;
      case 15:
        decision.give(pd1_).duration_days(std::numeric_limits<double>::infinity());
        break;
      case 16:  // what a patient is like can be read although no condition mentions it
        decision.give(pd1_, view.value(poor_) > 0.5 ? 2 : 1);
        break;
      case 18:
        throw std::runtime_error(unfit);
      case 19:
        throw std::runtime_error(std::string(238, 'a') + "\xc3\xa9");
      default:
        break;
    }
  }

 private:
  int how_;
  Agents pd1_, biopsy_;
  Variable poor_;
  Stream draw_;
  double share_;
};

}  // namespace

NPCSIM_STRATEGY_PLUGIN(Misbehaving)
