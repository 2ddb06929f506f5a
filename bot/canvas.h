#pragma once

#include <memory>
#include <string>
#include <string_view>

/// A colour, each part from 0 to 1.
struct Colour {
  double red = 0, green = 0, blue = 0;
};

/// How a line of text is set.
struct TextStyle {
  double size = 30;  ///< in pixels
  Colour colour{0.13, 0.15, 0.18};
  bool bold = false;
};

/// A picture that grows downwards while it is drawn, 1 unit to the pixel: shapes and text in the
/// fonts of the system. One thread at a time.
class Canvas {
 public:
  /// `width` in pixels. Throws std::runtime_error where the part of the program that draws is not
  /// installed, or cannot make it.
  static std::unique_ptr<Canvas> make(int width);
  virtual ~Canvas() = default;

  virtual void box(double x, double y, double width, double height, const Colour& colour,
                   double radius = 0) = 0;
  /// A line through points at equal distances from `x` on, heights from 0 (below) to 1 (above).
  virtual void curve(double x, double y, double width, double height, const double* points,
                     int count, const Colour& colour) = 0;

  /// Sets text with its upper left corner at (x, y), in one line that ends in … where it would be
  /// wider than `width`; with `right`, its right end stands at x + width. Returns its width.
  virtual double text(double x, double y, double width, std::string_view words,
                      const TextStyle& style, bool right = false) = 0;
  /// The height that a line of this style takes.
  virtual double line_height(const TextStyle& style) = 0;

  /// The picture down to `height`, as a PNG file's bytes. Throws std::runtime_error.
  virtual std::string png(int height) const = 0;
  /// How many characters no font of the system could show.
  virtual int unknown_glyphs() const = 0;
};
