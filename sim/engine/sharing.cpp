// Strategies that decide alike share one life. Where their decisions part, those that decide
// otherwise get a copy of the life as it was when they were asked.
//
// Nothing else tells the lives of a patient apart, so the bytes are those of lives lived one by
// one. Tags are the strategies' own: the life numbers them anew, so that two strategies which call
// the same thing by other numbers still decide alike.
#include <npcsim/engine/life.hpp>

#include <algorithm>
#include <limits>
#include <numeric>

namespace npcsim {
namespace {

constexpr std::int64_t no_tag = std::numeric_limits<std::int64_t>::min();

bool same_but_for_the_tag(const Action& a, const Action& b) {
  const auto count = static_cast<std::size_t>(a.agent_count);
  return a.kind == b.kind && a.delay_days == b.delay_days && a.agent_count == b.agent_count &&
         std::equal(a.agents.begin(), a.agents.begin() + count, b.agents.begin()) &&
         std::equal(a.cycles.begin(), a.cycles.begin() + count, b.cycles.begin()) &&
         a.time_on_agent_days == b.time_on_agent_days && a.duration_days == b.duration_days &&
         a.marker == b.marker;
}

}  // namespace

void Life::start(const PatientInput& patient, std::span<const Strategy* const> strategies) {
  patient_ = &patient;
  strategies_ = strategies;
  journal_ = nullptr;
  waiting_ = 0;
  from_diagnosis_ = true;
}

bool Life::next() {
  if (from_diagnosis_) {
    from_diagnosis_ = false;
    live_from_diagnosis();
    return true;
  }
  if (waiting_ == 0) return false;
  Branch& branch = branches_[--waiting_];
  // The memory of the life before goes to the branch, which will be used again.
  std::swap(static_cast<LifeState&>(*this), branch.state);
  decide(branch.trigger, branch.tag);
  live_on();
  return true;
}

void Life::everyone_lives_it() {
  lived_by_.resize(strategies_.size());
  std::iota(lived_by_.begin(), lived_by_.end(), 0);
  memories_.assign(strategies_.size(), StrategyMemory{});
  own_tags_.clear();
  to_do_.clear();
}

void Life::ask(Trigger trigger, std::int32_t tag) {
  asked_now_ = now_ == asked_at_ ? asked_now_ + 1 : 1;
  asked_at_ = now_;
  decide(trigger, tag);
}

// Asks every strategy that lives this life. This is the last thing that happens before what is to
// be done next is taken from the list, so a copy of the state is all that a branch needs.
void Life::decide(Trigger trigger, std::int32_t tag) {
  const std::size_t tags_before = own_tags_.size();
  const auto answer = [&](std::int32_t strategy, Decision& decision) {
    const auto s = static_cast<std::size_t>(strategy);
    decision.count = 0;
    strategies_[s]->decide(StrategyView(*this, trigger, own_tag(trigger, tag, strategy)),
                           memories_[s], decision);
  };
  const std::int32_t first = lived_by_.front();
  answer(first, decision_);
  translate_tags(first, decision_);
  if (lived_by_.size() > 1) {
    leaving_.clear();
    std::size_t staying = 1;
    for (std::size_t i = 1; i < lived_by_.size(); ++i) {
      const std::int32_t strategy = lived_by_[i];
      StrategyMemory& memory = memories_[static_cast<std::size_t>(strategy)];
      const StrategyMemory before = memory;
      answer(strategy, other_decision_);
      if (agree(decision_, other_decision_, strategy)) {
        lived_by_[staying++] = strategy;
      } else {
        memory = before;
        leaving_.push_back(strategy);
      }
    }
    lived_by_.resize(staying);
    if (!leaving_.empty()) part(trigger, tag, tags_before);
  }
  for (std::size_t i = decision_.count; i > 0; --i)
    to_do_.push_back({decision_.actions[i - 1], false, documented_count_});
}

// Keeps the life for those who are leaving; they will be asked again, and may part once more.
void Life::part(Trigger trigger, std::int32_t tag, std::size_t tags_before) {
  if (waiting_ == branches_.size()) branches_.emplace_back();
  Branch& branch = branches_[waiting_++];
  branch.state = *this;
  branch.state.lived_by_ = leaving_;
  branch.state.own_tags_.resize(tags_before);
  branch.trigger = trigger;
  branch.tag = tag;
}

// What a strategy calls the life's tag.
std::int32_t Life::own_tag(Trigger trigger, std::int32_t tag, std::int32_t strategy) const {
  const bool is_count = trigger == Trigger::start || trigger == Trigger::progression;
  const std::size_t width = strategies_.size();
  if (is_count || width == 1) return tag;
  return static_cast<std::int32_t>(
      own_tags_[static_cast<std::size_t>(tag) * width + static_cast<std::size_t>(strategy)]);
}

// From the tags of the strategy that decides to those of the life; what is new gets the next
// number.
void Life::translate_tags(std::int32_t strategy, Decision& decision) {
  const std::size_t width = strategies_.size();
  if (width == 1) return;
  for (std::size_t i = 0; i < decision.count; ++i) {
    std::int32_t& tag = decision.actions[i].tag;
    std::size_t at = static_cast<std::size_t>(strategy);
    while (at < own_tags_.size() && own_tags_[at] != tag) at += width;
    if (at >= own_tags_.size()) {
      own_tags_.resize(own_tags_.size() + width, no_tag);
      own_tags_[at] = tag;
    }
    tag = static_cast<std::int32_t>(at / width);
  }
}

// Whether another strategy has decided the same, whatever it calls it. `first` has the tags of the
// life; the strategy's own tags for those that are new are noted.
bool Life::agree(const Decision& first, const Decision& other, std::int32_t strategy) {
  if (first.count != other.count) return false;
  const std::size_t width = strategies_.size();
  for (std::size_t i = 0; i < first.count; ++i) {
    const Action& action = other.actions[i];
    if (!same_but_for_the_tag(first.actions[i], action)) return false;
    const auto column = static_cast<std::size_t>(strategy);
    std::int64_t& known =
        own_tags_[static_cast<std::size_t>(first.actions[i].tag) * width + column];
    if (known == action.tag) continue;
    if (known != no_tag) return false;
    for (std::size_t at = column; at < own_tags_.size(); at += width) {
      if (own_tags_[at] == action.tag) return false;  // it means something else already
    }
    known = action.tag;
  }
  return true;
}

// Carries out what has been decided, until nothing is left of it.
void Life::do_what_is_to_be_done() {
  while (!to_do_.empty()) {
    const ToDo next = to_do_.back();
    to_do_.pop_back();
    if (over_ || documented_count_ != next.known) continue;
    if (next.course_done) {
      if (!waits_for(next.action.tag)) ask(Trigger::course_done, next.action.tag);
    } else if (next.action.delay_days > 0) {
      pending_.push_back({now_ + next.action.delay_days, next.action});
    } else {
      perform(next.action, now_);
    }
  }
}

// Asks, when it is its turn, whether all courses of a tag have ended.
void Life::ask_whether_done(std::int32_t tag) {
  ToDo question;
  question.action.tag = tag;
  question.course_done = true;
  question.known = documented_count_;
  to_do_.push_back(question);
}

}  // namespace npcsim
