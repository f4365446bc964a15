// How English names and words sound. Letters beyond A to Z lose their accents first and are left out else.
#include <string>

#include "stdlib/library.h"
#include "stdlib/result.h"

namespace rulelib {
namespace {

// Letters A to Z in upper case, without accents.
std::string Letters(rulert_context* context, RuleString text) {
  std::string letters;
  RuleString plain = rule_strip_accents(context, text);
  for (char c : View(plain)) {
    char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    if (upper >= 'A' && upper <= 'Z') letters += upper;
  }
  return letters;
}

bool OneOf(char c, std::string_view set) { return c != '\0' && set.find(c) != std::string_view::npos; }
bool IsVowel(char c) { return OneOf(c, "AEIOU"); }

// American Soundex, as the National Archives describe it: H and W do not part equal codes, vowels do.
char SoundexDigit(char c) {
  //                                 ABCDEFGHIJKLMNOPQRSTUVWXYZ
  static constexpr char kDigits[] = "01230120022455012623010202";
  return kDigits[c - 'A'];
}

// Lawrence Philips, "Hanging on the Metaphone", Computer Language 7 (12), 1990.
class Metaphone {
 public:
  explicit Metaphone(std::string word) : word_(std::move(word)) {}

  std::string Code() {
    Begin();
    while (at_ < word_.size()) {
      char c = Here(0);
      // Doubled letters count once, but for C.
      if (c != 'C' && at_ > 0 && Here(-1) == c) {
        ++at_;
        continue;
      }
      Letter(c);
      ++at_;
    }
    return code_;
  }

 private:
  char Here(int offset) const {
    auto at = static_cast<int64_t>(at_) + offset;
    return at >= 0 && at < static_cast<int64_t>(word_.size()) ? word_[static_cast<size_t>(at)] : '\0';
  }
  bool Follows(std::string_view text) const { return std::string_view(word_).substr(at_).starts_with(text); }

  // Starts that are not spoken as they are written.
  void Begin() {
    if (Follows("AE") || Follows("GN") || Follows("KN") || Follows("PN") || Follows("WR")) {
      at_ = 1;
    } else if (Follows("X")) {
      word_[0] = 'S';
    } else if (Follows("WH")) {
      code_ = 'W';  // the vowel behind it is not the first letter
      at_ = 2;
      return;
    }
    start_ = at_;
  }

  void Letter(char c) {
    switch (c) {
      case 'A':
      case 'E':
      case 'I':
      case 'O':
      case 'U':
        if (at_ == start_) code_ += c;
        break;
      case 'B':
        if (!(Here(-1) == 'M' && Here(1) == '\0')) code_ += 'B';  // dumb
        break;
      case 'C': LetterC(); break;
      case 'D':
        if (Here(1) == 'G' && OneOf(Here(2), "EIY")) {  // edge
          code_ += 'J';
          ++at_;
        } else {
          code_ += 'T';
        }
        break;
      case 'G': LetterG(); break;
      case 'H':
        if (IsVowel(Here(1)) && !OneOf(Here(-1), "CSPTG")) code_ += 'H';
        break;
      case 'K':
        if (Here(-1) != 'C') code_ += 'K';
        break;
      case 'P': code_ += Here(1) == 'H' ? 'F' : 'P'; break;
      case 'Q': code_ += 'K'; break;
      case 'S': LetterS(); break;
      case 'T': LetterT(); break;
      case 'V': code_ += 'F'; break;
      case 'W':
      case 'Y':
        if (IsVowel(Here(1))) code_ += c;
        break;
      case 'X': code_ += "KS"; break;
      case 'Z': code_ += 'S'; break;
      default: code_ += c;  // F J L M N R
    }
  }

  void LetterC() {
    if (OneOf(Here(1), "EIY")) {
      if (Here(-1) == 'S') return;  // science
      code_ += Follows("CIA") ? 'X' : 'S';
    } else if (Here(1) == 'H') {
      code_ += Here(-1) == 'S' || (at_ == start_ && !IsVowel(Here(2))) ? 'K' : 'X';  // school, Christian
      ++at_;
    } else {
      code_ += 'K';
    }
  }

  void LetterG() {
    if (Here(1) == 'H' && !(Here(2) == '\0' || IsVowel(Here(2)))) return;                     // night
    if (Here(1) == 'N' && (Here(2) == '\0' || (Follows("GNED") && Here(4) == '\0'))) return;  // sign, signed
    if (Here(1) == 'H' && Here(2) == '\0' && at_ > start_) return;                            // high
    code_ += OneOf(Here(1), "EIY") && Here(-1) != 'G' ? 'J' : 'K';
  }

  void LetterS() {
    if (Here(1) == 'H') {
      code_ += 'X';
      ++at_;
    } else if (Follows("SIO") || Follows("SIA")) {
      code_ += 'X';
    } else {
      code_ += 'S';
    }
  }

  void LetterT() {
    if (Follows("TIA") || Follows("TIO")) {
      code_ += 'X';
    } else if (Here(1) == 'H') {
      code_ += '0';
      ++at_;
    } else if (!Follows("TCH")) {
      code_ += 'T';
    }
  }

  std::string word_, code_;
  size_t at_ = 0, start_ = 0;
};

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

RuleString rule_soundex(rulert_context* context, RuleString text) {
  std::string letters = Letters(context, text);
  if (letters.empty()) return {};
  std::string code(1, letters[0]);
  char last = SoundexDigit(letters[0]);
  for (size_t i = 1; i < letters.size() && code.size() < 4; ++i) {
    char digit = SoundexDigit(letters[i]);
    if (digit != '0' && digit != last) code += digit;
    if (letters[i] != 'H' && letters[i] != 'W') last = digit;
  }
  code.resize(4, '0');
  return Borrow(code);
}

RuleString rule_metaphone(rulert_context* context, RuleString text) {
  return Copy(context, Metaphone(Letters(context, text)).Code());
}

}  // extern "C"
