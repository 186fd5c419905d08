//! The few pieces of SVG that the charts share. Geometry stands in attributes, colours in classes.

use maud::{Markup, html};

/// A straight scale from data to drawing units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    data: (f64, f64),
    drawing: (f64, f64),
}

impl Scale {
    /// Maps `data.0` to `drawing.0` and `data.1` to `drawing.1`; an empty data range maps to `drawing.0`.
    pub(super) fn new(data: (f64, f64), drawing: (f64, f64)) -> Self {
        Self { data, drawing }
    }

    /// Where a value stands, rounded to a tenth of a unit.
    pub(super) fn at(&self, value: f64) -> f64 {
        let span = self.data.1 - self.data.0;
        let share = if span == 0.0 {
            0.0
        } else {
            (value - self.data.0) / span
        };
        let at = self.drawing.0 + share * (self.drawing.1 - self.drawing.0);
        (at * 10.0).round() / 10.0
    }
}

/// A round axis from 0 that holds `max`: its top and the step between two lines, at most five steps.
pub(super) fn axis(max: f64) -> (f64, f64) {
    let mut step = 1.0;
    for factor in [2.0, 2.5, 2.0].into_iter().cycle().take(24) {
        if max <= step * 4.0 {
            break;
        }
        step *= factor;
    }
    let steps = (max / step).ceil().max(2.0);
    (steps * step, step)
}

/// The lines of an axis.
pub(super) fn ticks((top, step): (f64, f64)) -> impl Iterator<Item = f64> {
    (0..=5)
        .map(move |i| f64::from(i) * step)
        .take_while(move |tick| *tick <= top)
}

/// The `d` of a line through points; a point without a value interrupts it.
pub(super) fn line(points: impl IntoIterator<Item = Option<(f64, f64)>>) -> String {
    let mut path = String::new();
    let mut pen_down = false;
    for point in points {
        match point {
            Some((x, y)) => {
                path.push_str(&format!("{}{x} {y}", if pen_down { 'L' } else { 'M' }));
                pen_down = true;
            }
            None => pen_down = false,
        }
    }
    path
}

/// A horizontal grid line with its label at the left.
pub(super) fn grid_line(left: f64, right: f64, y: f64, label: &str) -> Markup {
    html! {
        line class="grid" x1=(left) x2=(right) y1=(y) y2=(y) {}
        text class="ax" x=(left - 8.0) y=(y + 4.0) text-anchor="end" { (label) }
    }
}

/// A small line with the usual range as a band and today as a dot; all values from 0 to `max`.
pub(super) fn bullet(
    value: f64,
    band: Option<(f64, f64)>,
    target: Option<f64>,
    max: f64,
) -> Markup {
    let scale = Scale::new((0.0, max), (6.0, 146.0));
    let at = |v: f64| scale.at(v.clamp(0.0, max));
    html! {
        svg class="ch bullet" width="152" height="16" viewBox="0 0 152 16" aria-hidden="true" {
            line class="rail" x1="2" x2="150" y1="8" y2="8" {}
            @if let Some((low, high)) = band {
                rect class="band" x=(at(low)) y="3" width=((at(high) - at(low)).max(4.0)) height="10" rx="5" {}
            }
            @if let Some(target) = target {
                line class="target" x1=(at(target)) x2=(at(target)) y1="0" y2="16" {}
            }
            circle class="dot" cx=(at(value)) cy="8" r="5.5" {}
        }
    }
}

/// A horizontal bar of `value` in `max`, `width` units wide.
pub(super) fn bar(value: f64, max: f64, width: f64, height: f64) -> Markup {
    let long = Scale::new((0.0, max.max(1.0)), (0.0, width)).at(value.clamp(0.0, max.max(1.0)));
    html! {
        svg class="ch bar" width=(width) height=(height) viewBox=(format!("0 0 {width} {height}")) aria-hidden="true" {
            rect class="fill" x="0" y="0" width=(long) height=(height) rx="2" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_interrupted_where_nothing_is_known() {
        let points = [Some((0.0, 1.0)), Some((1.0, 2.5)), None, Some((3.0, 4.0))];
        assert_eq!(line(points), "M0 1L1 2.5M3 4");
    }

    proptest! {
        #[test]
        fn an_axis_holds_its_largest_value_in_few_round_steps(max in 0.0_f64..1.0e6) {
            let (top, step) = axis(max);
            prop_assert!(top >= max && step > 0.0);
            let count = ticks((top, step)).count();
            prop_assert!((3..=6).contains(&count), "{count} ticks for {max}");
        }
    }
}
