// The part of the program that draws, in a file of its own: it is loaded when the first picture is
// wanted (canvas.cpp), so that the libraries that it needs cost a bot without pictures nothing.

#include <algorithm>
#include <numbers>
#include <stdexcept>

#include <pango/pangocairo.h>

#include "bot/canvas.h"

namespace {

// Recorded rather than painted, so that the height need not be known before the end.
constexpr const char* kFamily = "Noto Sans CJK SC, WenQuanYi Micro Hei, sans-serif";

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using Surface = std::unique_ptr<cairo_surface_t, Freed<cairo_surface_destroy>>;
using Context = std::unique_ptr<cairo_t, Freed<cairo_destroy>>;
using Layout = std::unique_ptr<PangoLayout, Freed<g_object_unref>>;
using Font = std::unique_ptr<PangoFontDescription, Freed<pango_font_description_free>>;

void must_be_sound(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS) {
    throw std::runtime_error(std::string("cannot draw: ") + cairo_status_to_string(status));
  }
}

cairo_status_t append(void* to, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

class PangoCanvas final : public Canvas {
 public:
  explicit PangoCanvas(int width) : width_(width) { must_be_sound(cairo_status(context_.get())); }

  void box(double x, double y, double width, double height, const Colour& colour,
           double radius) override;
  void curve(double x, double y, double width, double height, const double* points, int count,
             const Colour& colour) override;
  double text(double x, double y, double width, std::string_view words, const TextStyle& style,
              bool right) override;
  double line_height(const TextStyle& style) override;
  std::string png(int height) const override;
  int unknown_glyphs() const override { return unknown_glyphs_; }

 private:
  void use(const Colour& c) { cairo_set_source_rgb(context_.get(), c.red, c.green, c.blue); }

  Layout layout(std::string_view words, const TextStyle& style) {
    Layout made(pango_cairo_create_layout(context_.get()));
    const Font font(pango_font_description_from_string(kFamily));
    pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
    pango_font_description_set_weight(font.get(),
                                      style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(made.get(), font.get());
    pango_layout_set_single_paragraph_mode(made.get(), TRUE);
    pango_layout_set_text(made.get(), words.data(), static_cast<int>(words.size()));
    return made;
  }

  Surface surface_{cairo_recording_surface_create(CAIRO_CONTENT_COLOR, nullptr)};
  Context context_{cairo_create(surface_.get())};
  int width_;
  int unknown_glyphs_ = 0;
};

void PangoCanvas::box(double x, double y, double width, double height, const Colour& colour,
                      double radius) {
  constexpr double kQuarter = std::numbers::pi / 2;
  cairo_t* const to = context_.get();
  radius = std::min({radius, width / 2, height / 2});
  use(colour);
  cairo_new_sub_path(to);
  cairo_arc(to, x + width - radius, y + radius, radius, -kQuarter, 0);
  cairo_arc(to, x + width - radius, y + height - radius, radius, 0, kQuarter);
  cairo_arc(to, x + radius, y + height - radius, radius, kQuarter, 2 * kQuarter);
  cairo_arc(to, x + radius, y + radius, radius, 2 * kQuarter, 3 * kQuarter);
  cairo_close_path(to);
  cairo_fill(to);
}

void PangoCanvas::curve(double x, double y, double width, double height, const double* points,
                        int count, const Colour& colour) {
  cairo_t* const to = context_.get();
  use(colour);
  cairo_set_line_width(to, 4);
  cairo_set_line_join(to, CAIRO_LINE_JOIN_ROUND);
  const auto at_x = [&](int i) { return count < 2 ? x : x + width * i / (count - 1); };
  const auto at_y = [&](int i) { return y + height * (1 - points[i]); };
  cairo_new_path(to);
  for (int i = 0; i < count; ++i) cairo_line_to(to, at_x(i), at_y(i));
  cairo_stroke(to);
  for (int i = 0; i < count; ++i) box(at_x(i) - 6, at_y(i) - 6, 12, 12, colour, 6);
}

double PangoCanvas::text(double x, double y, double width, std::string_view words,
                         const TextStyle& style, bool right) {
  const Layout layout = this->layout(words, style);
  pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  unknown_glyphs_ += pango_layout_get_unknown_glyphs_count(layout.get());
  int wide = 0, high = 0;
  pango_layout_get_pixel_size(layout.get(), &wide, &high);
  // Aligned by hand: an aligned layout that is also cut short measures as wide as its box.
  cairo_move_to(context_.get(), right ? x + width - wide : x, y);
  use(style.colour);
  pango_cairo_show_layout(context_.get(), layout.get());
  return wide;
}

double PangoCanvas::line_height(const TextStyle& style) {
  int high = 0;
  pango_layout_get_pixel_size(layout("汉", style).get(), nullptr, &high);
  return high;
}

std::string PangoCanvas::png(int height) const {
  const Surface image(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width_, height));
  const Context to(cairo_create(image.get()));
  cairo_set_source_rgb(to.get(), 1, 1, 1);
  cairo_paint(to.get());
  cairo_set_source_surface(to.get(), surface_.get(), 0, 0);
  cairo_paint(to.get());
  must_be_sound(cairo_status(to.get()));
  std::string bytes;
  must_be_sound(cairo_surface_write_to_png_stream(image.get(), append, &bytes));
  return bytes;
}

}  // namespace

extern "C" Canvas* jieli_canvas(int width) { return new PangoCanvas(width); }
