// The settings of one field, asked for one by one. What was never asked for is no setting of that distribution.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generate/shape.h"

namespace rulec::generate {

// Keeps the first error only, so callers may go on and look at the end.
class ShapeErrors {
 public:
  explicit ShapeErrors(std::string file) : file_(std::move(file)) {}
  void Add(uint32_t line, uint32_t column, std::string message);
  void Add(std::string message);  // not in the shape file
  const GenerateError& first() const { return first_; }
  bool any() const { return static_cast<bool>(first_); }

 private:
  std::string file_;
  GenerateError first_;
};

class Settings {
 public:
  // Both must outlive the settings. `entry` may be null: then everything is absent.
  Settings(const ShapeEntry* entry, ShapeErrors* errors) : entry_(entry), errors_(errors) {}

  bool present() const { return entry_ != nullptr; }
  const ShapeValue* Find(const std::string& key);
  // A number of any kind, within [least, most].
  double Real(const std::string& key, double fallback, double least, double most);
  int64_t Whole(const std::string& key, int64_t fallback, int64_t least, int64_t most);
  double Probability(const std::string& key, double fallback) { return Real(key, fallback, 0, 1); }
  std::string Text(const std::string& key, const std::string& fallback);
  // `"400us"` in nanoseconds, from 0 to 1,000 days.
  int64_t Duration(const std::string& key, int64_t fallback);
  const std::vector<ShapeValue>* List(const std::string& key);

  void Fail(const ShapeValue& at, std::string message);
  void Fail(std::string message);  // at the head of the field's table
  // Complains of settings that nobody asked for.
  void RefuseOthers();

 private:
  const ShapeEntry* entry_;
  ShapeErrors* errors_;
  std::vector<std::string> asked_;
};

// "5s" -> nanoseconds; units ns us ms s m h d.
std::optional<int64_t> ParseDuration(std::string_view text);

}  // namespace rulec::generate
