// Points on the earth, in degrees of latitude and longitude, on a sphere.
#include <algorithm>
#include <cmath>

#include "stdlib/library.h"
#include "stdlib/result.h"

namespace rulelib {
namespace {

constexpr double kEarthRadius = 6371008.8;  // metres: the mean radius of WGS 84 (IUGG)
constexpr double kRadian = 3.14159265358979323846 / 180;
constexpr std::string_view kGeohashDigits = "0123456789bcdefghjkmnpqrstuvwxyz";

bool IsCoordinate(double latitude, double longitude) {
  return std::fabs(latitude) <= 90 && std::fabs(longitude) <= 180;
}

// The way around the earth that is not longer than the other.
double Eastward(double from, double to) { return std::remainder(to - from, 360.0); }

// R. W. Sinnott, "Virtues of the Haversine", 1984.
double Distance(double lat1, double lon1, double lat2, double lon2) {
  double across = std::sin((lat2 - lat1) * kRadian / 2), along = std::sin(Eastward(lon1, lon2) * kRadian / 2);
  double h = across * across + std::cos(lat1 * kRadian) * std::cos(lat2 * kRadian) * along * along;
  return 2 * kEarthRadius * std::asin(std::min(1.0, std::sqrt(h)));
}

struct Point {
  double x, y;  // longitude, latitude
};

bool IsOnEdge(Point p, Point a, Point b) {
  double cross = (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
  return cross == 0 && p.x >= std::min(a.x, b.x) && p.x <= std::max(a.x, b.x) && p.y >= std::min(a.y, b.y) &&
         p.y <= std::max(a.y, b.y);
}

// Counts the edges that a ray to the east crosses (W. R. Franklin's pnpoly).
bool IsInside(Point p, std::span<const double> polygon) {
  bool inside = false;
  size_t count = polygon.size() / 2;
  auto corner = [&](size_t i) { return Point{polygon[2 * i + 1], polygon[2 * i]}; };
  for (size_t i = 0; i < count; ++i) {
    Point a = corner(i), b = corner(i == 0 ? count - 1 : i - 1);
    if (IsOnEdge(p, a, b)) return true;
    if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

// A polygon that crosses the date line goes on beyond 180 or -180 degrees, where points are looked for too.
bool IsInsideAnyTurn(Point p, std::span<const double> polygon) {
  double west = polygon[1], east = polygon[1];
  for (size_t i = 3; i < polygon.size(); i += 2) west = std::min(west, polygon[i]), east = std::max(east, polygon[i]);
  if (IsInside(p, polygon)) return true;
  if (east > 180 && IsInside({p.x + 360, p.y}, polygon)) return true;
  return west < -180 && IsInside({p.x - 360, p.y}, polygon);
}

// One bit of longitude, one of latitude, in turns, from the greatest down.
struct Cell {
  double low[2] = {-180, -90};
  double high[2] = {180, 90};
  double Middle(int axis) const { return (low[axis] + high[axis]) / 2; }
};

bool DecodeGeohash(std::string_view text, Cell* cell) {
  if (text.empty() || text.size() > 12) return false;
  int axis = 0;
  for (char c : text) {
    size_t digit = kGeohashDigits.find(c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c);
    if (digit == std::string_view::npos) return false;
    for (int bit = 4; bit >= 0; --bit) {
      ((digit >> bit & 1) != 0 ? cell->low : cell->high)[axis] = cell->Middle(axis);
      axis = 1 - axis;
    }
  }
  return true;
}

}  // namespace
}  // namespace rulelib

using namespace rulelib;

extern "C" {

uint8_t rule_is_coordinate(double latitude, double longitude) { return IsCoordinate(latitude, longitude) ? 1 : 0; }

double rule_geo_distance(rulert_context* context, double lat1, double lon1, double lat2, double lon2) {
  if (!IsCoordinate(lat1, lon1) || !IsCoordinate(lat2, lon2)) return Fail(context, Cause::NotACoordinate);
  return Distance(lat1, lon1, lat2, lon2);
}

double rule_geo_bearing(rulert_context* context, double lat1, double lon1, double lat2, double lon2) {
  if (!IsCoordinate(lat1, lon1) || !IsCoordinate(lat2, lon2)) return Fail(context, Cause::NotACoordinate);
  double from = lat1 * kRadian, to = lat2 * kRadian, across = Eastward(lon1, lon2) * kRadian;
  double east = std::sin(across) * std::cos(to);
  double north = std::cos(from) * std::sin(to) - std::sin(from) * std::cos(to) * std::cos(across);
  double bearing = std::atan2(east, north) / kRadian;
  if (bearing < 0) bearing += 360;
  return bearing >= 360 ? 0 : bearing + 0.0;  // a tiny negative one rounds up to 360; no -0.0
}

uint8_t rule_geo_in_circle(rulert_context* context, double lat, double lon, double center_lat, double center_lon,
                           double metres) {
  if (!IsCoordinate(lat, lon) || !IsCoordinate(center_lat, center_lon)) return Fail(context, Cause::NotACoordinate);
  return Distance(lat, lon, center_lat, center_lon) <= metres ? 1 : 0;
}

uint8_t rule_geo_in_box(rulert_context* context, double lat, double lon, double south, double west, double north,
                        double east) {
  if (!IsCoordinate(lat, lon) || !IsCoordinate(south, west) || !IsCoordinate(north, east)) {
    return Fail(context, Cause::NotACoordinate);
  }
  bool between = west <= east ? lon >= west && lon <= east : lon >= west || lon <= east;
  return between && lat >= south && lat <= north ? 1 : 0;
}

uint8_t rule_point_in_polygon(rulert_context* context, double lat, double lon, RuleList polygon) {
  std::span<const double> corners = Items<double>(polygon);
  if (corners.size() < 6 || corners.size() % 2 != 0) return Fail(context, Cause::NotAPolygon);
  for (double degrees : corners) {
    if (!std::isfinite(degrees)) return Fail(context, Cause::NotAPolygon);
  }
  if (!IsCoordinate(lat, lon)) return Fail(context, Cause::NotACoordinate);
  return IsInsideAnyTurn({lon, lat}, corners) ? 1 : 0;
}

// Gustavo Niemeyer's geohash, 2008.
RuleString rule_geohash(rulert_context* context, double lat, double lon, int64_t length) {
  if (!IsCoordinate(lat, lon)) return Fail(context, Cause::NotACoordinate);
  if (length < 1 || length > 12) return Fail(context, Cause::GeohashOutOfRange);
  Cell cell;
  const double value[2] = {lon, lat};
  char text[12];
  int axis = 0;
  for (int64_t i = 0; i < length; ++i) {
    size_t digit = 0;
    for (int bit = 0; bit < 5; ++bit) {
      double middle = cell.Middle(axis);
      bool upper = value[axis] >= middle;
      (upper ? cell.low : cell.high)[axis] = middle;
      digit = digit << 1 | (upper ? 1 : 0);
      axis = 1 - axis;
    }
    text[i] = kGeohashDigits[digit];
  }
  return Copy(context, {text, static_cast<size_t>(length)});
}

double rule_geohash_latitude(rulert_context* context, RuleString text) {
  Cell cell;
  if (!DecodeGeohash(View(text), &cell)) return Fail(context, Cause::NotAGeohash);
  return cell.Middle(1);
}

double rule_geohash_longitude(rulert_context* context, RuleString text) {
  Cell cell;
  if (!DecodeGeohash(View(text), &cell)) return Fail(context, Cause::NotAGeohash);
  return cell.Middle(0);
}

}  // extern "C"
