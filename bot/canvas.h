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
/// fonts of the system, by Cairo and Pango. One thread at a time.
class Canvas {
 public:
  /// `width` in pixels. Throws std::runtime_error where Cairo cannot make it.
  explicit Canvas(int width);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  int width() const { return width_; }

  void box(double x, double y, double width, double height, const Colour& colour,
           double radius = 0);
  /// A line through points at equal distances from `x` on, heights from 0 (below) to 1 (above).
  void curve(double x, double y, double width, double height, const double* points, int count,
             const Colour& colour);

  /// Sets text with its upper left corner at (x, y), in one line that ends in … where it would be
  /// wider than `width`; with `right`, its right end stands at x + width. Returns its width.
  double text(double x, double y, double width, std::string_view words, const TextStyle& style,
              bool right = false);
  /// The height that a line of this style takes.
  double line_height(const TextStyle& style);

  /// The picture down to `height`, as a PNG file's bytes. Throws std::runtime_error.
  std::string png(int height) const;
  /// How many characters no font of the system could show.
  int unknown_glyphs() const { return unknown_glyphs_; }

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  int width_;
  int unknown_glyphs_ = 0;
};
