// Time zones from the system's database, and files that are not what they should be.
#include "stdlib/zone.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>

#include "stdlib/calendar.h"
#include "stdlib/posix_zone.h"
#include "stdlib/tzif.h"

namespace rulelib {
namespace {

std::string BytesOf(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int64_t At(int64_t year, int64_t month, int64_t day, int64_t hour, int64_t minute) {
  return DaysOf({year, month, day}) * kMicrosPerDay + hour * kMicrosPerHour + minute * kMicrosPerMinute;
}

TEST(Zone, EveryLocalTimeOfAYearComesBack) {
  for (const char* name :
       {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca"}) {
    std::string error;
    auto zone = MakeZone(name, &error);
    ASSERT_NE(zone, nullptr) << error;
    int64_t last = INT64_MIN;
    for (int64_t utc = At(2024, 1, 1, 0, 0); utc < At(2025, 1, 1, 0, 0); utc += 15 * kMicrosPerMinute) {
      int64_t local = utc + zone->OffsetAt(utc), back = zone->ToUtc(local);
      // The earlier of two where the clocks were put back.
      EXPECT_LE(back, utc) << name;
      EXPECT_EQ(back + zone->OffsetAt(back), local) << name;
      EXPECT_TRUE(back == utc || back <= last) << name;
      last = utc;
    }
  }
}

TEST(Zone, TheRuleGoesOnBehindTheLastTransition) {
  std::string error;
  auto zone = MakeZone("Europe/Berlin", &error);
  ASSERT_NE(zone, nullptr) << error;
  for (int64_t year : {2038, 2100, 2437, 2438, 9999, 200'000}) {
    EXPECT_EQ(zone->OffsetAt(At(year, 7, 1, 0, 0)), 2 * kMicrosPerHour) << year;
    EXPECT_EQ(zone->OffsetAt(At(year, 1, 1, 0, 0)), kMicrosPerHour) << year;
    EXPECT_EQ(zone->NameAt(At(year, 7, 1, 0, 0)), "CEST") << year;
  }
}

TEST(Zone, UnknownOnesAreTold) {
  for (const char* name : {"", "Mars/Olympus", "Europe", "/etc/passwd", "../zone", "Europe/Berl\xC3\xADn", "+5",
                           "+19:00", "+05:60", "posixrules/x", "zone.tab"}) {
    std::string error;
    EXPECT_EQ(MakeZone(name, &error), nullptr) << name;
    EXPECT_NE(error, "") << name;
  }
  std::string error;
  EXPECT_EQ(MakeZone("Mars/Olympus", &error), nullptr);
  EXPECT_NE(error.find("there is no time zone `Mars/Olympus` in the system's database"), std::string::npos) << error;
  EXPECT_NE(error.find("write one such as `Europe/Berlin`"), std::string::npos) << error;
}

TEST(Zone, CutAndChangedFilesDoNotCrash) {
  std::string whole = BytesOf("/usr/share/zoneinfo/Europe/Berlin"), error;
  ASSERT_GT(whole.size(), 1000u);
  ASSERT_NE(ParseTzif(whole, &error), nullptr) << error;
  for (size_t size = 0; size + 30 < whole.size(); size += 7) {
    auto zone = ParseTzif(std::string_view(whole).substr(0, size), &error);
    EXPECT_EQ(zone, nullptr) << size;
    EXPECT_EQ(error, "malformed time zone file") << size;
  }
  std::mt19937 random(37);
  for (int i = 0; i < 3000; ++i) {
    std::string changed = whole;
    for (size_t n = random() % 4 + 1; n > 0; --n)
      changed[random() % (i % 2 == 0 ? 100 : changed.size())] = static_cast<char>(random());
    auto zone = ParseTzif(changed, &error);
    if (zone == nullptr) continue;
    for (int64_t micros : {INT64_MIN, int64_t{0}, At(2024, 7, 1, 0, 0), INT64_MAX}) {
      zone->ToUtc(micros);
      zone->NameAt(micros);
    }
  }
}

TEST(Zone, RulesOfPosix) {
  PosixZone zone;
  ASSERT_TRUE(ParsePosixZone("CET-1CEST,M3.5.0,M10.5.0/3", &zone));
  EXPECT_EQ(zone.standard_offset, 3600);
  EXPECT_EQ(zone.daylight_offset, 7200);
  EXPECT_EQ(zone.start.At(2024) * kMicrosPerSecond, At(2024, 3, 31, 2, 0));
  EXPECT_EQ(zone.end.At(2024) * kMicrosPerSecond, At(2024, 10, 27, 3, 0));
  ASSERT_TRUE(ParsePosixZone("<-02>2<-01>,M3.5.0/-1,J365/25:30:15", &zone));
  EXPECT_EQ(zone.standard_name, "-02");
  EXPECT_EQ(zone.start.At(2024) * kMicrosPerSecond, At(2024, 3, 30, 23, 0));
  EXPECT_EQ(zone.end.At(2024), DaysOf({2025, 1, 1}) * 86400 + 3600 + 30 * 60 + 15);
  for (const char* text :
       {"", "CET", "CET-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.0,M10.5.0x", "<CET-1CEST,M3.5.0,M10.5.0", "CET-999CEST,M3.5.0,M10.5.0"}) {
    EXPECT_FALSE(ParsePosixZone(text, &zone)) << text;
  }
}

}  // namespace
}  // namespace rulelib
