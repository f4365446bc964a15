#include "runtime/job/progress.h"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "runtime/base/text.h"
#include "runtime/time/watermark.h"
#include "stdlib/text_of_values.h"

namespace rulert {
namespace {

constexpr int64_t kInterval = 200'000;

bool InCi() {
  const char* value = std::getenv("CI");
  return value != nullptr && std::string_view(value) == "true";
}

std::string Counted(uint64_t count, const char* one, const char* many) {
  return Grouped(count) + " " + (count == 1 ? one : many);
}

std::string Formatted(const char* format, double value) {
  char text[48];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string WatermarkText(int64_t watermark, int64_t now) {
  if (watermark == PartitionWatermark::kNone) return "";
  std::string text = "watermark ";
  rulelib::AppendTimestamp(watermark, &text);
  // Of old data it is that of the data, not of the job.
  const auto lag = static_cast<double>(now) - static_cast<double>(watermark);
  constexpr double kSecond = 1e6, kDay = 86'400e6;
  return text + ", lag " + (lag < 2 * kDay ? Formatted("%.0f s, ", lag / kSecond) : Formatted("%.0f d, ", lag / kDay));
}

}  // namespace

ProgressLine::ProgressLine(ProgressMode mode, std::FILE* log, const Clock* clock) : log_(log), clock_(clock) {
  if (log == nullptr || mode == ProgressMode::Never) return;
  terminal_ = isatty(fileno(log)) != 0;
  shown_ = mode == ProgressMode::Always || (terminal_ && !InCi());
  start_ = clock_->SteadyMicros();
  next_ = start_ + kInterval;
}

ProgressLine::~ProgressLine() {
  if (written_ && terminal_) std::fputs("\r\x1b[K", log_);
}

bool ProgressLine::IsDue() {
  const int64_t now = clock_->SteadyMicros();
  if (now < next_) return false;
  next_ = now + kInterval;
  return true;
}

void ProgressLine::Update(const Counters& counters, int64_t watermark) {
  const std::string line =
      Counted(counters.events, "event", "events") + ", " + RateText(counters.events, clock_->SteadyMicros() - start_) +
      ", " + WatermarkText(watermark, clock_->NowMicros()) + Counted(counters.TotalMatches(), "match", "matches") +
      ", " + Counted(counters.TotalErrors(), "error", "errors");
  std::fprintf(log_, terminal_ ? "\r%s\x1b[K" : "%s\n", line.c_str());
  std::fflush(log_);
  written_ = true;
}

std::string RateText(uint64_t events, int64_t micros) {
  const double rate = static_cast<double>(events) * 1e6 / static_cast<double>(micros > 0 ? micros : 1);
  if (rate >= 1e6) return Formatted("%.2f M/s", rate / 1e6);
  if (rate >= 1e3) return Formatted("%.1f k/s", rate / 1e3);
  return Formatted("%.0f /s", rate);
}

void WriteSummary(const Counters& counters, const std::vector<std::string>& outputs, int64_t micros, std::FILE* log) {
  std::string text = Counted(counters.events, "event", "events") + " in " +
                     Formatted("%.3f s", static_cast<double>(micros) / 1e6) + " (" + RateText(counters.events, micros) +
                     "), " + Counted(counters.TotalMatches(), "match", "matches");
  bool first = true;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].empty()) continue;
    text += (first ? ": " : ", ") + outputs[i] + " " + Grouped(counters.matches[i]);
    first = false;
  }
  text += ", " + Counted(counters.TotalErrors(), "error", "errors") + "\n";
  for (const auto& [key, count] : counters.errors) {
    const auto& [rule, cause] = key;
    text += "  " + Grouped(count) + " x " + cause + (rule.empty() ? " in the data" : " in rule `" + rule + "`") + "\n";
  }
  if (counters.bad_records > 0) text += "  " + Counted(counters.bad_records, "bad record", "bad records") + " lost\n";
  std::fputs(text.c_str(), log);
}

}  // namespace rulert
